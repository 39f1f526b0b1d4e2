"""The rows above a table that name its columns, and what stands above each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import numbers
from .grid import Cell, Grid, Kind
from .words import folded, period_of

DEEPEST = 6
"""More rows than this are no headings."""
_BRACKETED = re.compile(r"\(\s*[^()]{1,30}\s*\)")
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,3})\s*\)?\.?")


@dataclass(frozen=True)
class Head:
    """The rows of the headings (``last`` is before ``first`` where there are none), and columns."""

    first: int
    last: int
    columns: tuple[int, ...]
    paths: tuple[tuple[str, ...], ...]
    """What stands above each column, from the top."""

    @property
    def rows(self) -> range:
        """The rows of the headings."""
        return range(self.first, self.last + 1)


def is_label(cell: Cell) -> bool:
    """Tell whether a cell may stand in a heading: a text, or a year."""
    if cell.kind is Kind.NUMBER:
        return cell.text.isdigit() and 1900 <= int(cell.text) <= 2100
    return cell.kind is Kind.TEXT and (
        period_of(cell.text) is not None or not numbers.looks_like(cell)
    )


def is_numbering(texts: Sequence[str]) -> bool:
    """Tell whether cells only number the columns: ``(1) (2) (3)`` or 1, 2, 3."""
    found = [_COLUMN_NUMBER.fullmatch(text) for text in texts]
    said = [int(one[1]) for one in found if one]
    return len(said) > 1 and len(said) == len(texts) and said == list(range(1, len(said) + 1))


def is_units(texts: Sequence[str]) -> bool:
    """Tell whether all cells are units in brackets."""
    return bool(texts) and all(
        _BRACKETED.fullmatch(t) and not period_of(t) and not _COLUMN_NUMBER.fullmatch(t)
        for t in texts
    )


def find(grid: Grid, first: int, bottom: int, columns: Sequence[int]) -> Head:
    """Return the headings that begin in a row; none if it is a row of data.

    :param bottom: the last row that may belong to them.
    """
    cells = [grid.cells[first, c] for c in grid.filled(first) if c in columns]
    if not all(map(is_label, cells)) or all(c.kind is Kind.NUMBER for c in cells):
        return Head(first, first - 1, tuple(columns), tuple(() for _ in columns))
    last = first
    while last < min(bottom, first + DEEPEST - 1) and _goes_on(grid, first, last, columns):
        last += 1
    return at(grid, first, last, columns)


def at(grid: Grid, first: int, last: int, columns: Sequence[int]) -> Head:
    """Return the headings of given rows."""
    owners: dict[int, tuple[int, ...]] = dict.fromkeys(columns, ())
    paths: dict[int, list[str]] = {c: [] for c in columns}
    for row in range(first, last + 1):
        owner: int | None = None
        above = dict(owners)
        for column in columns:
            if grid.text(row, column):
                owner = column
            elif (row, column) in grid.joined_down or (
                owner is not None and above[owner] != above[column]
            ):
                owner = None
            reach = None if owner is None else grid.area(row, owner)
            joined = reach is not None and reach.right >= column
            named_below = any(grid.text(r, column) for r in range(row + 1, last + 1))
            if owner is None or not (owner == column or joined or named_below):
                continue
            owners[column] = (*above[column], owner)
            text = grid.text(row, owner)
            if not paths[column] or folded(paths[column][-1]) != folded(text):
                paths[column].append(text)
    return Head(first, last, tuple(columns), tuple(tuple(paths[c]) for c in columns))


def _goes_on(grid: Grid, first: int, last: int, columns: Sequence[int]) -> bool:
    """Tell whether the row after ``last`` still names columns."""
    row = last + 1
    below = [c for c in grid.filled(row) if c in columns]
    cells = [grid.cells[row, c] for c in below]
    if not below or not all(map(is_label, cells)):
        return False
    texts = [grid.text(row, c) for c in below]
    if is_numbering(texts) or is_units(texts):
        return False
    reaching = any(
        area.bottom >= row and area.top <= last and area.top >= first
        for area in grid.merged
        if area.left in columns
    )
    if reaching:
        return True
    open_ = _open(grid, last, columns)
    return all(c in open_ for c in below) and any(not grid.text(last, c) for c in below)


def _open(grid: Grid, row: int, columns: Sequence[int]) -> set[int]:
    """Return the columns below a heading that reaches over several of them."""
    found: set[int] = set()
    owner: int | None = None
    for column in columns:
        if grid.text(row, column):
            owner = column
        elif owner is not None:
            found.update((owner, column))
    return found
