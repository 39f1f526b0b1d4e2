"""A geographic file, or a table of places, as a map on the outline of the city: shapes, north up.

Pure: knows nothing of CKAN. No tile and no boundary comes from outside the site; what lies
elsewhere is drawn without a ground. Numbers are not put into areas, because areas
of different size and number of people make counts mislead; they stand in the data table.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from ....messages import Message
from ....metadata.roles import Role, Seen, folded
from ....msgids import N_
from . import projections
from .figure import SCHEMA
from .looks import FONT, Theme, titled
from .projections import Grid
from .words import Table, Words

MOST_BYTES = 5_000_000
MOST_POINTS = 60_000
MOST_ROWS = 200
MOST_NAMES = 40
MOST_COLUMNS = 6
DECIMALS = 7
"""A centimetre; what a file says beyond it is no place."""
HEIGHT = 440

UNREADABLE = N_("The file could not be read as GeoJSON.")
TOO_LARGE = N_("The file is too large to be drawn: a map has at most %(points)s points.")
NOT_DEGREES = N_("The coordinates are not degrees of longitude and latitude (WGS 84).")
NO_SHAPES = N_("The file holds no shapes.")
GROUND = N_("North is up. There is no ground below: the map shows only what the file holds.")
OUTLINE = N_("North is up. The thin lines are the outlines of the city's regions.")
MAP = N_("Map: %(name)s")
FIRST_ROWS = N_("The data table shows the first %(shown)s of %(all)s.")

_KINDS = {
    "Point": "points",
    "MultiPoint": "points",
    "LineString": "lines",
    "MultiLineString": "lines",
    "Polygon": "areas",
    "MultiPolygon": "areas",
}
_NAMES = ("nama", "name", "kelurahan", "kecamatan", "namobj", "wadmkd", "wadmkc", "label", "judul")


@dataclass(frozen=True)
class Map:
    """Shapes as GeoJSON features, each with the name that is shown, if any."""

    features: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]


def without(map: Map, hidden: Callable[[str], bool]) -> Map:
    """Return a map whose shapes say nothing of the properties that are hidden by their names."""
    features = [
        {**f, "properties": {k: v for k, v in f["properties"].items() if not hidden(k)}}
        for f in map.features
    ]
    return replace(map, features=features)


class NoMap(Exception):
    """There is no map; ``why`` says why."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.msgid)
        self.why = why


def read(content: bytes) -> Map:
    """Return the shapes of a GeoJSON file.

    :raises NoMap: it is not GeoJSON, too large, or in other coordinates than degrees.
    """
    if len(content) > MOST_BYTES:
        raise NoMap(Message(TOO_LARGE, {"points": MOST_POINTS}))
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise NoMap(Message(UNREADABLE)) from None
    return made_of([_feature(found) for found in _features(said)], _grid(said))


def _grid(said: Any) -> Grid | None:
    """Return the grid that a file names, as GeoJSON did before RFC 7946; ``None``: degrees."""
    named = said.get("crs") if isinstance(said, dict) else None
    if not isinstance(named, dict):
        return None
    held = named.get("properties")
    name = held.get("name") if isinstance(held, dict) else None
    try:
        return projections.of_name(str(name))
    except projections.UnknownSystemError:
        raise NoMap(Message(NOT_DEGREES)) from None


def _features(said: Any) -> list[Any]:
    kind = said.get("type") if isinstance(said, dict) else None
    if kind == "FeatureCollection" and isinstance(said.get("features"), list):
        return said["features"]
    if kind == "Feature":
        return [said]
    if isinstance(kind, str) and kind in _KINDS:
        return [{"type": "Feature", "geometry": said, "properties": {}}]
    raise NoMap(Message(UNREADABLE))


def _feature(found: Any) -> dict[str, Any] | None:
    geometry = found.get("geometry") if isinstance(found, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in _KINDS:
        return None
    said = found.get("properties")
    plain = {
        _text(k): _text(v) if isinstance(v, str) else v
        for k, v in (said.items() if isinstance(said, dict) else ())
        if isinstance(v, (str, int)) or v is None or (isinstance(v, float) and math.isfinite(v))
    }
    coordinates = geometry.get("coordinates")
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": plain,
    }


def _text(said: str) -> str:
    """Return a text as UTF-8 can say it: JSON may hold halves of a sign."""
    return said.encode("utf-8", "replace").decode()


def of_table(seen: Sequence[Seen]) -> Map | None:
    """Return the places of a table with columns of latitude and longitude, ``None`` without."""
    found = {s.name: s for s in seen if s.role is Role.COORDINATE and s.numbers}
    north = next((s for n, s in found.items() if _is_north(n)), None)
    east = next((s for n, s in found.items() if not _is_north(n)), None)
    if north is None or east is None:
        return None
    others = [s for s in seen if s not in (north, east) and s.role is not Role.EMPTY]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(x), float(y)]},
            "properties": {s.column.shown: s.texts[row] for s in others},
        }
        for row, (x, y) in enumerate(zip(east.numbers, north.numbers, strict=True))
        if x is not None and y is not None
    ]
    try:
        return made_of(features)
    except NoMap:
        return None


def _is_north(name: str) -> bool:
    said = folded(name)
    return said.startswith(("lat", "y_", "lintang")) or said.endswith(("_y", "lintang"))


def made_of(features: Sequence[dict[str, Any] | None], grid: Grid | None = None) -> Map:
    """Return a map of features whose coordinates were looked at.

    :param grid: in which their coordinates are; ``None``: in degrees.

    :raises NoMap: there are none, too many points, or coordinates that are no degrees.
    """
    kept = [f for f in features if f is not None]
    if not kept:
        raise NoMap(Message(NO_SHAPES))
    points = 0
    for feature in kept:
        for _ in _pairs(feature["geometry"]["coordinates"]):
            points += 1
            if points > MOST_POINTS:
                raise NoMap(Message(TOO_LARGE, {"points": MOST_POINTS}))
        placed = flat(feature["geometry"]["coordinates"], grid)
        for east, north in _pairs(placed):
            if not (abs(east) <= 180 and abs(north) <= 90):  # nor what is no number
                raise NoMap(Message(NOT_DEGREES))
        feature["geometry"]["coordinates"] = placed
    if not points:
        raise NoMap(Message(NO_SHAPES))
    counts = Counter(_KINDS[f["geometry"]["type"]] for f in kept)
    return Map(kept, counts)


def flat(said: Any, grid: Grid | None = None) -> Any:
    """Return coordinates as lists of two numbers each: heights and measures are not drawn.

    :param said: positions that were looked at, nested as GeoJSON nests them.
    :param grid: in which they are; what is given back is in degrees.
    """
    if said and isinstance(said[0], (int, float)):
        place = (float(said[0]), float(said[1]))
        return [round(n, DECIMALS) for n in (grid.degrees(*place) if grid else place)]
    return [flat(inner, grid) for inner in said]


def _pairs(said: Any, depth: int = 0) -> Iterator[tuple[float, float]]:
    """Give every position of a geometry.

    :raises NoMap: it is none.
    """
    if not isinstance(said, list) or depth > 4:
        raise NoMap(Message(UNREADABLE))
    if said and isinstance(said[0], (int, float)):
        if len(said) < 2 or not all(isinstance(n, (int, float)) for n in said[:2]):
            raise NoMap(Message(UNREADABLE))
        yield said[0], said[1]
        return
    for inner in said:
        yield from _pairs(inner, depth + 1)


def name_key(map: Map) -> str:
    """Return the property that names the shapes, empty where none does."""
    known = list(dict.fromkeys(k for f in map.features for k in f["properties"]))
    for wanted in _NAMES:
        for key in known:
            if folded(key) == wanted or folded(key).startswith(f"{wanted}_"):
                return key
    texts = (k for k in known if all(isinstance(f["properties"].get(k), str) for f in map.features))
    return next(texts, "")


def table(map: Map, words: Words) -> Table:
    """Return names and properties of the shapes."""
    named = name_key(map)
    known = list(dict.fromkeys(k for f in map.features for k in f["properties"]))
    columns = [k for k in known if k != named][:MOST_COLUMNS]
    rows = []
    for n, feature in enumerate(map.features[:MOST_ROWS], start=1):
        said = feature["properties"]
        heading = str(said.get(named) or "") or words.number(Decimal(n))
        rows.append((heading, [_said(said.get(k), words) for k in columns]))
    return Table(named or words.say(N_("Number of the shape")), columns, rows)


def _said(value: Any, words: Words) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return words.number(Decimal(str(value)))
    return str(value)


def sentence(map: Map, words: Words) -> str:
    """Say how many shapes there are, and where."""
    counts = map.counts
    areas, lines, points = (counts.get(k, 0) for k in ("areas", "lines", "points"))
    parts = []
    if areas:
        parts.append(
            words.ungettext("{count} area", "{count} areas", areas).format(
                count=words.number(Decimal(areas))
            )
        )
    if lines:
        parts.append(
            words.ungettext("{count} line", "{count} lines", lines).format(
                count=words.number(Decimal(lines))
            )
        )
    if points:
        parts.append(
            words.ungettext("{count} place", "{count} places", points).format(
                count=words.number(Decimal(points))
            )
        )
    return words.say(N_("The map shows %(what)s.")) % {"what": ", ".join(parts)}


class Outlined(Protocol):
    """A region of the ground, with the rings of its areas."""

    @property
    def areas(self) -> Sequence[Sequence[Sequence[tuple[float, float]]]]:
        """Return the areas: each an outer ring, and those of its holes."""
        ...


def lies_on(map: Map, ground: Sequence[Outlined]) -> bool:
    """Tell whether shapes lie where the regions are: none is farther off than half the city."""
    outer = [p for region in ground for area in region.areas for p in area[0]]
    if not outer:
        return False
    west, east = min(p[0] for p in outer), max(p[0] for p in outer)
    south, north = min(p[1] for p in outer), max(p[1] for p in outer)
    pairs = [p for f in map.features for p in _pairs(f["geometry"]["coordinates"])]
    across, upright = (east - west) / 2, (north - south) / 2
    return all(
        west - across <= x <= east + across and south - upright <= y <= north + upright
        for x, y in pairs
    )


def notes(map: Map, words: Words, *, on_ground: bool = False) -> list[str]:
    """Return what has to be known to read the map."""
    found = [words.say(OUTLINE if on_ground else GROUND)]
    if len(map.features) > MOST_ROWS:
        found.append(
            words.note(Message(FIRST_ROWS, {"shown": MOST_ROWS, "all": len(map.features)}))
        )
    return found


def draw(
    map: Map,
    words: Words,
    theme: Theme,
    title: str,
    below: Sequence[str],
    ground: Sequence[Outlined] = (),
) -> dict[str, Any]:
    """Return the specification of the map.

    :param below: lines below the title: notes and sources.
    :param ground: the regions whose outlines are drawn below.
    """
    named = name_key(map)
    values = [
        {**f, "properties": {}, "label": str(f["properties"].get(named) or "")}
        for f in map.features
    ]
    layers: list[dict[str, Any]] = [
        *([outlined(ground, 0.6, theme.muted)] if ground else []),
        {
            "mark": {
                "type": "geoshape",
                "fillOpacity": 0.35 if map.counts.get("areas") else 0.85,
                "stroke": theme.series[0],
                "strokeWidth": 1.4,
            },
            # A line is no area: nothing is filled between its ends.
            "encoding": {
                "fill": {
                    "condition": {
                        "test": "indexof(datum.geometry.type, 'Line') < 0",
                        "value": theme.series[0],
                    },
                    "value": "transparent",
                }
            },
        },
    ]
    if named and len(values) <= MOST_NAMES:
        layers.append(_names(values, theme))
    return {
        "$schema": SCHEMA,
        "description": sentence(map, words),
        "background": theme.ground,
        "padding": 12,
        "width": theme.frame.width,
        "height": HEIGHT * theme.frame.width // 560,
        "title": titled(title, below, theme),
        "projection": {"type": "identity", "reflectY": True, "pointRadius": 4},
        "data": {"values": values},
        "layer": layers,
        "config": {"font": FONT, "view": {"stroke": theme.grid}},
    }


def outlined(regions: Sequence[Outlined], width: float, stroke: str) -> dict[str, Any]:
    """Return the layer of outlines: outer rings alone, slivers between them are no holes."""
    areas = [[area[0]] for region in regions for area in region.areas]
    feature = {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": areas},
        "properties": {},
    }
    return {
        "data": {"values": [feature]},
        "mark": {"type": "geoshape", "filled": False, "stroke": stroke, "strokeWidth": width},
    }


def _names(values: Sequence[Mapping[str, Any]], theme: Theme) -> dict[str, Any]:
    """Return the names of shapes, each in the middle of its own."""
    places = []
    for value in values:
        pairs = list(_pairs(value["geometry"]["coordinates"]))
        east, north = [p[0] for p in pairs], [p[1] for p in pairs]
        places.append(
            {
                "x": (min(east) + max(east)) / 2,
                "y": (min(north) + max(north)) / 2,
                "label": value["label"],
            }
        )
    return {
        "data": {"values": places},
        "mark": {"type": "text", "color": theme.text, "fontSize": 11, "dy": -9},
        "encoding": {
            "longitude": {"field": "x", "type": "quantitative"},
            "latitude": {"field": "y", "type": "quantitative"},
            "text": {"field": "label"},
        },
    }
