"""KML, KMZ and shapefiles, as the GeoJSON that maps are drawn from.

Pure. It runs in a process of its own, within limits (:mod:`..geographic_child`): whatever a file
is, it takes no more than that. Nothing is unpacked onto a disk.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from ....disclosure.limits import MEGABYTE, Limits
from ....disclosure.readers.base import ReadError, Source
from ....disclosure.readers.dbf import encoding_of
from ....disclosure.readers.package import Package, opened
from ....messages import Message
from ....msgids import N_
from . import projections
from .maps import DECIMALS, MOST_BYTES, MOST_POINTS, TOO_LARGE, NoMap, flat
from .projections import Grid

LIMITS = Limits(memory=1024 * MEGABYTE, cpu_seconds=10, unpacked=64 * MEGABYTE, parts=200)
MOST_FEATURES = 20_000
LONGEST = 500
KML, KMZ, SHAPEFILE, GEOJSON = "kml", "kmz", "shapefile", "geojson"
BARE = "shp"
"""Geometries without the files that say what and where they are."""
FORMATS = frozenset({"geojson", "kml", "kmz", "shp", "shz", "zip"})
"""What the format of such a file may be called."""
_ENDINGS = {".geojson": GEOJSON, ".kml": KML, ".kmz": KMZ, ".shz": SHAPEFILE, ".shp": BARE}
_PACKED = re.compile(rb"\.shp(?=PK|[^.\w]|$)", re.IGNORECASE)
TAIL = 65_536
"""So much of the end of a ZIP is looked at for the name of a shapefile: its table of contents."""

BROKEN = N_("The file could not be read. Save it again as GeoJSON (WGS 84) and upload that.")
OTHER_SYSTEM = N_(
    "The coordinates of this file are neither in WGS 84 nor in DGN95 or SRGI2013. Save it with the "
    "coordinate system EPSG:4326 (WGS 84) and upload it again."
)
NO_SHAPEFILE = N_("The ZIP holds no shapefile. Put the files .shp, .dbf, .shx and .prj into it.")
SEVERAL = N_("The ZIP holds several shapefiles. Put each into a ZIP of its own.")

ALONE = N_(
    "A .shp alone holds outlines without names, numbers or their coordinate system. Put the files "
    ".shp, .dbf, .shx and .prj into one ZIP and upload that."
)
NO_KML = N_("The KMZ holds no KML. Save the map again as KML or KMZ and upload that.")

_DEEPEST = 8
MAIN = "doc.kml"

Feature = dict[str, Any]


def kind_of(name: str, tail: bytes = b"") -> str | None:
    """Return how a file is read, by its name; a ZIP, by the end of its content.

    :param tail: the last :data:`TAIL` bytes of a ZIP; not needed of others.
    :returns: ``None`` for what is no geographic file.
    """
    ending = Path(name.casefold()).suffix
    if ending == ".zip":
        return SHAPEFILE if _PACKED.search(tail) else None
    return _ENDINGS.get(ending)


def read(content: bytes, kind: str) -> list[Feature]:
    """Return the shapes of a KML or KMZ file or of a packed shapefile as features of GeoJSON.

    :raises .maps.NoMap: it is not what it says, too large, or in coordinates that nobody knows.
    """
    if kind == BARE:
        raise NoMap(Message(ALONE))
    if len(content) > MOST_BYTES:
        raise _too_large()
    try:
        return _bounded(_READERS[kind](content))
    except ReadError as problem:
        if problem.reason.code in ("too_large", "compression_bomb"):
            raise _too_large() from None
        raise NoMap(Message(BROKEN)) from None


def _bounded(found: Iterator[Feature]) -> list[Feature]:
    kept: list[Feature] = []
    for feature in found:
        kept.append(feature)
        if len(kept) > MOST_FEATURES:
            raise _too_large()
    return kept


def _too_large() -> NoMap:
    return NoMap(Message(TOO_LARGE, {"points": MOST_POINTS}))


def _made(geometry: Mapping[str, Any], said: Mapping[str, Any]) -> Feature:
    return {"type": "Feature", "geometry": dict(geometry), "properties": dict(said)}


# ----------------------------------------------------------------------------------- shapefiles


def _shapefile(content: bytes) -> Iterator[Feature]:
    import shapefile

    source = Source(path=Path(), name="", limits=LIMITS, data=content)
    with opened(source) as package:
        parts = _parts(package)
    grid = _grid(parts.get("prj"))
    dbf = parts.get("dbf")
    shp = io.BytesIO(parts["shp"])
    if dbf is None:
        reader = shapefile.Reader(shp=shp)
        pairs = ((shape, {}) for shape in reader.iterShapes())
    else:
        encoding = _encoding(dbf, parts.get("cpg", b""))
        reader = shapefile.Reader(
            shp=shp, dbf=io.BytesIO(dbf), encoding=encoding, encodingErrors="replace"
        )
        pairs = (
            (one.shape, one.record.as_dict() if one.record else {})
            for one in reader.iterShapeRecords()
        )
    for shape, said in pairs:
        if shape is None or shape.shapeType == shapefile.NULL:
            continue
        geometry = shape.__geo_interface__
        yield _made(
            {"type": geometry["type"], "coordinates": flat(geometry["coordinates"], grid)},
            {str(key): _value(value) for key, value in said.items()},
        )


def _parts(package: Package) -> dict[str, bytes]:
    """Return the files of the one shapefile in a package by their endings.

    :raises NoMap: there is none, or several.
    """
    named = {part.filename.casefold(): part for part in package.parts}
    shapes = [n for n in named if n.endswith(".shp") and not n.startswith("__macosx/")]
    if not shapes:
        raise NoMap(Message(NO_SHAPEFILE))
    if len(shapes) > 1:
        raise NoMap(Message(SEVERAL))
    stem = shapes[0].removesuffix("shp")
    most = {"shp": LIMITS.unpacked, "dbf": LIMITS.unpacked, "prj": 65_536, "cpg": 1024}
    return {
        ending: package.read(named[stem + ending], longest)
        for ending, longest in most.items()
        if stem + ending in named
    }


def _grid(projection: bytes | None) -> Grid | None:
    """Return the grid that a ``.prj`` says; without one its coordinates are degrees."""
    if projection is None:
        return None
    try:
        return projections.of_text(projection.decode("utf-8", "replace"))
    except projections.UnknownSystemError:
        raise NoMap(Message(OTHER_SYSTEM)) from None


def _encoding(dbf: bytes, said: bytes) -> str:
    known = encoding_of(said.decode("ascii", "replace").strip(), dbf[29] if len(dbf) > 29 else 0)
    if known:
        return known
    try:
        dbf[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _value(value: Any) -> str | int | float | None:
    if value is None or isinstance(value, (int, float)):
        return value
    return str(value)[:LONGEST]


# ------------------------------------------------------------------------------------------ KML


def _kmz(content: bytes) -> Iterator[Feature]:
    """Give the shapes of the one KML that a program shows of a KMZ: ``doc.kml``, or the first."""
    with opened(Source(path=Path(), name="", limits=LIMITS, data=content)) as package:
        named = [part for part in package.parts if part.filename.casefold().endswith(".kml")]
        if not named:
            raise NoMap(Message(NO_KML))
        first = next((part for part in named if part.filename.casefold() == MAIN), named[0])
        said = package.read(first, LIMITS.unpacked)
    yield from _kml(said)


def _kml(content: bytes) -> Iterator[Feature]:
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, LookupError, ValueError):
        raise NoMap(Message(BROKEN)) from None
    if _local(root) != "kml":
        raise NoMap(Message(BROKEN))
    for mark in root.iter():
        if _local(mark) == "Placemark":
            said = _said(mark)
            for geometry in _joined([g for child in mark for g in _geometries(child)]):
                yield _made(geometry, said)


def _local(element: Element) -> str:
    """Return the name of an element without its namespace; of a comment none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: Element | None) -> str:
    return (element.text or "").strip()[:LONGEST] if element is not None else ""


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _local(child) == name), None)


def _said(mark: Element) -> dict[str, str]:
    """Return what a placemark says of itself: its name, and its data."""
    said = {"name": _text(_child(mark, "name"))}
    if "<" not in (description := _text(_child(mark, "description"))):
        said["description"] = description
    extended = _child(mark, "ExtendedData")
    for one in extended.iter() if extended is not None else ():
        if _local(one) == "SimpleData":
            said[one.get("name", "")[:LONGEST]] = _text(one)
        elif _local(one) == "Data":
            said[one.get("name", "")[:LONGEST]] = _text(_child(one, "value"))
    return {key: value for key, value in said.items() if key and value}


def _geometries(element: Element, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Give kind and coordinates of each geometry of an element."""
    kind = _local(element)
    if kind == "MultiGeometry" and depth < _DEEPEST:
        for child in element:
            yield from _geometries(child, depth + 1)
    elif kind == "Point":
        for position in _positions(element)[:1]:
            yield "Point", position
    elif kind in ("LineString", "LinearRing"):
        if len(line := _positions(element)) > 1:
            yield "LineString", line
    elif kind == "Polygon":
        rings = [
            _positions(ring)
            for name in ("outerBoundaryIs", "innerBoundaryIs")
            for boundary in element
            if _local(boundary) == name and (ring := _child(boundary, "LinearRing")) is not None
        ]
        if rings and all(len(ring) > 3 for ring in rings):
            yield "Polygon", rings


def _positions(element: Element) -> list[list[float]]:
    found = _child(element, "coordinates")
    try:
        return [
            [round(float(n), DECIMALS) for n in (position.split(",")[:2])]
            for position in ((found.text or "") if found is not None else "").split()
        ]
    except ValueError:
        raise NoMap(Message(BROKEN)) from None


def _joined(found: Sequence[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the geometries of a placemark: those of one kind as one."""
    for kind in dict.fromkeys(kind for kind, _ in found):
        same = [coordinates for one, coordinates in found if one == kind]
        if len(same) == 1:
            yield {"type": kind, "coordinates": same[0]}
        else:
            yield {"type": f"Multi{kind}", "coordinates": same}


_READERS: Mapping[str, Callable[[bytes], Iterator[Feature]]] = {
    KML: _kml,
    KMZ: _kmz,
    SHAPEFILE: _shapefile,
}
