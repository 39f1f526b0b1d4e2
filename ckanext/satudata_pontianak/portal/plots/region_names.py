"""Names and numbers on a map of regions, each where there is room. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from .drawing.charts import Chart
from .drawing.labels import Label, placed
from .drawing.looks import Theme, wrapped
from .drawing.shapes import Region
from .drawing.words import Words
from .region_view import DOT, Shown, View, located

_NAME_LETTERS = 14


def names(
    chart: Chart,
    shown: Sequence[Shown],
    words: Words,
    theme: Theme,
    view: View,
    largest: float,
) -> tuple[list[dict[str, Any]], bool]:
    """Return names and numbers of regions, and whether there is room for all of them.

    What is withheld comes first, then the higher numbers, so that they get their place.
    """
    high = max((s.value for s in shown if s.value is not None), default=Decimal(1))
    order = sorted(shown, key=lambda s: (bool(s.mark), s.value or Decimal(0)), reverse=True)
    wanted = []
    for one in order:
        x, y = view.at(one.region.middle)
        said = words.number(one.value) if one.value is not None else one.mark
        lines = [*wrapped(one.name, _NAME_LETTERS), *([said] if said else [])]
        radius = _radius(chart, one, high, largest)
        others = [s.region for s in shown if s is not one]
        wanted.append(Label(x, y, lines, radius, may_stand=_outside(others, view)))
    found = placed(wanted, view.width, view.height)
    rows = [
        {"lon": lon, "lat": lat, "text": text}
        for label in found
        for lon, lat, text in _lines_at(label, view)
    ]
    encoding = {**located(), "text": {"field": "text"}}
    mark = {"type": "text", "clip": False, "fontSize": 11, "baseline": "middle"}
    halo = {
        "color": theme.ground,
        "stroke": theme.ground,
        "strokeWidth": 3.5,
        "strokeJoin": "round",
    }
    layers: list[dict[str, Any]] = [
        {"data": {"values": rows}, "mark": {**mark, **look}, "encoding": encoding}
        for look in (halo, {"color": theme.text})
    ]
    return layers if rows else [], len(found) == len(wanted)


def _outside(others: Sequence[Region], view: View) -> Callable[[float, float], bool]:
    """Return what tells whether a pixel lies in none of these regions."""

    def outside(x: float, y: float) -> bool:
        position = view.back(x, y)
        return not any(region.holds(position) for region in others)

    return outside


def _radius(chart: Chart, one: Shown, high: Decimal, largest: float) -> float:
    """Return the radius of what stands in the middle of a region, 0 where the name does."""
    if not chart.rate and one.value is not None:
        return largest * math.sqrt(one.value / high)
    return 0 if one.region.areas else DOT


def _lines_at(label: Label, view: View) -> list[tuple[float, float, str]]:
    return [(*view.back(x, y), text) for x, y, text in label.lines_at()]
