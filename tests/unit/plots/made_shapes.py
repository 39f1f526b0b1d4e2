"""Made-up shapes of regions: a crooked net of fields over the city. No boundary is real."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from functools import cache

from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.portal.plots.drawing import shapes

WEST, SOUTH, FIELD = 109.28, -0.09, 0.02
COLUMNS = 3


def codes_of(level: str) -> list[str]:
    """Return the codes of the regions of a level in order."""
    return sorted(c.code for c in codes.code_list("wilayah").codes.values() if c.level == level)


@cache
def corner(x: int, y: int) -> list[float]:
    """Return a corner of the net, the same for all fields that meet there."""
    pick = random.Random(x * 1000 + y)  # noqa: S311
    return [
        round(WEST + FIELD * (x + pick.uniform(-0.25, 0.25)), 5),
        round(SOUTH + FIELD * (y + pick.uniform(-0.25, 0.25)), 5),
    ]


def field(number: int, columns: int = COLUMNS) -> list[list[float]]:
    """Return the ring of one field of the net."""
    y, x = divmod(number, columns)
    ring = [corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1)]
    return [*ring, ring[0]]


def feature(geometry: dict, **properties: object) -> dict:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def areas(level: str = "kecamatan", *, columns: int = COLUMNS) -> list[dict]:
    """Return a field for each region of a level."""
    return [
        feature({"type": "Polygon", "coordinates": [field(n, columns)]}, kode=code)
        for n, code in enumerate(codes_of(level))
    ]


def points(level: str = "kecamatan", *, columns: int = COLUMNS) -> list[dict]:
    """Return a point for each region of a level."""
    return [
        feature({"type": "Point", "coordinates": corner(n % columns, n // columns)}, kode=code)
        for n, code in enumerate(codes_of(level))
    ]


def written(features: Iterable[dict]) -> bytes:
    """Return features as a GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def made(features: Iterable[dict]) -> shapes.Shapes:
    """Return features as the portal reads them."""
    return shapes.read(written(features))
