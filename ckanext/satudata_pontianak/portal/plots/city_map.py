"""The city as a drawing whose regions lead to their pages. Pure: knows nothing of CKAN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing.looks import LOOKS
from .drawing.shapes import Region, Ring
from .region_view import View, view_of


@dataclass(frozen=True)
class Part:
    """A region of the drawing: its outline as a path of SVG, and the number of its district."""

    code: str
    name: str
    path: str
    district: int


@dataclass(frozen=True)
class CityMap:
    """The drawing: ``parts``, and the districts in the order of their numbers as code and name."""

    width: int
    height: int
    parts: Sequence[Part]
    districts: Sequence[tuple[str, str]]


def made(regions: Sequence[Region], districts: Sequence[tuple[str, str]]) -> CityMap:
    """Return the drawing.

    :param regions: those that are drawn.
    :param districts: code and name of each, as they are numbered.
    """
    view = view_of(regions, LOOKS["terang", "lebar"])
    numbers = {code: number for number, (code, _) in enumerate(districts, 1)}
    parts = [Part(r.code, r.name, _path(r, view), _number(r.code, numbers)) for r in regions]
    return CityMap(view.width, view.height, parts, districts)


def _number(code: str, numbers: dict[str, int]) -> int:
    return next((n for district, n in numbers.items() if f"{code}.".startswith(f"{district}.")), 0)


def _path(region: Region, view: View) -> str:
    return "".join(_ring(ring, view) for area in region.areas for ring in area)


def _ring(ring: Ring, view: View) -> str:
    places = dict.fromkeys("{:.0f} {:.0f}".format(*view.at(position)) for position in ring)
    return f"M{'L'.join(places)}Z" if len(places) > 2 else ""
