"""A count table as it may be published: small counts flagged and hidden, margins safe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .outcome import Counted
from .refusals import PlanError
from .suppression import TOTAL, Cell, suppressed, with_margins

MOST_CELLS = 20_000
TOTAL_LABEL = "Total"
UNKNOWN = "tidak diketahui"
COUNT = "jumlah"
FLAG = "keterangan"
HIDDEN = "disembunyikan"


@dataclass(frozen=True)
class CountTable:
    """Rows to write, and the counts that are published in them."""

    headings: tuple[str, str]
    rows: list[tuple[str, ...]]
    published: Mapping[Cell, int]
    counted: Counted


def count_table(counts: Mapping[Cell, int], small_cell: int, *, totals: bool) -> CountTable:
    """Make the table.

    Margins are protected whether they are written or not: others may know them. Which of the
    hidden counts is small and which only protects one is not said.

    :param counts: cell → number of rows; an empty value is ``None``.
    :raises PlanError: ``too_many_groups``.
    """
    named: Counter[Cell] = Counter()
    for cell, count in counts.items():
        named[tuple(UNKNOWN if value is None else value for value in cell)] += count
    table = with_margins(named) if len(named) <= MOST_CELLS else {}
    if len(table) > MOST_CELLS or len(named) > MOST_CELLS:
        raise PlanError("too_many_groups", most=str(MOST_CELLS))
    primary, secondary = suppressed(table, small_cell)
    written = [cell for cell in table if totals or TOTAL not in cell]
    written.sort(key=lambda cell: [(value is TOTAL, value or "") for value in cell])
    hidden = primary | secondary
    rows: list[tuple[str, ...]] = []
    published: dict[Cell, int] = {}
    for cell in written:
        labels = tuple(TOTAL_LABEL if value is None else value for value in cell)
        if cell in hidden:
            rows.append((*labels, "", HIDDEN))
        else:
            rows.append((*labels, str(table[cell]), ""))
            published[cell] = table[cell]
    shown = set(written)
    counted = Counted(len(written), len(primary & shown), len(secondary & shown))
    return CountTable((COUNT, FLAG), rows, published, counted)
