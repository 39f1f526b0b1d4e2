"""About how large a picture will be, before it is drawn.

Pure: knows nothing of CKAN. A page keeps that place free, so that nothing moves when the picture
comes. The drawing library alone knows the size to the pixel; a reader does not see a line more.
"""

from __future__ import annotations

import math
from typing import Any

from .letters import PADDING, above

Size = tuple[int, int]

_LETTER = 6.6
"""Width of a letter of 12 pixels, on average."""
_TITLE, _SUBTITLE, _LINE = 17, 13, 14
_AXIS = 40
"""Labels and title of an axis, with the ticks."""
_NUMBERS = 75
"""The same of an upright axis of numbers."""
_GAP, _HEADER = 20, 20
"""Between panels, and above each."""


def about(spec: dict[str, Any]) -> Size:
    """Return width and height of a picture in pixels.

    :param spec: a Vega-Lite specification as :mod:`.figure`, :mod:`.maps` and :mod:`..region_map`
        make them.
    """
    body = spec.get("spec", spec)
    layers = body.get("layer") or [body]
    encoding = layers[0].get("encoding", {})
    across, upright = encoding.get("x", {}), encoding.get("y", {})
    width = _along(body["width"], spec, "x")
    height = _along(body["height"], spec, "y")
    if "facet" in spec:
        count = max(1, len({row.get("s") for row in spec["data"]["values"]}))
        columns = min(int(spec["columns"]), count)
        lines = math.ceil(count / columns)
        each = _below(across) if spec.get("resolve") else 0
        width = columns * width + (columns - 1) * _GAP
        height = lines * (height + _HEADER + each) + (lines - 1) * _GAP
        height += 0 if each else _below(across)
    else:
        height += _below(across)
    width += _beside(upright)
    height += _legend(encoding) + sum(_circles(layer.get("encoding", {})) for layer in layers)
    title = spec["title"]
    height += len(title["text"]) * _TITLE + len(title.get("subtitle", ())) * _SUBTITLE
    height += int(title.get("offset", 0))
    # A title that is longer than the chart is wide makes the picture wider.
    width = max(width, above(title))
    return round(width + 2 * spec["padding"]), round(height + 2 * spec["padding"])


def _along(side: int | dict[str, Any], spec: dict[str, Any], field: str) -> float:
    """Return the length of one side of a panel: given, or so much for each position."""
    if isinstance(side, int):
        return side
    places = {row["x"] for row in spec["data"]["values"]}
    return float(side["step"]) * max(1, len(places))


def _below(axis: dict[str, Any]) -> float:
    if not axis:
        return 0
    turned = axis.get("axis", {}).get("labelAngle", 0)
    if not turned:
        return _AXIS
    longest = max((len(text) for text in axis.get("sort", ())), default=0)
    return _AXIS - _LINE + 0.64 * _LETTER * longest + 10


def _beside(axis: dict[str, Any]) -> float:
    if not axis:
        return 0
    if axis.get("type") == "quantitative":
        return _NUMBERS
    lines = [line for text in axis.get("sort", ()) for line in str(text).split("\n")]
    longest = _LETTER * max(map(len, lines), default=0)
    said = axis.get("axis", {})
    more = said.get("titlePadding", PADDING) - PADDING
    return min(longest, said.get("labelLimit", longest)) + 2 * _LINE + more


def _legend(encoding: dict[str, Any]) -> float:
    colour = encoding.get("color", {})
    legend = colour.get("legend")
    if not legend:
        return 0
    lines = math.ceil(len(colour["sort"]) / int(legend["columns"]))
    return 18 + 16 * lines + (18 if colour.get("title") else 0)


def _circles(encoding: dict[str, Any]) -> float:
    """Return the height of the legend of circles: that of the largest one, and its title."""
    size = encoding.get("size", {})
    if not size.get("legend"):
        return 0
    share = size["legend"]["values"][-1] / size["scale"]["domain"][1]
    return 32 + math.sqrt(size["scale"]["range"][1] * share)
