"""Where the rows of a table lie: by columns of latitude and longitude, or by the region they name.

Pure. Positions are degrees (WGS 84), east before north, as GeoJSON has them (RFC 7946).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from . import figures, roles
from .figures import ANY_CODE, CODES, NAMES

_DEGREES = re.compile(r"-?\d{1,3}(?:[.,]\d{1,15})?")
_FINEST = ("kelurahan", "kecamatan")


@dataclass(frozen=True)
class Places:
    """The columns, by number, that say where a row lies: two of a position, or one of regions."""

    north: int | None = None
    east: int | None = None
    region: int | None = None

    @property
    def points(self) -> bool:
        """Tell whether rows have a position of their own."""
        return self.north is not None and self.east is not None


def places_of(names: Sequence[str], headings: Sequence[str], *, areas: bool) -> Places | None:
    """Return which columns say where a row lies; a position before a region, villages first.

    :param names: of the columns in the database; ``headings``: in the file.
    :param areas: outlines of regions are known.
    """
    told = [
        roles.coordinate(n) or roles.coordinate(h) for n, h in zip(names, headings, strict=True)
    ]
    if "north" in told and "east" in told:
        return Places(north=told.index("north"), east=told.index("east"))
    region = _region(headings) if areas else None
    return Places(region=region) if region is not None else None


def _region(headings: Sequence[str]) -> int | None:
    keys = [figures.Column(heading, "text").key for heading in headings]
    wanted = [k for level in _FINEST for k in (*CODES[level], *NAMES[level])]
    found = next((key for key in (*wanted, *ANY_CODE) if key in keys), None)
    return keys.index(found) if found is not None else None


def position(north: str, east: str) -> tuple[float, float] | None:
    """Return east and north in degrees, ``None`` where the cells say no position on the earth."""
    if not (_DEGREES.fullmatch(north.strip()) and _DEGREES.fullmatch(east.strip())):
        return None
    y, x = (float(text.strip().replace(",", ".")) for text in (north, east))
    return (x, y) if abs(x) <= 180 and abs(y) <= 90 else None


def region_of(heading: str, cell: str) -> str | None:
    """Return the code of the one region that a cell names, ``None`` without."""
    found = figures.regions_of(heading, [cell])
    return next(iter(found)) if len(found) == 1 else None
