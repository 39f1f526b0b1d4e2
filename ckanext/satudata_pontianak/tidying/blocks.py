"""Which rectangles of a sheet are tables, and which of them is meant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from . import headings, numbers
from .grid import Grid
from .headings import Head


@dataclass(frozen=True)
class Block:
    """A table on a sheet: its headings, and the last row that may belong to it."""

    grid: Grid
    head: Head
    bottom: int
    cells: int
    """How many cells it has, headings too."""

    @cached_property
    def rows(self) -> list[int]:
        """The rows below the headings that show something in the table's columns."""
        wanted, rows = set(self.head.columns), self.grid.rows
        # A sheet may hold thousands of tables: no look at the rows of the others.
        begin, end = bisect_right(rows, self.head.last), bisect_right(rows, self.bottom)
        return [
            row
            for row in rows[begin:end]
            if row not in self.grid.hidden_rows and not wanted.isdisjoint(self.grid.filled(row))
        ]


def find(grid: Grid) -> list[Block]:
    """Return the tables of a sheet, the largest first."""
    found: list[Block] = []
    for rows in _chunks(grid):
        for columns in _sides(grid, rows):
            block = _block(grid, rows, columns)
            if block is None:
                continue
            # Blank rows within a table do not end it.
            if found and (joined := _joined(found[-1], block)):
                found[-1] = joined
            else:
                found.append(block)
    return sorted(found, key=lambda block: -block.cells)


def around(grid: Grid, first: int, last: int, left: int) -> Block | None:
    """Return the table whose headings stand in given rows.

    :param last: before ``first`` where the table has no headings.
    :param left: a column that it has, where several stand side by side.
    :returns: ``None`` where no table stands there.
    """
    chunks = list(_chunks(grid))
    place = next((n for n, rows in enumerate(chunks) if rows[0] <= first <= rows[-1]), None)
    if place is None:
        return None
    whole = [*chunks[place]]
    # Blank rows between the headings and the table.
    while whole[-1] <= last and place + 1 < len(chunks):
        place += 1
        whole += chunks[place]
    sides = list(_sides(grid, whole))
    columns = next((c for c in sides if c[0] <= left <= c[-1]), sides[0] if sides else None)
    if columns is None:
        return None
    head = headings.at(grid, first, last, columns)
    block = Block(grid, head, whole[-1], 0)
    for later in chunks[place + 1 :]:
        for side in _sides(grid, later):
            more = _block(grid, later, side)
            block = (more and _joined(block, more)) or block
    return block


def _chunks(grid: Grid) -> Iterator[list[int]]:
    """Give the runs of rows without a blank one between them; hidden rows are none."""
    hidden = grid.hidden_rows
    run: list[int] = []
    for row in grid.rows:
        if row in hidden:
            continue
        if run and any(between not in hidden for between in range(run[-1] + 1, row)):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _sides(grid: Grid, rows: Sequence[int]) -> Iterator[list[int]]:
    """Give the runs of columns that rows of more than one cell fill, headings' areas too."""
    used: set[int] = set()
    for row in rows:
        filled = [c for c in grid.filled(row) if c not in grid.hidden_columns]
        if len(filled) > 1:
            for column in filled:
                area = grid.area(row, column)
                used.update(range(area.left, area.right + 1))
    used -= grid.hidden_columns
    run: list[int] = []
    for column in sorted(used):
        gap = bool(run) and any(c not in grid.hidden_columns for c in range(run[-1] + 1, column))
        if gap:
            yield run
            run = []
        run.append(column)
    if run:
        yield run


def _block(grid: Grid, rows: Sequence[int], columns: Sequence[int]) -> Block | None:
    wanted = set(columns)
    filled = {row: [c for c in grid.filled(row) if c in wanted] for row in rows}
    wide = [row for row in rows if len(filled[row]) > 1]
    if len(columns) < 2 or len(wide) < 2:
        return None
    first = next((r for r in wide if _covers(grid, r, rows, columns)), wide[0])
    head = headings.find(grid, first, rows[-1], columns)
    if not head.rows and first != wide[0]:
        first = wide[0]
        head = headings.at(grid, first, first - 1, columns)
    cells = sum(len(filled[row]) for row in wide if row >= first)
    return Block(grid, head, rows[-1], cells)


def _covers(grid: Grid, row: int, rows: Sequence[int], columns: Sequence[int]) -> bool:
    """Tell whether a row, with what it reaches over, fills most columns."""
    reached: set[int] = set()
    filled = [c for c in grid.filled(row) if c in columns]
    below = set(grid.filled(row + 1)) | set(grid.filled(row + 2))
    for place, column in enumerate(filled):
        ends = filled[place + 1] if place + 1 < len(filled) else columns[-1] + 1
        area = grid.area(row, column)
        reached.update(range(column, area.right + 1))
        reached.update(c for c in range(column, ends) if c == column or c in below)
    return len(filled) > 1 and len(reached & set(columns)) >= 0.6 * len(columns)


def _joined(before: Block, block: Block) -> Block | None:
    """Return two blocks as one where the second goes on in the columns of the first."""
    grid, columns = block.grid, before.head.columns
    if before.bottom >= block.head.first or not set(block.head.columns) <= set(columns):
        return None
    if block.head.last >= block.head.first:
        return None
    row = block.head.first
    filled = [c for c in grid.filled(row) if c in columns]
    figures = [c for c in filled if numbers.looks_like(grid.cells[row, c])]
    if not figures or len(filled) < 0.5 * len(columns):
        return None
    return Block(grid, before.head, block.bottom, before.cells + block.cells)
