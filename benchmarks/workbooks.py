"""How well eighty messy workbooks become tables, for each half of those of `tests/workbooks/`.

Usage: ``python benchmarks/workbooks.py [read|held|both] [--wrong]``. Printed are the share of files
of which sheet, headings and every cell of the tidy table are right, and of the fields that are
filled in and offered the share that is right. ``--wrong`` names what is wrong, of the read half
alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

# The queue.py beside this script is not Python's.
sys.path[:] = [p for p in sys.path if Path(p).resolve() != Path(__file__).parent.resolve()]
# ruff: noqa: E402

from ckanext.satudata_pontianak.metadata import periods
from ckanext.satudata_pontianak.tidying.describing import Office, describe
from ckanext.satudata_pontianak.tidying.reading import grids
from ckanext.satudata_pontianak.tidying.suggest import Suggestion, suggest

MADE = Path(__file__).parent.parent / "tests" / "workbooks" / "made.py"
GIVEN = {
    "title": "title",
    "level_penyajian": "level",
    "satuan": "unit",
    "ukuran": "measure",
    "frekuensi_penerbitan": "frequency",
    "urusan": "urusan",
}


def made() -> Any:
    """Return the module that makes the workbooks, which is no installed package."""
    spec = importlib.util.spec_from_file_location("workbooks_made", MADE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["workbooks_made"] = module
    spec.loader.exec_module(module)
    return module


def folded(text: str) -> str:
    """Return a text in the form in which it is compared."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def meant(value: str) -> object:
    """Return what a cell means: a number, a period, or a folded text."""
    try:
        return Decimal(value)
    except InvalidOperation:
        return periods.parse(value) or folded(value)


@dataclass
class Half:
    """What was counted of a half."""

    files: int = 0
    right: int = 0
    fields: int = 0
    counts: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_field: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    lines: Counter[bool] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, truth: Any, folder: Path, office: str) -> None:
        """Read a file, and count what is right of it."""
        self.files += 1
        found = suggest(grids(folder / truth.file, truth.file))
        why = "no table" if found is None else table_differs(truth, found)
        self.right += not why
        if why:
            self.wrong.append(f"{truth.file}: {why}; {truth.oddities}")
        if found is None:
            return
        self.add_lines(truth, found)
        self.add_fields(truth, found, office)

    def add_lines(self, truth: Any, found: Suggestion) -> None:
        """Count whether what was left out is told for what it is."""
        kinds = Counter[str](line.value for line in found.tidied.lines.values())
        for kind, number in truth.left_out.items():
            said = kinds[str(kind).replace(" ", "_")]
            self.lines[said == number] += 1
            if said != number:
                self.wrong.append(f"{truth.file}: {kind} {said} instead of {number}")

    def add_fields(self, truth: Any, found: Suggestion, office: str) -> None:
        """Count which fields are filled and offered, and right."""
        wanted = {name: getattr(truth, of) for name, of in GIVEN.items()}
        first, last = truth.years
        wanted["tahun"] = str(first) if first == last else f"{first}-{last}"
        self.fields += sum(bool(value) for value in wanted.values())
        for told in describe(found, Office(office)):
            if told.field not in wanted:
                continue
            same = folded(told.value) == folded(wanted[told.field])
            self.counts[told.state, same] += 1
            self.by_field[told.field, told.state, same] += 1
            if not same:
                says = f"{told.state} {told.field}: {told.value!r}, not {wanted[told.field]!r}"
                self.wrong.append(f"{truth.file}: {says}")

    def told(self, name: str) -> str:
        """Return the numbers as a row of a table."""
        shares = [f"{self.right}/{self.files} ({share(self.right, self.files)})"]
        every = {}
        for state in ("filled", "offered"):
            right = self.counts[state, True]
            every[state] = right + self.counts[state, False]
            shares.append(f"{right}/{every[state]} ({share(right, every[state])})")
        shares += [share(every["filled"], self.fields)]
        shares += [share(self.lines[True], self.lines.total())]
        return f"| {name} | {' | '.join(shares)} |"


def share(part: int, whole: int) -> str:
    """Return a share in percent."""
    return f"{100 * part / whole:.1f} %" if whole else "none"


def table_differs(truth: Any, found: Suggestion) -> str:
    """Return in what a table differs from what a person reads, "" where it is right."""
    recipe, tidied = found.recipe, found.tidied
    if recipe.sheet != truth.sheet:
        return f"sheet {recipe.sheet!r}"
    if [recipe.first, recipe.last] != truth.header:
        return f"heading {recipe.first}-{recipe.last}, not {truth.header}"
    names = [folded(f.name) for f in tidied.fields]
    wanted = [folded(" ".join(column.headings)) for column in truth.columns]
    if names != wanted:
        return f"columns {names}, not {wanted}"
    rows = [[meant(value) for value in row] for row in tidied.rows]
    right = [[meant(value) for value in row] for row in truth.tidy]
    if len(rows) != len(right):
        return f"{len(rows)} rows, not {len(right)}"
    for number, (row, other) in enumerate(zip(rows, right, strict=True)):
        if row != other:
            return f"row {number}: {row}, not {other}"
    return ""


def main() -> None:
    """Print the numbers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("half", nargs="?", choices=("read", "held", "both"), default="both")
    options.add_argument("--wrong", action="store_true")
    given = options.parse_args()
    module = made()
    halves = {"read": Half(), "held": Half()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for truth in module.make(folder):
            if given.half in (truth.half, "both"):
                halves[truth.half].add(truth, folder, module.AGENCIES[truth.agency][0])
    print("| half | right table | filled right | offered right | share filled | kinds of lines |")
    print("|---|---|---|---|---|---|")
    for name, half in halves.items():
        if half.files:
            print(half.told(name))
    if given.wrong:
        print("\n".join(halves["read"].wrong))


if __name__ == "__main__":
    main()
