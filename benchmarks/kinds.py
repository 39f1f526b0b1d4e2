"""Recall and precision by column, for each kind and each source of the labelled corpus.

Usage: ``python benchmarks/kinds.py [--seeds 5] [--tables 150]``. Each seed makes other tables of
persons, notes and statistics (``tests/unit/disclosure/corpus/``); all of them are made up. The
tables of ``corpus/unseen`` are a source of their own.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import types
from itertools import chain
from pathlib import Path

# The queue.py beside this script is not Python's.
sys.path[:] = [p for p in sys.path if Path(p).resolve() != Path(__file__).parent.resolve()]
TESTS = Path(__file__).parent.parent / "tests" / "unit" / "disclosure"


def corpus(module: str) -> types.ModuleType:
    """Import a module of the corpus, which is no installed package."""
    corpus = TESTS / "corpus"
    for name, folder in (
        ("measured", TESTS),
        ("measured.corpus", corpus),
        ("measured.corpus.unseen", corpus / "unseen"),
    ):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules.setdefault(name, package)
    return importlib.import_module(f"measured.{module}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--tables", type=int, default=150)
    given = options.parse_args()
    measure, tables = corpus("test_corpus"), corpus("corpus.tables")
    statistics, unseen = corpus("corpus.statistics"), corpus("corpus.unseen.tables").unseen
    counts = measure.Counts()
    noisy = silent = cells = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, given.seeds + 1):
            for made in (
                tables.person_tables(seed, given.tables),
                tables.text_tables(seed),
                unseen("persons", seed),
                unseen("persons_later", seed),
            ):
                for table, report in measure.scanned(made, Path(folder)):
                    counts.add(table, report)
            silence = chain(
                statistics.statistics_tables(seed),
                unseen("others", seed),
                unseen("others_later", seed),
            )
            for table, report in measure.scanned(silence, Path(folder)):
                noisy += bool(report.findings)
                silent += not report.findings
                cells += sum(len(row) for row in table.rows)
    print("| kind | columns | recall | precision |\n|---|---|---|---|")
    every = (counts.hit, counts.missed, counts.false)
    for kind in sorted({k for c in every for k, _ in c}):
        wanted = sum(n for c in every[:2] for (k, _), n in c.items() if k == kind)
        recall, precision = counts.rates(kind=kind)
        print(f"| `{kind}` | {wanted} | {recall:.3f} | {precision:.3f} |")
    for source in (None, *sorted({s for c in every for _, s in c})):
        recall, precision = counts.rates(source=source)
        print(f"{source or 'all'}: recall {recall:.4f}, precision {precision:.4f}")
    print(f"statistics: {noisy} of {noisy + silent} tables with a finding, {cells} cells")
    print("\n".join(counts.wrong[:40]))


if __name__ == "__main__":
    main()
