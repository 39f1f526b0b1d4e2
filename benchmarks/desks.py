"""Recall and precision on the tables of ``tests/unit/disclosure/corpus/desks``.

Usage: ``python benchmarks/desks.py [--seeds 3] [--which later] [--results NAME]``; ``--which``:
the forty (``later``), thirty (``last``) and 64 (``agencies``) that were written when those before
them had been mended for. They are CSV files as agencies
send them, with letterheads and signature blocks; all persons are made up. A kind counts once for
each column that it is in. ``--results NAME`` adds a row of that name to ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

# The queue.py beside this script is not Python's.
HERE = Path(__file__).parent.resolve()
sys.path[:] = [p for p in sys.path if Path(p).resolve() != HERE]
RESULTS = HERE / "RESULTS.md"
HEAD = "| tables of desks | wanted | recall | precision | files of statistics with a finding |"


def measured(name: str, seed: int, folder: Path) -> tuple[int, int, int, int, list[str]]:
    """Return hits, misses, false alarms, files, and what was wrong, over the files of a name."""
    from ckanext.satudata_pontianak.disclosure.engine import scan_file

    sys.path.insert(0, str(HERE))
    from kinds import corpus

    hit = missed = false = files = 0
    wrong = []
    for file in corpus("corpus.desks.tables").sent(name, seed):
        files += 1
        path = folder / "data.csv"
        path.write_text(file.text, encoding="utf-8")
        report = scan_file(path, name="data.csv")
        found = {
            (column.index, finding.kind)
            for table in report.tables
            for column in table.columns
            for finding in column.findings
        }
        less, more = file.kinds - found, found - file.kinds - file.allowed
        hit, missed, false = hit + len(file.kinds & found), missed + len(less), false + len(more)
        if less or more or report.reason:
            wrong.append(f"{file.name}: missed {sorted(less)}, false {sorted(more)}")
    return hit, missed, false, files, wrong


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--results")
    options.add_argument("--which", choices=("later", "last", "agencies"))
    given = options.parse_args()
    hit = missed = false = noisy = silent = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, given.seeds + 1):
            for name in ("persons", "statistics"):
                later = f"_{given.which}" if given.which else ""
                counted = measured(name + later, seed, Path(folder))
                hit, missed, false = hit + counted[0], missed + counted[1], false + counted[2]
                if name == "statistics":
                    noisy += len(counted[4])
                    silent += counted[3] - len(counted[4])
                if counted[4]:
                    print("\n".join(f"seed {seed}: {line}" for line in counted[4]))
    line = (
        f"| {given.results or 'now'} | {hit + missed} | {hit / max(1, hit + missed):.3f} "
        f"| {hit / max(1, hit + false):.3f} | {noisy} of {noisy + silent} |"
    )
    print(HEAD, line, sep="\n")
    if given.results:
        text = RESULTS.read_text(encoding="utf-8")
        place = text.index(HEAD)
        end = text.index("\n\n", place)
        RESULTS.write_text(f"{text[:end]}\n{line}{text[end:]}", encoding="utf-8")


if __name__ == "__main__":
    main()
