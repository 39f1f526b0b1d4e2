"""A map of regions as a Vega-Lite specification: classes of colour for rates, circles for amounts.

Pure: knows nothing of CKAN. Where things stand is reckoned here, not by the drawing library, so
that names are put only where there is room. What the table withholds is grey, hatched and bears
the mark of the table; a region that is not in the table is empty, with a broken outline.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ...msgids import N_
from .drawing.charts import Chart
from .drawing.figure import SCHEMA, number_of
from .drawing.looks import Theme, config_of, titled, wrapped
from .drawing.scales import class_of, classes, examples
from .drawing.shapes import Area, Position, Region, Shapes, crossings
from .drawing.words import Words
from .region_names import names
from .region_view import DOT, Shown, View, located, shown_of, view_of

NO_NUMBER = N_("Number withheld or empty")
ABSENT = N_("Not in the table")
SOME_NAMES = N_("Names stand where there is room; the data table has all of them.")
CLASS_WORDS: dict[int, tuple[str, ...]] = {
    1: (N_("same"),),
    2: (N_("low"), N_("high")),
    3: (N_("low"), N_("middle"), N_("high")),
    4: (N_("very low"), N_("low"), N_("high"), N_("very high")),
    5: (N_("very low"), N_("low"), N_("middle"), N_("high"), N_("very high")),
}
"""What classes are called, by how many there are: by the numbers of this table, no judgement."""
Address = Callable[[str], str]
"""From the code of a region to the address of its page."""
_STRIPES = 7
"""Pixels between the lines that hatch a region."""


def draw(
    chart: Chart,
    shapes: Shapes,
    words: Words,
    theme: Theme,
    source: Sequence[str] = (),
    address: Address | None = None,
) -> dict[str, Any]:
    """Return the specification.

    :param chart: the chart of a map, as :mod:`.regions` makes it.
    :param shapes: where its regions lie.
    :param words: says titles and numbers in a language.
    :param theme: the colours.
    :param source: lines below the title: dataset and agency.
    :param address: where a click on a region leads.
    """
    shown = shown_of(chart, shapes)
    view = view_of([s.region for s in shown], theme)
    largest = _largest(view, len(shown))
    layers = _coloured(chart, shown, words, theme, view) if chart.rate else []
    if not layers:
        layers = _circled(chart, shown, words, theme, view, largest)
    if address is not None:
        _linked(layers, shown, address)
    said, all_there = names(chart, shown, words, theme, view, largest)
    below = [*words.notes(chart), *([] if all_there else [words.say(SOME_NAMES)]), *source]
    config = dict(config_of(theme))
    config["legend"] = {
        **config["legend"],
        "symbolStrokeColor": theme.muted,
        "symbolStrokeWidth": 1,
        "titleLimit": view.width,
        "layout": {"bottom": {"direction": "vertical", "anchor": "start", "margin": 10}},
    }
    return {
        "$schema": SCHEMA,
        "description": words.sentence(chart),
        "background": theme.ground,
        "padding": 12,
        "title": titled(words.title(chart), below, theme),
        "width": view.width,
        "height": view.height,
        "projection": {
            "type": "identity",
            "reflectY": True,
            "scale": view.scale,
            "translate": [view.east, view.north],
            "pointRadius": DOT,
        },
        "layer": [*layers, *said],
        "resolve": {"legend": {"color": "independent", "size": "independent"}},
        "config": config,
    }


def _linked(layers: Sequence[dict[str, Any]], shown: Sequence[Shown], address: Address) -> None:
    """Let each region, and its circle, lead to its page."""
    pages = {s.name: address(s.region.code) for s in shown}
    for layer in layers:
        rows = layer["data"]["values"]
        if all(row.get("x") in pages for row in rows):
            for row in rows:
                row["page"] = pages[row["x"]]
            layer["encoding"]["href"] = {"field": "page"}


def _largest(view: View, count: int) -> float:
    """Return the radius of the largest circle: smaller where there are many regions."""
    return min(view.width / 18, 0.22 * math.sqrt(view.width * view.height / count))


# ------------------------------------------------------------------------------------ colours


def _steps(theme: Theme, count: int) -> list[str]:
    """Return so many colours from low to high, far from one another."""
    last = len(theme.steps) - 1
    if count == 1:
        return [theme.steps[last // 2]]
    return [theme.steps[round(n * last / (count - 1))] for n in range(count)]


def _coloured(
    chart: Chart, shown: Sequence[Shown], words: Words, theme: Theme, view: View
) -> list[dict[str, Any]]:
    """Return regions in the colour of their class; a point where no boundaries are known."""
    ranges = classes([s.value for s in shown if s.value is not None])
    labels = [
        f"{words.say(name)}: {words.number(low)}"
        + ("" if low == high else f" – < {words.number(high)}")
        for name, (low, high) in zip(CLASS_WORDS[len(ranges)], ranges, strict=True)
    ]
    kinds = [
        labels[class_of(s.value, ranges)] if s.value is not None else _kind(s, words) for s in shown
    ]
    more = [k for k in (words.say(NO_NUMBER), words.say(ABSENT)) if k in kinds]
    colours = [*_steps(theme, len(labels)), *(_colour(k, words, theme) for k in more)]
    title = wrapped(words.measure(chart), theme.frame.title_letters)
    return [
        _base(shown, kinds, dict(zip([*labels, *more], colours, strict=True)), words, theme, title),
        *_hatched(shown, theme, view),
    ]


def _kind(shown: Shown, words: Words) -> str:
    return words.say(NO_NUMBER if shown.mark else ABSENT)


def _colour(kind: str, words: Words, theme: Theme) -> str:
    return theme.none if kind == words.say(NO_NUMBER) else theme.ground


def _base(
    shown: Sequence[Shown],
    kinds: Sequence[str],
    colours: Mapping[str, str],
    words: Words,
    theme: Theme,
    title: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return the layer of all shapes: each region is one, with its name, number and class.

    :param shown: the regions.
    :param kinds: the class of each; one without a name is not in the legend.
    :param colours: of the classes in the order of the legend.
    :param words: says what stands for a region that is not in the table.
    :param theme: the colours of outlines.
    :param title: of the legend.
    """
    values = []
    for one, kind in zip(shown, kinds, strict=True):
        row = {
            "type": "Feature",
            "geometry": _geometry(one.region),
            "properties": {},
            "x": one.name,
            "y": number_of(one.value),
            "class": kind,
        }
        values.append(row | ({"mark": one.mark} if one.mark else {}))
    listed = [k for k in colours if k]
    return {
        "data": {"values": values},
        "mark": {"type": "geoshape", "stroke": theme.text, "strokeWidth": 0.9},
        "encoding": {
            "color": {
                "field": "class",
                "type": "nominal",
                "sort": listed,
                "title": title,
                "scale": {"domain": list(colours), "range": list(colours.values())},
                "legend": {
                    "orient": "bottom",
                    "direction": "vertical",
                    "symbolType": "square",
                    "symbolSize": 180,
                    "columns": 1,
                    "values": listed,
                }
                if listed
                else None,
            },
            "strokeDash": {
                "condition": {
                    "test": {"field": "class", "equal": words.say(ABSENT)},
                    "value": [3, 3],
                },
                "value": [1, 0],
            },
        },
    }


def _geometry(region: Region) -> dict[str, Any]:
    if region.areas:
        return {"type": "MultiPolygon", "coordinates": [[*area] for area in region.areas]}
    return {"type": "Point", "coordinates": list(region.middle)}


def _hatched(shown: Sequence[Shown], theme: Theme, view: View) -> list[dict[str, Any]]:
    """Return level lines within the regions whose number the table withholds."""
    lines = [
        line
        for one in shown
        if one.mark
        for area in one.region.areas
        for line in stripes(area, _STRIPES / view.scale)
    ]
    if not lines:
        return []
    return [
        {
            "data": {
                "values": [
                    {
                        "type": "Feature",
                        "geometry": {"type": "MultiLineString", "coordinates": lines},
                        "properties": {},
                    }
                ]
            },
            "mark": {
                "type": "geoshape",
                "filled": False,
                "stroke": theme.text,
                "strokeWidth": 0.7,
                "strokeOpacity": 0.55,
            },
        }
    ]


def stripes(area: Area, step: float) -> list[list[Position]]:
    """Return level lines within an area, so far from one another."""
    low, high = (f(p[1] for p in area[0]) for f in (min, max))
    count = int((high - low) / step)
    heights = [low + step * (n + 0.5) for n in range(count)]
    return [[(x, h), (u, h)] for h in heights for x, u in crossings(area, h)]


# ------------------------------------------------------------------------------------ circles


def _circled(
    chart: Chart,
    shown: Sequence[Shown],
    words: Words,
    theme: Theme,
    view: View,
    largest: float,
) -> list[dict[str, Any]]:
    """Return outlines, and a circle in each region whose area is proportional to its number."""
    # A region without boundaries that has a circle needs nothing else.
    base = [s for s in shown if s.region.areas or s.value is None]
    kinds = ["" if s.value is not None else _kind(s, words) for s in base]
    more = [k for k in (words.say(NO_NUMBER), words.say(ABSENT)) if k in kinds]
    colours = {"": "transparent"} | {k: _colour(k, words, theme) for k in more}
    rows = [
        {
            "x": s.name,
            "y": number_of(s.value),
            "lon": s.region.middle[0],
            "lat": s.region.middle[1],
        }
        # The largest first, so that none is hidden by a larger one.
        for s in sorted(shown, key=lambda s: s.value or Decimal(0), reverse=True)
        if s.value is not None
    ]
    values = [s.value for s in shown if s.value is not None]
    return [
        _base(base, kinds, colours, words, theme),
        *_hatched(base, theme, view),
        {
            "data": {"values": rows},
            "mark": {
                "type": "circle",
                "clip": False,
                "color": theme.series[0],
                "opacity": 0.75,
                "stroke": theme.text,
                "strokeWidth": 1,
            },
            "encoding": {
                **located(),
                "size": {
                    "field": "y",
                    "type": "quantitative",
                    "title": wrapped(words.measure(chart), theme.frame.title_letters),
                    "scale": {
                        "domain": [0, number_of(max(values))],
                        "range": [0, round((2 * largest) ** 2)],
                        "zero": True,
                        "nice": False,
                    },
                    "legend": {
                        "orient": "bottom",
                        "direction": "horizontal",
                        "values": [number_of(v) for v in examples(values)],
                        "format": ",.10~f",
                        "symbolType": "circle",
                        "symbolFillColor": theme.series[0],
                        "symbolOpacity": 0.75,
                    },
                },
            },
        },
    ]
