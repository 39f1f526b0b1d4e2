"""How often numbers of each size occur, where nothing tells the rows apart. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from ....messages import Message
from ....msgids import N_
from .charts import Cell, Chart, Kind, Place
from .shaping import Long, numbers_of

COUNTED = N_("The bars count rows of the table; a number on an edge belongs to the bar after it.")
LEFT_OUT = N_("%(count)s rows without a number are not counted.")
ROWS = N_("Number of rows")


def histogram(long: Long, notes: Sequence[Message]) -> Chart | None:
    """Return bars of equal width that begin at round numbers; ``None`` where all are the same."""
    values = numbers_of(long)
    low, high = min(values), max(values)
    if low == high:
        return None
    step = round_step(high - low, max(5, min(15, math.isqrt(len(values)))))
    start = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    count = int((high - start) / step) + 1
    bins = [0] * count
    for value in values:
        bins[int((value - start) / step)] += 1
    hidden = len(long.cells) - len(values)
    told = [*notes, Message(COUNTED)]
    if hidden:
        told.append(Message(LEFT_OUT, {"count": hidden}))
    places = [Place(span=(start + step * n, start + step * (n + 1))) for n in range(count)]
    return Chart(
        kind=Kind.HISTOGRAM,
        measure=ROWS,
        unit="",
        along=long.title + (f" ({long.unit})" if long.unit else ""),
        places=places,
        cells={(n, 0): Cell(Decimal(found)) for n, found in enumerate(bins)},
        fixed=long.fixed,
        notes=told,
        columns=(long.measures, "", ""),
    )


def round_step(width: Decimal, wanted: int) -> Decimal:
    """Return a step of 1, 2 or 5 times a power of ten, of which about ``wanted`` fit."""
    raw = width / wanted
    power = Decimal(10) ** raw.adjusted()
    return next(power * f for f in (1, 2, 5, 10) if power * f >= raw)
