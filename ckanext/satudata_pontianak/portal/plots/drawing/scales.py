"""Classes of numbers for the colours of a map, and numbers for its legend. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .histogram import round_step

CLASSES = 5

Range = tuple[Decimal, Decimal]


def classes(values: Sequence[Decimal]) -> list[Range]:
    """Return at most five ranges of one width that begin at round numbers, or the one number.

    A range holds its beginning, and not its end.
    """
    low, high = min(values), max(values)
    if low == high:
        return [(low, high)]
    found: list[Range] = []
    for wanted in range(CLASSES, 0, -1):
        step = round_step(high - low, wanted)
        start = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
        count = int((high - start) / step) + 1
        found = [(start + step * n, start + step * (n + 1)) for n in range(count)]
        if count <= CLASSES:
            break
    return found


def class_of(value: Decimal, ranges: Sequence[Range]) -> int:
    """Return the number of the range that holds a value."""
    return max(n for n, (low, _) in enumerate(ranges) if value >= low)


def examples(values: Sequence[Decimal]) -> list[Decimal]:
    """Return up to three round numbers for the circles of a legend, the largest last."""
    high = max(values)
    power = Decimal(10) ** high.adjusted()
    top = next(power * f for f in (5, 2, 1) if power * f <= high)
    whole = all(v == v.to_integral_value() for v in values)
    found = [top / 10, top * 2 / 5 if top == power * 5 else top / 2, top]
    return [v for v in found if not whole or v == v.to_integral_value()]
