"""What each row below the headings is: data, a section, a sum, a note, or a heading again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from ..metadata.codes import find_region
from . import headings, numbers
from .blocks import Block
from .grid import Grid
from .numbers import Sign
from .words import NOTE, NUMBERING, PAGE, SIGNATURE, folded, is_total, sum_of


class Line(StrEnum):
    """What a row is."""

    DATA = "data"
    SECTION = "section"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    UNITS = "units"
    NUMBERING = "numbering"
    REPEATED = "repeated_header"
    PAGE = "page"
    NOTE = "note"
    SIGNATURE = "signature"
    # Of rows that do not stand below the headings.
    HEADER = "header"
    LETTERHEAD = "letterhead"
    TITLE = "title"
    OTHER = "other_table"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Sides:
    """Which columns of a block hold labels, and which figures; ``number`` only counts the rows."""

    labels: tuple[int, ...]
    figures: tuple[int, ...]
    number: int | None
    sign: Sign


def sides(block: Block) -> Sides:
    """Return what the columns of a block hold, before its rows are told apart."""
    grid, head = block.grid, block.head
    cells = [grid.cells[row, c] for row in block.rows for c in head.columns if _at(grid, row, c)]
    sign, _ = numbers.sign_of(cells)
    number = next((c for c in head.columns if numbers_rows(block, c)), None)
    figures = [
        column
        for column, path in zip(head.columns, head.paths, strict=True)
        if column != number and _holds_figures(block, column, path, sign)
    ]
    labels = tuple(c for c in head.columns if c not in figures and c != number)
    return Sides(labels, tuple(figures), number, sign)


def numbers_rows(block: Block, column: int) -> bool:
    """Tell whether a column only numbers the rows."""
    path = block.head.paths[block.head.columns.index(column)]
    if folded(path[-1] if path else "") not in NUMBERING:
        return False
    grid = block.grid
    wanted = set(block.head.columns)
    said = [
        grid.text(row, column).rstrip(".")
        for row in block.rows
        if len(wanted.intersection(grid.filled(row))) > 1
    ]
    counted = [int(t) for t in said if t.isdecimal() and len(t) < 7]
    if path:
        return len(counted) >= 0.5 * sum(map(bool, said))
    steps = sum(b == a + 1 for a, b in pairwise(counted))
    return len(counted) > 2 and steps >= 0.9 * (len(counted) - 1)


def _holds_figures(block: Block, column: int, path: Sequence[str], sign: Sign) -> bool:
    last = folded(path[-1]) if path else ""
    if last.split(" ")[0] in ("kode", "tahun", "tanggal", "bulan", "periode", "satuan", "nomor"):
        return False
    grid = block.grid
    found = [grid.cells[row, column] for row in block.rows if _at(grid, row, column)]
    found = [c for c in found if numbers.read(c, sign) != ""]
    figures = sum(numbers.read(cell, sign) is not None for cell in found)
    return figures > 0 and figures >= 0.6 * len(found) - 1 and figures >= 0.4 * len(found)


def _at(grid: Grid, row: int, column: int) -> str:
    return grid.text(row, column)


def fingerprint(grid: Grid, row: int, columns: Sequence[int]) -> str:
    """Return the words of a row, by which it is found again next month."""
    return "|".join(
        said
        for c in columns
        if (said := folded(grid.text(row, c))) and not numbers.looks_like(grid.cells[row, c])
    )


def tell(
    block: Block, sides: Sides, asked: Callable[[int], Line | None] = lambda row: None
) -> dict[int, Line]:
    """Return what each row of a block below its headings is.

    :param asked: what a person said that a row is.
    """
    reader = _Reader(block, sides)
    rows = block.rows
    told = {row: asked(row) or reader.first_look(row) for row in rows}
    carrying = [row for row in rows if told[row] in (Line.DATA, Line.SUBTOTAL, Line.TOTAL)]
    weighty = [row for row in carrying if reader.figures(row)] if sides.figures else carrying
    last = weighty[-1] if weighty else block.head.last
    signed = False
    for row in rows:
        if row <= last or asked(row):
            continue
        signed = signed or bool(SIGNATURE.match(reader.words(row)))
        told[row] = Line.SIGNATURE if signed else Line.NOTE
    following: Line | None = None
    for row in reversed(rows):
        line = told[row]
        if line is Line.SECTION and row < last and not asked(row):
            told[row] = line if following in (Line.DATA, Line.SECTION) else Line.NOTE
        if line not in _PRINTED:
            following = line
    reader.tell_sums(told, asked)
    return told


_PRINTED = (Line.PAGE, Line.REPEATED, Line.NUMBERING, Line.UNITS, Line.NOTE)


class _Reader:
    def __init__(self, block: Block, sides: Sides) -> None:
        self.block, self.sides, self.grid = block, sides, block.grid
        self.columns = block.head.columns
        self.headings = {self._folded(row) for row in block.head.rows}
        self.beginnings = {cells[0] for cells in self.headings if cells}

    def _filled(self, row: int) -> list[int]:
        wanted = set(self.columns)
        return [c for c in self.grid.filled(row) if c in wanted]

    def _folded(self, row: int) -> tuple[tuple[int, str], ...]:
        return tuple((c, self.grid.text(row, c).casefold()) for c in self._filled(row))

    def _repeats(self, row: int, column: int) -> bool:
        """Tell whether a row repeats the headings; most rows do not begin as they do."""
        begins = column, self.grid.text(row, column).casefold()
        return begins in self.beginnings and self._folded(row) in self.headings

    def words(self, row: int) -> str:
        """Return the first text of a row."""
        return next((self.grid.text(row, c) for c in self._filled(row)), "")

    def figures(self, row: int) -> list[int]:
        """Return the columns in which a row has a figure, or says that it is not known."""
        grid, sign = self.grid, self.sides.sign
        return [
            c
            for c in self.sides.figures
            if (row, c) in grid.cells and numbers.read(grid.cells[row, c], sign) is not None
        ]

    def labels(self, row: int) -> list[str]:
        """Return the labels of a row; a number of the row is none."""
        grid, number = self.grid, self.sides.number
        found = [grid.text(row, c) for c in self.sides.labels]
        said = grid.text(row, number) if number is not None else ""
        if said and not said.rstrip(".").isdecimal():
            found.insert(0, said)
        return [text for text in found if text]

    def first_look(self, row: int) -> Line:
        """Return what a row is, looked at alone."""
        filled = self._filled(row)
        texts = [self.grid.text(row, c) for c in filled]
        if self._repeats(row, filled[0]):
            return Line.REPEATED
        if headings.is_numbering(texts) and len(texts) == len(self.columns):
            return Line.NUMBERING
        if headings.is_units(texts):
            return Line.UNITS
        if len(filled) == 1 and PAGE.fullmatch(texts[0]):
            return Line.PAGE
        if self.figures(row):
            return Line.DATA
        if len(filled) == 1 and NOTE.match(texts[0]):
            return Line.NOTE
        numbered = self.sides.number in filled and self.labels(row) == self._label_texts(row)
        if len(filled) > 2 or (len(filled) == 2 and numbered):
            return Line.DATA
        if len(filled) == 2 and not (self.sides.figures and self.sides.number in filled):
            return Line.DATA
        return Line.SECTION

    def _label_texts(self, row: int) -> list[str]:
        return [t for c in self.sides.labels if (t := self.grid.text(row, c))]

    def tell_sums(self, told: dict[int, Line], asked: Callable[[int], Line | None]) -> None:
        """Tell sums from rows of data."""
        data = [row for row in told if told[row] is Line.DATA]
        finer = {
            code.level
            for row in data
            for text in self.labels(row)
            if (code := find_region(text)) is not None
        } - {"kota", "provinsi", "negara"}
        groups = self._groups(told)
        since, every = _Sums(), _Sums()
        for row in sorted(told):
            if told[row] is Line.SECTION:
                since = _Sums()
            if told[row] is not Line.DATA or asked(row):
                continue
            kind = self._sum(row, groups, since, every, whole=bool(finer))
            if kind is None:
                values = self._values(row)
                since.add(values)
                every.add(values)
            else:
                told[row] = kind
                since = _Sums()

    def _groups(self, told: Mapping[int, Line]) -> list[str]:
        """Return the words that sections and filled-down columns give to groups of rows, sorted."""
        grid = self.grid
        found = {folded(self.words(r)) for r, line in told.items() if line is Line.SECTION}
        for row, line in told.items():
            if line is Line.DATA and len(self.sides.labels) > 1:
                found.add(folded(grid.text(row, self.sides.labels[0])))
        # A district is called with and without its word.
        found |= {group.removeprefix("kecamatan ") for group in found}
        return sorted(found - {""})

    def _sum(
        self, row: int, groups: Sequence[str], since: _Sums, every: _Sums, *, whole: bool
    ) -> Line | None:
        labels = self.labels(row)
        alone = len(labels) == 1 and not self._counted(row)
        if not labels or not alone:
            return None
        said = labels[0]
        if is_total(said):
            return Line.TOTAL
        region = find_region(said.casefold().removeprefix("kota "))
        if whole and region is not None and region.level in ("kota", "provinsi"):
            return Line.TOTAL
        of = sum_of(said)
        if of is None:
            return None
        part = folded(of)
        if part.isdecimal() and len(part) == 4:
            return Line.TOTAL
        bare = part.removeprefix("kecamatan ").removeprefix("kec ").removeprefix("kelurahan ")
        known = bool(bare) and _begins(groups, bare)
        if known or part != bare or self._adds_up(row, since) or self._adds_up(row, every):
            return Line.SUBTOTAL
        return None

    def _counted(self, row: int) -> bool:
        number = self.sides.number
        said = self.grid.text(row, number) if number is not None else ""
        return said.rstrip(".").isdecimal()

    def _values(self, row: int) -> dict[int, Decimal]:
        """Return the figures of a row by their columns; of what is not known none."""
        sign = self.sides.sign
        read = {c: numbers.read(self.grid.cells[row, c], sign) for c in self.figures(row)}
        return {c: Decimal(text) for c, text in read.items() if text}

    def _adds_up(self, row: int, of: _Sums) -> bool:
        """Tell whether the figures of a row are the sums of those of others."""
        if of.rows < 2:
            return False
        columns, values = self.figures(row), self._values(row)
        right = sum(abs(of.sums.get(c, 0) - v) <= Decimal("0.5") for c, v in values.items())
        return bool(columns) and right >= 0.7 * len(columns)


@dataclass
class _Sums:
    """The sums of rows so far; kept as they grow, for a long table has many rows of sums."""

    rows: int = 0
    sums: dict[int, Decimal] = field(default_factory=dict)

    def add(self, values: Mapping[int, Decimal]) -> None:
        """Take in the figures of another row."""
        self.rows += 1
        for column, value in values.items():
            self.sums[column] = self.sums.get(column, Decimal(0)) + value


def _begins(groups: Sequence[str], words: str) -> bool:
    """Tell whether one of some sorted texts is this one, or begins with its words."""
    for wanted in (words, f"{words} "):
        place = bisect_left(groups, wanted)
        if place < len(groups) and (
            groups[place] == words or groups[place].startswith(f"{words} ")
        ):
            return True
    return False
