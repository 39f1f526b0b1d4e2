"""The way of a dataset as SVG: a box for each state, and between them numbered arrows.

No script, no fixed width, readable without colour; what it shows is read out with it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from .charts import FONT

WIDTH = 360
BOX = 230
"""The width of a box; arrows past a box run to the right of it."""
HIGH, GAP = 52, 36
LANE = 30
LETTERS = 34
INK = "currentColor"
CIRCLE = f'r="10" fill="none" stroke="{INK}"'


@dataclass(frozen=True)
class Station:
    """A state: what it is called, and who has it for how long."""

    name: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Arrow:
    """A step from one state to a later one, and what it is called."""

    source: str
    target: str
    label: str


def road(title: str, stations: Sequence[Station], arrows: Sequence[Arrow]) -> str:
    """Return the drawing; arrows are numbered in their order.

    :param title: what is drawn; it is read out, with every arrow, instead of the drawing.
    """
    order = {station.name: place for place, station in enumerate(stations)}
    labels = {station.name: station.label for station in stations}
    parts = [_box(station, order[station.name] * (HIGH + GAP)) for station in stations]
    lane = 0
    for number, arrow in enumerate(arrows, 1):
        source, target = order[arrow.source], order[arrow.target]
        if target == source + 1:
            parts.append(_straight(source, number))
        else:
            lane += 1
            parts.append(_past(source, target, number, BOX + LANE * lane))
    told = "; ".join(
        f"{number}. {labels[a.source]} → {labels[a.target]}: {a.label}"
        for number, a in enumerate(arrows, 1)
    )
    high = len(stations) * (HIGH + GAP) - GAP + 4
    wide = max(WIDTH, BOX + LANE * (lane + 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {wide + 4} {high}" role="img" '
        f"aria-label={quoteattr(f'{title}. {told}')}>{''.join(parts)}</svg>"
    )


def _box(station: Station, top: int) -> str:
    lines = [(line, "bold") for line in textwrap.wrap(station.label, LETTERS)[:2]]
    lines += [(line, "normal") for line in textwrap.wrap(station.note, LETTERS)[: 3 - len(lines)]]
    first = top + (HIGH - 15 * len(lines)) / 2 + 12
    words = "".join(
        f'<text x="{BOX / 2:.0f}" y="{first + 15 * place:.1f}" {FONT} fill="{INK}" '
        f'font-weight="{weight}" text-anchor="middle">{escape(line)}</text>'
        for place, (line, weight) in enumerate(lines)
    )
    return (
        f'<rect x="0" y="{top}" width="{BOX}" height="{HIGH}" rx="8" fill="none" '
        f'stroke="{INK}" stroke-width="1.5"/>{words}'
    )


def _number(x: float, y: float, number: int) -> str:
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" {CIRCLE}/><text x="{x:.0f}" y="{y + 4:.0f}" {FONT} '
        f'fill="{INK}" text-anchor="middle">{number}</text>'
    )


def _straight(source: int, number: int) -> str:
    top = source * (HIGH + GAP) + HIGH
    x, tip = BOX / 2, top + GAP
    return (
        f'<path d="M{x:.0f} {top}V{tip - 2}M{x - 5:.0f} {tip - 8}L{x:.0f} {tip - 1}'
        f'L{x + 5:.0f} {tip - 8}" fill="none" stroke="{INK}" stroke-width="1.5"/>'
        f"{_number(x + 20, top + GAP / 2, number)}"
    )


def _past(source: int, target: int, number: int, x: int) -> str:
    top, tip = source * (HIGH + GAP) + HIGH / 2, target * (HIGH + GAP) + HIGH / 2
    return (
        f'<path d="M{BOX} {top:.0f}H{x}V{tip:.0f}H{BOX + 2}M{BOX + 8} {tip - 5:.0f}'
        f'L{BOX + 1} {tip:.0f}L{BOX + 8} {tip + 5:.0f}" fill="none" stroke="{INK}" '
        f'stroke-width="1.5"/>{_number(x + 16, (top + tip) / 2, number)}'
    )
