"""The geometries of a shapefile: of points their coordinates, of lines and areas nothing.

A point may be somebody's home; a boundary is nobody's. No geometry holds text.
Source: ESRI, Shapefile Technical Description.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import polars as pl

from .base import Batch, Heading, Incomplete, ReadError, Source

_POINTS = frozenset({1, 11, 21})
_OTHERS = frozenset({0, 3, 5, 8, 13, 15, 18, 23, 25, 28, 31})
_ROWS = 100_000
_HEADINGS = (Heading("longitude", "longitude"), Heading("latitude", "latitude"))


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every record."""
    places: list[tuple[float, float]] = []
    with source.open() as file:
        head = file.read(100)
        if len(head) < 100:
            raise ReadError("broken_file", detail="shp")
        end = struct.unpack(">I", head[24:28])[0] * 2
        if end != source.size:
            raise ReadError("broken_file", detail="shp")
        yield Batch(None, {}, headings=_HEADINGS)
        position = 100
        while position < end:
            number = file.read(8)
            size = struct.unpack(">I", number[4:])[0] * 2 if len(number) == 8 else 0
            record = file.read(size)
            if size < 4 or len(record) < size:
                raise ReadError("broken_file", detail="shp")
            kind = struct.unpack("<I", record[:4])[0]
            if kind in _POINTS and size in (20, 28, 36):
                places.append(struct.unpack("<dd", record[4:20]))
            elif kind not in _OTHERS:
                raise ReadError("broken_file", detail="shp")
            position += 8 + size
            if len(places) >= _ROWS:
                yield _batch(places)
                places.clear()
                source.progress(position / end)
    if places:
        yield _batch(places)


def _batch(places: list[tuple[float, float]]) -> Batch:
    columns = {
        i: pl.Series([f"{place[i]:.8g}" for place in places], dtype=pl.String) for i in (0, 1)
    }
    return Batch(None, columns, len(places), _HEADINGS)
