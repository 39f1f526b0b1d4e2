"""A sheet as a grid of cells: what stands where, what is joined, what is hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Kind(StrEnum):
    """What a cell is by the file itself; of delimited text everything is text."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"


class Cell(NamedTuple):
    """The text of a cell, and what it is.

    Numbers have a point, days are written as 2025-12-31, and texts have single spaces alone.
    """

    text: str
    kind: Kind = Kind.TEXT
    percent: bool = False
    """Whether the program shows a number in percent; the text is the number that is shown."""


class Area(NamedTuple):
    """A rectangle: rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


Place = tuple[int, int]
"""Row and column, from 1."""


@dataclass(frozen=True)
class Grid:
    """A sheet. ``cells`` holds filled cells alone; a joined area has its text at its corner."""

    sheet: str
    cells: Mapping[Place, Cell]
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    visible: bool = True
    uncounted: int = 0
    """How many formulas of its workbook have no value in the file."""
    _by_row: dict[int, tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[int, list[int]] = {}
        for row, column in sorted(self.cells):
            found.setdefault(row, []).append(column)
        object.__setattr__(self, "_by_row", {r: tuple(c) for r, c in found.items()})

    @cached_property
    def rows(self) -> list[int]:
        """The numbers of the rows that hold something."""
        return list(self._by_row)

    def filled(self, row: int) -> tuple[int, ...]:
        """Return the columns that are filled in a row."""
        return self._by_row.get(row, ())

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, "" of an empty one."""
        cell = self.cells.get((row, column))
        return cell.text if cell else ""

    def kind(self, row: int, column: int) -> Kind | None:
        """Return what a cell is, ``None`` of an empty one."""
        cell = self.cells.get((row, column))
        return cell.kind if cell else None

    @cached_property
    def _corners(self) -> dict[Place, Area]:
        return {(area.top, area.left): area for area in self.merged}

    def area(self, row: int, column: int) -> Area:
        """Return the joined area that begins at a cell, or the cell alone."""
        return self._corners.get((row, column)) or Area(row, column, row, column)

    @cached_property
    def joined_down(self) -> dict[Place, Place]:
        """The corner of each cell below the first row of an area that is joined downwards."""
        return {
            (row, column): (area.top, area.left)
            for area in self.merged
            for row in range(area.top + 1, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }


def cell_of(value: object) -> Cell | None:
    """Return a cell of a value as a program for tables gives it, ``None`` of an empty one."""
    if value is None:
        return None
    if isinstance(value, bool):
        return Cell("true" if value else "false", Kind.BOOLEAN)
    if isinstance(value, (int, float)):
        return Cell(number_text(value), Kind.NUMBER)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return Cell(value.date().isoformat() if midnight else value.isoformat(), Kind.DATE)
    if isinstance(value, dt.date):
        return Cell(value.isoformat(), Kind.DATE)
    text = " ".join(str(value).replace("\x00", "").split())
    return Cell(text) if text else None


def percent_cell(value: float) -> Cell:
    """Return the cell of a number that is kept as a fraction and shown in percent."""
    # 0.57 times 100 is 56.99999999999999.
    return Cell(number_text(float(format(value * 100, ".15g"))), Kind.NUMBER, percent=True)


def number_text(value: float) -> str:
    """Return a number with a point and without an exponent."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(value, ".15g") if 1e-4 < abs(value) < 1e15 else format(value, "f").rstrip("0")
