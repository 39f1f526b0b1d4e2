"""A chart as a Vega-Lite specification, with its numbers in it.

Pure: knows nothing of CKAN. Bars begin at zero, lines break where a number is missing, what the
table withholds is marked with what stands there, and colours never stand alone: series have marks
of different shape as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ....metadata.periods import Grain
from .charts import Chart, Kind
from .layout import PERIODS
from .letters import padding_of
from .looks import PHONE, Frame, Theme, config_of, titled, wrapped
from .words import Words

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
STEP, BAR = 26, 11
"""Pixels for each bar alone, and for each of several side by side."""
HEIGHT, PANEL_HEIGHT = 280, 130
GAP = "–"


SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")


def draw(chart: Chart, words: Words, theme: Theme, source: Sequence[str] = ()) -> dict[str, Any]:
    """Return the specification.

    :param chart: the chart.
    :param words: says titles and positions in a language.
    :param theme: the colours.
    :param source: lines below the title: dataset and agency.
    """
    measure = _axis_title(chart, words)
    body = (
        _panels(chart, words, theme, measure)
        if chart.panels
        else _layers(chart, words, theme, measure)
    )
    return {
        "$schema": SCHEMA,
        "description": words.sentence(chart),
        "background": theme.ground,
        "padding": 12,
        "title": titled(words.title(chart), [*words.notes(chart), *source], theme),
        "data": {"values": _values(chart, words, theme.frame)},
        **body,
        "config": config_of(theme),
    }


def _axis_title(chart: Chart, words: Words) -> str:
    if chart.kind is Kind.HISTOGRAM:
        return words.measure(chart)
    return words.measure(chart) if not chart.units else chart.measure


def number_of(value: Decimal | None) -> float | int | None:
    """Return a number as JSON has it; a whole one as a whole one."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _values(chart: Chart, words: Words, frame: Frame) -> list[dict[str, Any]]:
    """Return the rows of the chart; a gap in time is a row without a number."""
    series = _series(chart, words)
    spread = chart.temporal and not _stepped_time(chart)
    rows: list[dict[str, Any]] = []
    for s, name in enumerate(series):
        for x, place in enumerate(chart.places):
            cell = chart.cells.get((x, s))
            if cell is None and not (chart.temporal and chart.kind is Kind.LINE):
                continue
            row: dict[str, Any] = {
                "x": _label(chart, words.place(place), frame),
                "n": x,
                "y": number_of(cell.value) if cell is not None else None,
            }
            if spread and place.period is not None:
                row["t"] = _moment(place.period)
            if place.span is not None:
                row["from"], row["to"] = (float(edge) for edge in place.span)
            if len(series) > 1:
                row["s"] = name
            if cell is not None and cell.value is None:
                row["mark"] = cell.mark or GAP
            rows.append(row)
    return rows


def _series(chart: Chart, words: Words) -> list[str]:
    names = [words.value(s) for s in chart.series]
    if not chart.units:
        return names
    return [f"{n} ({u})" if u else n for n, u in zip(names, chart.units, strict=True)]


def _stepped_time(chart: Chart) -> bool:
    """Tell whether periods stand as steps; many of them, or days, stand on a scale of time."""
    first = chart.places[0].period
    return len(chart.places) <= PERIODS and (first is None or first.grain is not Grain.DAY)


def _moment(period: Any) -> str:
    if period.grain is Grain.DAY:
        return dt.date(period.year, period.part, period.day).isoformat()
    months = {Grain.SEMESTER: 6, Grain.QUARTER: 3, Grain.MONTH: 1}.get(period.grain, 12)
    month = (max(period.part, 1) - 1) * months + 1
    return dt.date(max(period.year, 1), month, 1).isoformat()


def _along(chart: Chart, words: Words, frame: Frame) -> dict[str, Any]:
    """Return the encoding of the axis of positions."""
    title = words.along(chart)
    if chart.temporal and not _stepped_time(chart):
        return {
            "field": "t",
            "type": "temporal",
            "title": title,
            "scale": {"type": "utc"},
            "axis": {"format": "%-d %b %Y", "labelOverlap": True, "labelSeparation": 8},
        }
    shown = [_label(chart, words.place(place), frame) for place in chart.places]
    axis: dict[str, Any] = {"labelLimit": frame.labels}
    if chart.kind is Kind.ROWS:
        axis |= {"labelExpr": "split(datum.label, '\\n')", "labelLineHeight": 13}
        lines = [line for label in shown for line in label.split("\n")]
        axis["titlePadding"] = padding_of(lines, 12)
    else:
        longest = max(map(len, shown))
        room = frame.width / len(shown) / 7
        axis["labelAngle"] = 0 if longest <= room or chart.kind is Kind.LINE else -40
        axis["labelOverlap"] = chart.kind is Kind.LINE
        axis["labelSeparation"] = 8
    return {"field": "x", "type": "ordinal", "title": title, "sort": shown, "axis": axis}


def _label(chart: Chart, text: str, frame: Frame) -> str:
    """Return a label in lines: what is cut off is read by nobody."""
    if chart.kind is not Kind.ROWS:
        return text
    letters = frame.panel_letters if chart.panels else frame.label_letters
    return "\n".join(wrapped(text, letters))


def _lines(chart: Chart, words: Words, frame: Frame) -> int:
    """Return how many lines the longest label takes."""
    return max(_label(chart, words.place(place), frame).count("\n") + 1 for place in chart.places)


def _quantity(chart: Chart, title: str) -> dict[str, Any]:
    """Return the encoding of the axis of numbers: from zero, but for lines far away from it."""
    scale: dict[str, Any] = {"zero": chart.zero, "nice": True}
    if not chart.zero:
        scale["padding"] = 10
    return {
        "field": "y",
        "type": "quantitative",
        "title": title,
        "scale": scale,
        "axis": {"format": ",.10~f", "tickCount": 5, "labelSeparation": 8},
    }


def _colour(chart: Chart, words: Words, theme: Theme, *, legend: bool) -> dict[str, Any]:
    names = _series(chart, words)
    return {
        "field": "s",
        "type": "nominal",
        "sort": names,
        "title": chart.by or None,
        "scale": {"domain": names, "range": [theme.series[n % 6] for n in range(len(names))]},
        "legend": {"orient": "bottom", "columns": _legend_columns(names, theme.frame)}
        if legend
        else None,
    }


def _legend_columns(names: Sequence[str], frame: Frame) -> int:
    return max(1, min(len(names), frame.width // 7 // (max(map(len, names)) + 4)))


def _layers(chart: Chart, words: Words, theme: Theme, measure: str) -> dict[str, Any]:
    if chart.kind is Kind.HISTOGRAM:
        return _bins(chart, words, theme, measure)
    if chart.kind is Kind.LINE:
        return {
            "width": theme.frame.width,
            "height": HEIGHT,
            "layer": _line(chart, words, theme, measure),
        }
    many = len(chart.series) > 1
    if chart.kind is Kind.ROWS:
        step = max(
            BAR * len(chart.series) + 8 if many else STEP,
            14 * _lines(chart, words, theme.frame) + 6,
        )
        return {
            "width": theme.frame.width - theme.frame.labels,
            "height": {"step": step, **({"for": "position"} if many else {})},
            "layer": _bars(chart, words, theme, measure, flat=True),
        }
    few = len(chart.places) * len(chart.series) <= 5
    wide = {"step": 90, **({"for": "position"} if many else {})}
    return {
        "width": wide if few else theme.frame.width,
        "height": HEIGHT,
        "layer": _bars(chart, words, theme, measure, flat=False),
    }


def _panels(chart: Chart, words: Words, theme: Theme, measure: str) -> dict[str, Any]:
    """Return a panel for each series; one scale for all, unless their units differ."""
    names = _series(chart, words)
    flat = chart.kind is Kind.ROWS
    frame = theme.frame
    columns = 2 if not flat or len(chart.places) > 8 or frame is PHONE else 3
    columns = 1 if frame is PHONE and not flat else columns
    labels = frame.panel_labels if flat else 0
    width = (frame.width - labels) // columns if flat else frame.width // columns - 30
    layer = (
        _line(chart, words, theme, measure)
        if chart.kind is Kind.LINE
        else _bars(chart, words, theme, measure, flat=flat)
    )
    inner: dict[str, Any] = {
        "width": width,
        "height": {"step": max(18, 14 * _lines(chart, words, theme.frame) + 4)}
        if flat
        else PANEL_HEIGHT,
        "layer": layer,
    }
    resolve = {"scale": {"x" if flat else "y": "independent"}} if chart.units else {}
    return {
        "facet": {
            "field": "s",
            "type": "nominal",
            "sort": names,
            "title": None,
            "header": {"labelFontSize": 12, "labelFontWeight": "bold", "labelLimit": width},
        },
        "columns": columns,
        "spec": inner,
        **({"resolve": resolve} if resolve else {}),
    }


def _line(chart: Chart, words: Words, theme: Theme, measure: str) -> list[dict[str, Any]]:
    several = len(chart.series) > 1 and not chart.panels
    along, quantity = _along(chart, words, theme.frame), _quantity(chart, measure)
    encoding: dict[str, Any] = {"x": along, "y": quantity}
    mark: dict[str, Any] = {"type": "line", "strokeWidth": 2.2, "interpolate": "linear"}
    points: dict[str, Any] = {"type": "point", "filled": True, "size": 42, "opacity": 1}
    if several:
        colour = _colour(chart, words, theme, legend=True)
        encoding["color"] = colour
        shape = {k: colour[k] for k in ("field", "type", "sort", "title", "legend")}
        domain = colour["scale"]["domain"]
        shape["scale"] = {"domain": domain, "range": [SHAPES[n % 6] for n in range(len(domain))]}
        dotted = {**encoding, "shape": shape}
    else:
        mark["color"] = points["color"] = theme.series[0]
        dotted = encoding
    layers: list[dict[str, Any]] = [
        {"mark": {**mark, "invalid": "break-paths-show-domains"}, "encoding": encoding}
    ]
    if len(chart.places) <= 80:
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.y)"}],
                "mark": points,
                "encoding": dotted,
            }
        )
    if chart.withheld:
        height = PANEL_HEIGHT if chart.panels else HEIGHT
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.mark)"}],
                "mark": {"type": "text", "color": theme.muted, "fontSize": 13, "dy": -6},
                "encoding": {"x": along, "y": {"value": height}, "text": {"field": "mark"}},
            }
        )
    return layers


def pointable(spec: Any) -> Any:
    """Return a specification for browsers: lines that are too long for points get some unseen."""
    if isinstance(spec, list):
        return [pointable(part) for part in spec]
    if not isinstance(spec, dict):
        return spec
    made = {key: value if key == "data" else pointable(value) for key, value in spec.items()}
    layers = [one for one in spec.get("layer") or () if isinstance(one.get("mark"), dict)]
    lines = [one for one in layers if one["mark"]["type"] == "line"]
    if lines and not any(one["mark"]["type"] == "point" for one in layers):
        made["layer"].append(
            {
                "transform": [{"filter": "isValid(datum.y)"}],
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 0},
                "encoding": {axis: lines[0]["encoding"][axis] for axis in ("x", "y")},
            }
        )
    return made


def _bars(
    chart: Chart, words: Words, theme: Theme, measure: str, *, flat: bool
) -> list[dict[str, Any]]:
    several = len(chart.series) > 1 and not chart.panels
    place, length = ("y", "x") if flat else ("x", "y")
    along, quantity = _along(chart, words, theme.frame), _quantity(chart, measure)
    encoding: dict[str, Any] = {place: along, length: quantity}
    mark: dict[str, Any] = {"type": "bar"}
    if several:
        names = _series(chart, words)
        encoding["color"] = _colour(chart, words, theme, legend=True)
        encoding[f"{place}Offset"] = {"field": "s", "type": "nominal", "sort": names}
    else:
        mark["color"] = theme.series[0]
    layers: list[dict[str, Any]] = [{"mark": mark, "encoding": encoding}]
    if chart.withheld:
        text = {k: v for k, v in encoding.items() if k != "color"}
        text[length] = {"datum": 0, "type": "quantitative"}
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.mark)"}],
                "mark": {
                    "type": "text",
                    "color": theme.muted,
                    "fontSize": 12,
                    "align": "left" if flat else "center",
                    "dx": 5 if flat else 0,
                    "dy": 0 if flat else -8,
                },
                "encoding": {**text, "text": {"field": "mark"}},
            }
        )
    return layers


def _bins(chart: Chart, words: Words, theme: Theme, measure: str) -> dict[str, Any]:
    edges = [place.span for place in chart.places if place.span is not None]
    ticks = [float(edges[0][0]), *(float(edge[1]) for edge in edges)]
    return {
        "width": theme.frame.width,
        "height": HEIGHT,
        "mark": {"type": "bar", "color": theme.series[0], "stroke": theme.ground},
        "encoding": {
            "x": {
                "field": "from",
                "type": "quantitative",
                "title": words.along(chart),
                "scale": {"zero": False, "nice": False, "domain": [ticks[0], ticks[-1]]},
                "axis": {"values": ticks, "format": ",.10~f", "labelOverlap": True},
            },
            "x2": {"field": "to"},
            "y2": {"datum": 0},
            "y": {**_quantity(chart, measure), "axis": {"format": ",.10~f", "tickMinStep": 1}},
        },
    }
