"""The shapes of the city's regions, from a file of GeoJSON: boundaries, or points.

Pure: knows nothing of CKAN. Which property names the regions is found out: the one that most
different regions of the code list are recognised by.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from ....messages import Message
from ....metadata import codes
from ....msgids import N_
from . import maps, places

LEVELS = ("kecamatan", "kelurahan")
NO_REGION = N_("No shape of the file names a district or village of the code list.")
BAD_SHAPE = N_("The shape of %(name)s is neither a closed area nor a point.")
DECIMALS = 5
"""Of a degree: about a metre, far less than a pixel."""
_HEIGHTS = 15
_FINEST = 2500
"""A map is never so many pixels wide: what lies nearer together is one position."""

Position = tuple[float, float]
Ring = Sequence[Position]
Area = Sequence[Ring]
"""An outer ring, and the rings of its holes."""


@dataclass(frozen=True)
class Region:
    """Where a region lies: its areas, a point in it, or both."""

    code: str
    level: str
    name: str
    areas: Sequence[Area] = ()
    point: Position | None = None

    @cached_property
    def middle(self) -> Position:
        """Return where something that stands for the region is put: its point, or within it."""
        if self.point is not None:
            return self.point
        return _within(max(self.areas, key=lambda area: abs(_size(area[0]))))

    def holds(self, position: Position) -> bool:
        """Tell whether a position lies within the boundaries."""
        x, y = position
        return any(a < x < b for area in self.areas for a, b in crossings(area, y))

    @property
    def positions(self) -> list[Position]:
        """Return every position of its shape."""
        found = [position for area in self.areas for ring in area for position in ring]
        return [*found, self.point] if self.point is not None else found


@dataclass(frozen=True)
class Shapes:
    """The known shapes by code of the region; ``digest`` tells one file from another."""

    regions: Mapping[str, Region] = field(default_factory=dict)
    digest: str = ""

    def of_level(self, level: str) -> list[Region]:
        """Return the regions of one level in the order of their codes."""
        return sorted((r for r in self.regions.values() if r.level == level), key=lambda r: r.code)


def read(content: bytes) -> Shapes:
    """Return the shapes of districts and villages that a GeoJSON file holds.

    Features that name no region of the code list are ignored, lines too.

    :raises maps.NoMap: it is not GeoJSON, too large, in other coordinates than degrees, an area in
        it is none, or it names no district or village.
    """
    features = maps.read(content).features
    named = _named(features)
    regions: dict[str, Region] = {}
    for feature, code in zip(features, named, strict=True):
        if code is None:
            continue
        region = _region(code, feature["geometry"])
        before = regions.get(code.code, region)
        if before is not region:
            # An island of its own, or an office beside the boundary: both belong to the region.
            region = Region(
                code.code,
                code.level,
                code.label,
                [*before.areas, *region.areas],
                before.point or region.point,
            )
        if region.areas or region.point:
            regions[code.code] = region
    if not regions:
        raise maps.NoMap(Message(NO_REGION))
    return Shapes(_thinned(regions), hashlib.sha256(content).hexdigest())


def _thinned(regions: Mapping[str, Region]) -> dict[str, Region]:
    """Return the regions without positions that nobody can see apart."""
    positions = [p for region in regions.values() for p in region.positions]
    spans = [max(p[n] for p in positions) - min(p[n] for p in positions) for n in (0, 1)]
    apart = max(spans) / _FINEST
    return {
        code: replace(r, areas=[[_thin(ring, apart) for ring in area] for area in r.areas])
        for code, r in regions.items()
    }


def _thin(ring: Ring, apart: float) -> Ring:
    kept = [ring[0]]
    for position in ring[1:-1]:
        if math.dist(position, kept[-1]) >= apart:
            kept.append(position)
    kept.append(ring[-1])
    return kept if len(kept) >= 4 and _size(kept) * _size(ring) > 0 else ring


def _named(features: Sequence[Mapping[str, Any]]) -> list[codes.Code | None]:
    """Return the region of each feature, by the property that tells most of them apart."""
    keys = list(dict.fromkeys(key for f in features for key in f["properties"]))
    best: list[codes.Code | None] = [None] * len(features)
    for key in keys:
        found = [_known(f["properties"].get(key)) for f in features]
        if len({c.code for c in found if c}) > len({c.code for c in best if c}):
            best = found
    return best


def _known(value: Any) -> codes.Code | None:
    """Return the district or village with this code or name."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    place = places.find(said)
    listed = codes.code_list("wilayah").codes
    code = listed.get(place.code) if place is not None else None
    if code is None and said.strip():
        code = next((c for c in listed.values() if c.bps_code == said.strip()), None)
    return code if code is not None and code.level in LEVELS else None


def _region(code: codes.Code, geometry: Mapping[str, Any]) -> Region:
    kind, said = geometry["type"], geometry["coordinates"]
    try:
        if kind == "Point":
            return Region(code.code, code.level, code.label, (), _position(said))
        if kind in ("Polygon", "MultiPolygon"):
            areas = [_area(area) for area in ([said] if kind == "Polygon" else said)]
            return Region(code.code, code.level, code.label, areas)
    except (TypeError, ValueError, IndexError):
        raise maps.NoMap(Message(BAD_SHAPE, {"name": code.label})) from None
    return Region(code.code, code.level, code.label)


def _position(said: Any) -> Position:
    x, y = (round(float(n), DECIMALS) for n in said[:2])
    return x, y


def _area(said: Any) -> Area:
    """Return outer ring and holes, which run the other way round: so they are left empty.

    :raises ValueError: a ring is not closed, or encloses nothing.
    """
    rings: list[Ring] = []
    for number, positions in enumerate(said):
        ring = [_position(p) for p in positions]
        if len(ring) < 4 or ring[0] != ring[-1] or not _size(ring):
            if number:
                continue  # a hole that vanished
            raise ValueError("no ring")
        outer = number == 0
        rings.append(ring if (_size(ring) > 0) == outer else ring[::-1])
    if not rings:
        raise ValueError("no ring")
    return rings


def _size(ring: Ring) -> float:
    """Return the area of a ring, below zero where it runs clockwise."""
    steps = pairwise(ring)
    return math.fsum(x * v - u * y for (x, y), (u, v) in steps) / 2


def _within(area: Area) -> Position:
    """Return a position within an area: its centre of gravity, or in its widest place."""
    ring, size = area[0], _size(area[0])
    x0, y0 = ring[0]
    # Reckoned from a corner, since the product of whole coordinates loses the small differences.
    local = [(x - x0, y - y0) for x, y in ring]
    steps = list(pairwise(local))
    x = x0 + math.fsum((x + u) * (x * v - u * y) for (x, y), (u, v) in steps) / (6 * size)
    y = y0 + math.fsum((y + v) * (x * v - u * y) for (x, y), (u, v) in steps) / (6 * size)
    if any(start < x < end for start, end in crossings(area, y)):
        return x, y
    low, high = min(p[1] for p in ring), max(p[1] for p in ring)
    heights = [low + (high - low) * (n + 0.5) / _HEIGHTS for n in range(_HEIGHTS)]
    found = [(end - start, start, end, h) for h in heights for start, end in crossings(area, h)]
    if not found:
        return ring[0]
    _, start, end, height = max(found)
    return (start + end) / 2, height


def crossings(area: Area, height: float) -> list[Position]:
    """Return where a level line runs within an area, from west to east: beginnings and ends."""
    cuts = sorted(
        x + (height - y) * (u - x) / (v - y)
        for ring in area
        for (x, y), (u, v) in pairwise(ring)
        if (y > height) != (v > height)
    )
    return list(zip(cuts[::2], cuts[1::2], strict=False))
