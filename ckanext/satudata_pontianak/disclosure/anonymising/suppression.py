"""Counts that may be published: small ones are hidden, and others so that margins betray none.

A table of counts by n columns is looked at together with all its margins, as though all of them
were published: a *cell* is a tuple with a value or ``TOTAL`` for each column. Cells from 1 to
``threshold - 1`` are hidden (primary suppression), margins included. Zeros are published.

For each of them the hypercube method (Repsilber 1994; used by tau-ARGUS as GHMITER) hides more
(secondary suppression): with a second value, or the total, in each column the cell spans a cube
of 2^n corners. Adding 1 to the cell (or taking 1 from it) and doing the same or the opposite to
the other corners, by parity, gives another table with the same margins wherever they are
published. Where every corner is hidden, and none of them falls below 1, that table is as possible
as the true one for whoever sees what is published, also for one who knows that zeros are never
hidden: so no hidden cell of the cube can be derived. Cubes of what is hidden already come first,
then those that hide the smallest counts. The cube of the margins above a cell is always possible,
since it only adds; so every table can be protected, at worst without its grand total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import product

TOTAL = None
Cell = tuple["str | None", ...]


def with_margins(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return the counts of all cells and all their margins; zeros are left out."""
    every: Counter[Cell] = Counter()
    for cell, count in counts.items():
        if count > 0:
            for margin in product(*((value, TOTAL) for value in cell)):
                every[margin] += count
    return dict(every)


def suppressed(
    table: Mapping[Cell, int], threshold: int
) -> tuple[frozenset[Cell], frozenset[Cell]]:
    """Return which cells are hidden: because they are small, and to protect those.

    :param table: as :func:`with_margins` gives it.
    :param threshold: counts below it are small.
    """
    primary = frozenset(cell for cell, count in table.items() if 0 < count < threshold)
    hidden = set(primary)
    safe: set[Cell] = set()
    if not primary:
        return primary, frozenset()
    width = len(next(iter(primary)))
    values = [sorted({v for c in table if (v := c[i]) is not None}) for i in range(width)]
    # The smallest first: what protects them protects most of the others.
    for cell in sorted(primary, key=lambda c: (table[c], _order(c))):
        if cell in safe:
            continue
        corners = _cheapest(cell, table, hidden, values)
        hidden.update(corners)
        safe.update(corners)
    return primary, frozenset(hidden - primary)


def _order(cell: Cell) -> tuple[str, ...]:
    return tuple("" if value is TOTAL else f"v{value}" for value in cell)


def _cheapest(
    cell: Cell,
    table: Mapping[Cell, int],
    hidden: Collection[Cell],
    values: Sequence[Sequence[str | None]],
) -> tuple[Cell, ...]:
    """Return the corners of the cube around a cell that hides least beyond what is hidden.

    The cube grows column by column; a partial cube that costs more than the best is left.
    """
    best: tuple[float, tuple[Cell, ...]] = (float("inf"), ())

    def grow(corners: tuple[tuple[Cell, int], ...], column: int) -> None:
        nonlocal best
        if column == len(cell):
            # Only what costs less than the best comes here.
            best = (_cost(corners, table, hidden), tuple(c for c, _ in corners))
            return
        own = cell[column]
        for other in (*values[column], TOTAL):
            if other == own:
                continue
            # A total follows its parts; another value goes against it.
            turn = 1 if TOTAL in (own, other) else -1
            added = tuple(
                ((*corner[:column], other, *corner[column + 1 :]), sign * turn)
                for corner, sign in corners
            )
            possible = all(
                (count := table.get(corner, 0)) >= 1 and (sign > 0 or count >= 2)
                for corner, sign in added
            )
            if possible and _cost((*corners, *added), table, hidden) < best[0]:
                grow((*corners, *added), column + 1)

    grow(((cell, 1),), 0)
    if table[cell] >= 2:
        grow(((cell, -1),), 0)
    return best[1]


def _cost(
    corners: Sequence[tuple[Cell, int]], table: Mapping[Cell, int], hidden: Collection[Cell]
) -> float:
    """Count what would be hidden newly; totals are dearer than what they are totals of."""
    return sum(
        (1 + table[corner]) * 10 ** corner.count(TOTAL)
        for corner, _ in corners
        if corner not in hidden
    )
