"""Months and years in headings that Excel and its like made days: ``Jan-25`` is 2025-01-01."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .grid import Cell, Grid, Kind, Place

MONTHS = tuple(
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
)
YEAR, LONGEST = 12, len("2025-12-31")


def with_months(grid: Grid) -> Grid:
    """Return a sheet in which days in a row of headings are the months or years that they mean.

    Such a row has labels and at least two days, each the first of its month, as far apart as the
    others; neither above nor below stand days, and not each day has a name of its own above it.
    """
    changed: dict[Place, Cell] = {}
    for row in grid.rows:
        columns = [c for c in grid.filled(row) if grid.kind(row, c) is Kind.DATE]
        if len(columns) > 1 and (step := _step(grid, row, columns)) and _heads(grid, row, columns):
            for column in columns:
                day = dt.date.fromisoformat(grid.text(row, column))
                said = str(day.year) if step == YEAR else f"{MONTHS[day.month - 1]} {day.year}"
                changed[row, column] = Cell(said)
    return replace(grid, cells={**grid.cells, **changed}) if changed else grid


def _step(grid: Grid, row: int, columns: Sequence[int]) -> int:
    """Return how many months lie between the days of a row, 0 where they are no such days."""
    texts = [grid.text(row, column) for column in columns]
    if not all(len(text) == LONGEST and text.endswith("-01") for text in texts):
        return 0
    places = [int(text[:4]) * 12 + int(text[5:7]) - 1 for text in texts]
    steps = {after - before for before, after in pairwise(places)}
    step = steps.pop()
    if steps or step not in (1, 3, 6, YEAR):
        return 0
    return step if step != YEAR or all(text.endswith("-01-01") for text in texts) else 0


def _heads(grid: Grid, row: int, columns: Sequence[int]) -> bool:
    others = [grid.kind(row, c) for c in grid.filled(row) if c not in columns]
    above = [grid.kind(row - 1, column) for column in columns]
    below = [grid.kind(row + 1, column) for column in columns]
    return (
        all(kind is Kind.TEXT for kind in others)
        and Kind.DATE not in (*above, *below)
        and not all(kind is Kind.TEXT for kind in above)
        and any(kind is not None for kind in below)
    )
