"""In which village a position lies, by the outlines that come with the package. Pure.

The outlines are simplified and no official boundary: near a border a position belongs to the
villages on both sides.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from ... import paths

Position = tuple[float, float]
"""East and north, in degrees."""
Area = Sequence[Sequence[Position]]
"""An outer ring, and the rings of its holes."""
DEGREE = 111_195
"""Metres of a degree of latitude; of longitude as well, as good as on the equator."""


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, Sequence[Area]]:
    """Return the areas of each village by its code, read once a process."""
    path = paths.schemas() / "codes" / "batas" / "pontianak-wilayah.geojson"
    found: dict[str, Sequence[Area]] = {}
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        shape, said = feature["geometry"], feature["properties"]
        if said["tingkat"] == "kelurahan":
            areas = shape["coordinates"]
            found[said["kode"]] = areas if shape["type"] == "MultiPolygon" else [areas]
    return found


@lru_cache(maxsize=1)
def boxes() -> Mapping[str, tuple[Position, Position]]:
    """Return the corners of the box around each village by its code: south-west, north-east."""
    found = {}
    for code, areas in outlines().items():
        ways, heights = zip(*(position for area in areas for position in area[0]), strict=True)
        found[code] = (min(ways), min(heights)), (max(ways), max(heights))
    return found


def near(village: str, position: Position, tolerance: float) -> bool:
    """Tell whether a position lies in a village, or so many metres beside it.

    :raises KeyError: no outline of it is known.
    """
    return _in_box(village, position, tolerance) and away(village, position) <= tolerance


def away(village: str, position: Position) -> float:
    """Return how many metres a position lies outside a village; 0 within it.

    :raises KeyError: no outline of it is known.
    """
    areas = outlines()[village]
    if any(_within(area, position) for area in areas):
        return 0.0
    return min(
        _distance(position, one, other)
        for area in areas
        for ring in area
        for one, other in pairwise(ring)
    )


def village_of(position: Position, tolerance: float) -> str | None:
    """Return the code of the village in which a position lies, ``None`` outside the city.

    :param tolerance: so many metres beside the city still count as its nearest village.
    """
    codes = [code for code in outlines() if _in_box(code, position, tolerance)]
    within = [code for code in codes if any(_within(area, position) for area in outlines()[code])]
    if within:
        return min(within)
    distance, code = min(((away(code, position), code) for code in codes), default=(math.inf, ""))
    return code if distance <= tolerance else None


def _in_box(village: str, position: Position, tolerance: float) -> bool:
    """Tell whether a position lies in the box around a village, or so many metres beside it.

    Most villages are ruled out by it, without a look at each of their borders.
    """
    (west, south), (east, north) = boxes()[village]
    (x, y), beside = position, tolerance / DEGREE
    return west - beside <= x <= east + beside and south - beside <= y <= north + beside


def _within(area: Area, position: Position) -> bool:
    """Tell whether an odd number of borders lies to the east of a position."""
    x, y = position
    inside = False
    for ring in area:
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
    return inside


def _distance(position: Position, one: Position, other: Position) -> float:
    """Return how many metres a position lies from a border."""
    x, y = position
    ax, ay, bx, by = one[0] - x, one[1] - y, other[0] - x, other[1] - y
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    part = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return math.hypot(ax + part * dx, ay + part * dy) * DEGREE
