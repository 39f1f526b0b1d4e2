"""Which cells of a table changed between two versions: pure, over rows of text.

Rows are matched by the columns that name them, where such are found: the fewest whose values stand
for one row each in both versions and are the most alike; else by their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import Annotated, TypedDict

MOST_ROWS = 10_000
MOST_CELLS = 300_000
"""Of each version; a larger table is not compared cell by cell."""
SHOWN_CELLS, SHOWN_ROWS = 100, 20
KEY_COLUMNS, KEY_LONGEST = 6, 3
ALIKE = 0.5
"""So many of the rows of the shorter version have to be found again by a key."""

Row = Sequence[str]


class ChangedCell(TypedDict):
    """A cell that says something else."""

    row: Annotated[str, "what names the row, or its number"]
    column: str
    before: str
    after: str


class Cells(TypedDict):
    """What changed in the rows of a table."""

    key: Annotated[list[str], "the columns that name the rows; empty: they are matched by number"]
    rows_added: int
    rows_removed: int
    rows_changed: int
    cells_changed: int
    changed: Annotated[list[ChangedCell], "at most 100"]
    added: Annotated[list[str], "what names the rows that came; at most 20"]
    removed: Annotated[list[str], "what names the rows that went; at most 20"]


@dataclass(frozen=True)
class Grid:
    """A table: its columns, each once, and its rows."""

    columns: Sequence[str]
    rows: Sequence[Row]

    @property
    def too_large(self) -> bool:
        """Tell whether it is larger than what is compared."""
        return len(self.rows) > MOST_ROWS or len(self.rows) * len(self.columns) > MOST_CELLS


def changes(before: Grid, after: Grid, renamed: Mapping[str, str]) -> Cells:
    """Compare two tables cell by cell, in the columns that both have.

    :param renamed: column of the older version → what it is called in the newer one.
    """
    old = {renamed.get(name, name): place for place, name in enumerate(before.columns)}
    new = {name: place for place, name in enumerate(after.columns)}
    shared = [name for name in new if name in old]
    one = [[row[old[name]] for name in shared] for row in before.rows]
    two = [[row[new[name]] for name in shared] for row in after.rows]
    key = _key(one, two, len(shared))
    was, now = _by_key(one, key), _by_key(two, key)
    cells: list[ChangedCell] = []
    rows = count = 0
    for name, row in now.items():
        differing = list(_differing(was.get(name), row))
        rows, count = rows + bool(differing), count + len(differing)
        for place in differing[: SHOWN_CELLS - len(cells)]:
            cell = {"row": " · ".join(name), "column": shared[place]}
            cells.append({**cell, "before": was[name][place], "after": row[place]})  # type: ignore[typeddict-item]
    came, went = [n for n in now if n not in was], [n for n in was if n not in now]
    return {
        "key": [shared[place] for place in key],
        "rows_added": len(came),
        "rows_removed": len(went),
        "rows_changed": rows,
        "cells_changed": count,
        "changed": cells,
        "added": [" · ".join(name) for name in came[:SHOWN_ROWS]],
        "removed": [" · ".join(name) for name in went[:SHOWN_ROWS]],
    }


def _differing(was: Row | None, now: Row) -> Iterator[int]:
    """Give the places at which two rows say something else."""
    if was is not None:
        yield from (i for i, (a, b) in enumerate(zip(was, now, strict=True)) if not _same(a, b))


def _same(one: str, two: str) -> bool:
    """Tell whether two cells say the same; a number does so however it is written."""
    if one.strip() == two.strip():
        return True
    try:
        return Decimal(one) == Decimal(two)
    except InvalidOperation:
        return False


def _by_key(rows: Sequence[Row], key: Sequence[int]) -> dict[tuple[str, ...], Row]:
    if not key:
        return {(str(number),): row for number, row in enumerate(rows, start=1)}
    return {tuple(row[place].strip() for place in key): row for row in rows}


def _key(one: Sequence[Row], two: Sequence[Row], width: int) -> tuple[int, ...]:
    """Return the places of the columns that name the rows in both versions."""
    if not one or not two:
        return ()
    places = [p for p in range(width) if not _numbers(one, p) and not _numbers(two, p)]
    best: tuple[int, ...] = ()
    most = ALIKE
    for size in range(1, KEY_LONGEST + 1):
        for key in combinations(places[:KEY_COLUMNS], size):
            was, now = _names(one, key), _names(two, key)
            if was is None or now is None:
                continue
            alike = len(was & now) / min(len(was), len(now))
            if alike > most or (alike == most and not best):
                best, most = key, alike
        if best and most == 1:
            break
    return best


def _names(rows: Sequence[Row], key: Sequence[int]) -> set[tuple[str, ...]] | None:
    """Return what names each row; nothing where two rows have the same, or one has none."""
    found = {tuple(row[place].strip() for place in key) for row in rows}
    return found if len(found) == len(rows) and all(all(name) for name in found) else None


def _numbers(rows: Sequence[Row], place: int) -> bool:
    """Tell whether a column only counts the rows: a row that comes between moves all others."""
    return all(row[place].strip() == str(n) for n, row in enumerate(rows, start=1))
