"""Points on the outline of the city as a Vega-Lite specification. Pure: knows nothing of CKAN.

Each point bears the number under which the table beside the map lists it, as long as there are
few. That no boundary is a legal one is said in every picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...msgids import N_
from .drawing import maps
from .drawing.figure import SCHEMA
from .drawing.looks import Theme, config_of, titled
from .drawing.shapes import Region, Shapes
from .drawing.words import Words
from .region_view import located, view_of

NUMBERED = N_("The numbers are those of the table.")
CURRENT, STALE = N_("Seen lately"), N_("Not seen for long")
MOST_NUMBERED = 60


@dataclass(frozen=True)
class Dot:
    """A point of the map."""

    number: int
    name: str
    east: float
    north: float
    stale: bool


def drawable(shapes: Shapes) -> list[Region]:
    """Return the regions whose outlines are drawn: the finest that have any."""
    for level in ("kelurahan", "kecamatan"):
        found = [region for region in shapes.of_level(level) if region.areas]
        if found:
            return found
    return []


def draw(
    dots: Sequence[Dot],
    shapes: Shapes,
    words: Words,
    theme: Theme,
    title: str,
    sentence: str,
    source: Sequence[str],
) -> dict[str, Any] | None:
    """Return the specification, ``None`` where no outline is known.

    :param dots: the points; those outside the outlines are left to the table.
    :param shapes: the outlines.
    :param words: says notes in a language.
    :param theme: the colours.
    :param title: of the picture, ``sentence`` what it shows.
    :param source: lines below the title: datasets and agencies, and whose outlines these are.
    """
    regions = drawable(shapes)
    if not regions:
        return None
    view = view_of(regions, theme)
    inside = [dot for dot in dots if _fits(view.at((dot.east, dot.north)), view.width, view.height)]
    numbered = len(inside) <= MOST_NUMBERED
    below = [*([words.say(NUMBERED)] if numbered and inside else []), *source]
    coarse = [r for r in shapes.of_level("kecamatan") if r.areas]
    layers = [maps.outlined(regions, 0.6, theme.grid)]
    if coarse and coarse != regions:
        layers.append(maps.outlined(coarse, 1.3, theme.muted))
    layers += _dots(inside, words, theme, numbered=numbered)
    return {
        "$schema": SCHEMA,
        "description": sentence,
        "background": theme.ground,
        "padding": 12,
        "title": titled(title, below, theme),
        "width": view.width,
        "height": view.height,
        "projection": {
            "type": "identity",
            "reflectY": True,
            "scale": view.scale,
            "translate": [view.east, view.north],
        },
        "layer": layers,
        "config": config_of(theme),
    }


def _fits(pixel: tuple[float, float], width: int, height: int) -> bool:
    return 0 <= pixel[0] <= width and 0 <= pixel[1] <= height


def _dots(
    dots: Sequence[Dot], words: Words, theme: Theme, *, numbered: bool
) -> list[dict[str, Any]]:
    """Return the points, told apart by colour and shape, and their numbers."""
    if not dots:
        return []
    kinds = {False: words.say(CURRENT), True: words.say(STALE)}
    rows = [
        {
            "lon": dot.east,
            "lat": dot.north,
            "class": kinds[dot.stale],
            "number": str(dot.number),
            "name": dot.name,
        }
        for dot in dots
    ]
    there = [kinds[stale] for stale in (False, True) if any(d.stale is stale for d in dots)]
    looks = {kinds[False]: (theme.series[0], "circle"), kinds[True]: (theme.series[1], "diamond")}
    legend = {"orient": "bottom", "direction": "horizontal"}
    drawn: list[dict[str, Any]] = [
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 0.9},
            "encoding": {
                **located(),
                "color": {
                    "field": "class",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": there, "range": [looks[k][0] for k in there]},
                    "legend": legend,
                },
                "shape": {
                    "field": "class",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": there, "range": [looks[k][1] for k in there]},
                    "legend": legend,
                },
            },
        }
    ]
    if numbered:
        mark = {"type": "text", "color": theme.text, "fontSize": 10, "dx": 9, "align": "left"}
        drawn.append(
            {
                "data": {"values": rows},
                "mark": mark,
                "encoding": {**located(), "text": {"field": "number", "type": "nominal"}},
            }
        )
    return drawn
