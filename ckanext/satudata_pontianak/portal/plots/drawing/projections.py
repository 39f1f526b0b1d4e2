"""The coordinate systems in which Indonesian offices draw, as degrees of WGS 84.

Pure. DGN95 and SRGI2013 lie within a metre of WGS 84, so that only the grids of metres (UTM zones,
TM-3) are to be turned into degrees; other datums (ID74, Batavia) lie up to some hundred metres off,
and are told to be saved anew instead of being drawn in the wrong place.

Transverse Mercator by the series of Krüger to the fourth order: less than a millimetre off within
a zone (Karney 2011, "Transverse Mercator with an accuracy of a few nanometers").
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

METRES, FLATTENING = 6_378_137.0, 1 / 298.257223563
"""WGS 84; the ellipsoid of GRS 80 differs by a tenth of a millimetre."""
LONGEST = 65_536

_N = FLATTENING / (2 - FLATTENING)
_RADIUS = METRES / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BACK = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
_ECCENTRICITY = math.sqrt(FLATTENING * (2 - FLATTENING))
_FARTHEST = 10_000_000.0
"""Metres from the middle of a zone: what lies farther is no place of it."""

_DATUMS = (
    "WGS84",
    "WGS1984",
    "WORLDGEODETICSYSTEM1984",
    "DGN95",
    "DGN1995",
    "DATUMGEODESINASIONAL1995",
    "IGD95",
    "SRGI2013",
    "SISTEMREFERENSIGEOSPASIALINDONESIA2013",
)
_NOT_LETTERS = re.compile(r"[^A-Z0-9]")
_GEOGRAPHIC = re.compile(r"\s*(?:GEOGCS|GEOGCRS|GEODCRS|GEODETICCRS)\s*\[", re.IGNORECASE)
_PROJECTED = re.compile(r"\s*(?:PROJCS|PROJCRS|PROJECTEDCRS)\s*\[", re.IGNORECASE)
_METHOD = re.compile(r'\b(?:PROJECTION|METHOD)\s*\[\s*"([^"]*)"', re.IGNORECASE)
_DATUM = re.compile(r'\b(?:DATUM|TRF|ENSEMBLE)\s*\[\s*"([^"]*)"', re.IGNORECASE)
_PARAMETER = re.compile(r'\bPARAMETER\s*\[\s*"([^"]*)"\s*,\s*([-+.\dEe]+)', re.IGNORECASE)
_UNIT = re.compile(r'\b(?:LENGTHUNIT|UNIT)\s*\[\s*"([^"]*)"\s*,\s*([-+.\dEe]+)', re.IGNORECASE)
_PRIME = re.compile(r'\bPRIMEM\s*\[\s*"[^"]*"\s*,\s*([-+.\dEe]+)', re.IGNORECASE)
_NAMES = {
    "CENTRALMERIDIAN": "meridian",
    "LONGITUDEOFNATURALORIGIN": "meridian",
    "LONGITUDEOFCENTER": "meridian",
    "LATITUDEOFORIGIN": "parallel",
    "LATITUDEOFNATURALORIGIN": "parallel",
    "SCALEFACTOR": "scale",
    "SCALEFACTORATNATURALORIGIN": "scale",
    "FALSEEASTING": "east",
    "FALSENORTHING": "north",
}
_CODE = re.compile(r"(?:EPSG(?::[\d.]*)?:+|/EPSG/[\d.]+/)(\d{4,6})$", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """A grid of metres; ``None`` in its place: degrees, which stay as they are."""

    meridian: float
    parallel: float = 0.0
    scale: float = 1.0
    east: float = 0.0
    north: float = 0.0

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return longitude and latitude of a position; what is none of the grid stays as it is."""
        if not (abs(x - self.east) < _FARTHEST and abs(y - self.north) < _FARTHEST):
            return x, y
        xi = (y - self.north) / (self.scale * _RADIUS)
        eta = (x - self.east) / (self.scale * _RADIUS)
        near, far = xi, eta
        for at, much in enumerate(_BACK, start=1):
            near -= much * math.sin(2 * at * xi) * math.cosh(2 * at * eta)
            far -= much * math.cos(2 * at * xi) * math.sinh(2 * at * eta)
        conformal = math.asin(math.sin(near) / math.cosh(far))
        longitude = self.meridian + math.degrees(math.atan2(math.sinh(far), math.cos(near)))
        return longitude, math.degrees(_latitude(conformal))


def _latitude(conformal: float) -> float:
    """Return the latitude of a conformal one."""
    wanted, found = math.asinh(math.tan(conformal)), conformal
    for _ in range(4):
        found = math.atan(
            math.sinh(wanted + _ECCENTRICITY * math.atanh(_ECCENTRICITY * math.sin(found)))
        )
    return found


class UnknownSystemError(ValueError):
    """A coordinate system that is not drawn."""


def of_text(projection: str) -> Grid | None:
    """Return the grid that the text of a ``.prj`` says (WKT); ``None``: degrees.

    :raises UnknownSystemError: it is another.
    """
    said = projection[:LONGEST]
    if not _known_datum(said):
        raise UnknownSystemError
    method, zero = _METHOD.search(said), _PRIME.search(said)
    if zero is not None and zero[1].strip("+-0.") != "":
        raise UnknownSystemError  # counted from Jakarta
    if _GEOGRAPHIC.match(said):
        return None
    if not _PROJECTED.match(said) or method is None or not all(_in_metres(said)):
        raise UnknownSystemError
    if _plain(method[1]) not in ("TRANSVERSEMERCATOR", "GAUSSKRUGER"):
        raise UnknownSystemError
    found: dict[str, float] = {}
    for name, value in _PARAMETER.findall(said):
        try:
            found[_NAMES[_plain(name)]] = float(value)
        except (KeyError, ValueError):
            raise UnknownSystemError from None
    if "meridian" not in found or found.get("parallel", 0.0) or not found.get("scale", 1.0) > 0:
        raise UnknownSystemError
    return Grid(**found)


def _known_datum(said: str) -> bool:
    """Tell whether it is a datum that lies where WGS 84 lies: what ``DATUM`` says, nothing else."""
    named = _DATUM.search(said)
    return named is not None and any(name in _plain(named[1]) for name in _DATUMS)


def _in_metres(said: str) -> Iterator[bool]:
    for name, value in _UNIT.findall(said):
        if "DEG" not in _plain(name):
            try:
                yield float(value) == 1.0
            except ValueError:
                yield False


def _plain(name: str) -> str:
    return _NOT_LETTERS.sub("", name.upper())


def of_name(name: str) -> Grid | None:
    """Return the grid of the ``crs`` of an old GeoJSON file, by its EPSG code; ``None``: degrees.

    :raises UnknownSystemError: it is another.
    """
    if "CRS84" in _plain(name[:200]):
        return None
    code = _CODE.search(name.strip()[:200])
    number = int(code[1]) if code else 0
    if number in (4326, 4755, 9470):
        return None
    for first, zone, last, south in _UTM:
        if first <= number <= first + last - zone:
            return utm(zone + number - first, south=south)
    if _TM3 <= number < _TM3 + 16:
        # Zones 46.2, 47.1, 47.2 … 54.1, three degrees each.
        return Grid(94.5 + 3 * (number - _TM3), 0.0, 0.9999, 200_000.0, 1_500_000.0)
    raise UnknownSystemError


def utm(zone: int, *, south: bool) -> Grid:
    """Return a zone of UTM."""
    return Grid(6.0 * zone - 183, 0.0, 0.9996, 500_000.0, 10_000_000.0 if south else 0.0)


_UTM = (
    (32646, 46, 54, False),
    (32746, 46, 54, True),
    (23866, 46, 52, False),
    (23877, 47, 54, True),
    (9487, 47, 54, True),
)
"""EPSG code of the first zone, the zone, the last one, and whether it is one of the south: of WGS
84, DGN95 and SRGI2013."""
_TM3 = 23830
