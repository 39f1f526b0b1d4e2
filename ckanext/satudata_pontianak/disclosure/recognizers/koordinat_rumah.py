"""Coordinates of homes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.persons import OFFICE
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_all
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally
from .parts import Parts

_LATITUDE = r"-?(?:[0-9]|1[01])[.,][0-9]{4,}"
_LONGITUDE = r"(?:9[4-9]|1[0-4][0-9])[.,][0-9]{4,}"
_ONE = rf"^\s*(?:{_LATITUDE}|{_LONGITUDE})\s*°?\s*$"
_PAIR = rf"{_LATITUDE}\s*[,; ]\s*{_LONGITUDE}|{_LONGITUDE}\s*[,; ]\s*{_LATITUDE}"
_CITY = r"^\s*(?:-?0[.,](?:0[0-9]|1[0-2])[0-9]{2,}|109[.,](?:2[4-9]|3[0-9]|4[0-3])[0-9]{2,})\s*$"


_PLACES = OFFICE - {"lokasi"}


@dataclass
class PointTally(Tally):
    """Cells that are a coordinate or a pair, and those within the box of the city."""

    whole: int = 0
    city: int = 0


class KoordinatRumah(Recognizer[PointTally]):
    """Four decimals or more, in a list of persons: about ten metres.

    Points of schools, cameras or hydrants are no homes; their tables are no lists of persons.
    """

    kind = "koordinat_rumah"
    label = N_("Position of a home")
    rank = 170
    since = "2026.3"
    sentences = {
        "header": N_("Exact coordinates in a list of persons."),
        "values": N_("Exact points within the city, in a list of persons."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset(
        """lat latitude lintang lon lng long longitude bujur koordinat coordinate gps
        titik geom x y geolokasi latlong latlon geotag coord koord""".split()
    )
    hints = ((f"{_CITY}|{_PAIR}", 9),)

    def start(self) -> PointTally:
        """Return an empty tally for one column."""
        return PointTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of coordinates, unless of an office or a place."""
        return place.mentions(self.context) and not place.mentions(_PLACES)

    def update(self, tally: PointTally, cells: pl.Series, place: Place) -> None:
        """Count coordinates."""
        self.update_many([tally], [cells], [place])

    def manner(self, place: Place) -> bool:
        """Coordinates are counted alike everywhere."""
        return True

    def update_many(
        self, tallies: Sequence[PointTally], columns: Sequence[pl.Series], places: Sequence[Place]
    ) -> None:
        """Count within several columns."""
        cells = Parts.of(columns)
        whole = cells.counts(cells.contains(f"{_ONE}|{_PAIR}"))
        city = cells.counts(cells.contains(f"{_CITY}|{_PAIR}"))
        for tally, points, near in zip(tallies, whole, city, strict=True):
            tally.whole += points
            tally.city += near

    def conclude(self, tally: PointTally, filled: int, place: Place) -> Finding | None:
        """Judge the column; no digit is shown."""
        home = place.mentions(frozenset({"rumah"}))
        if not (place.person_level or home) or place.free_text or place.mentions(_PLACES):
            return None
        if self.wants(place) and tally.whole * 2 >= filled and tally.whole:
            return self.finding(mask_all("x"), tally.whole, filled, 0.8, "koordinat_rumah.header")
        if not place.headed and tally.city * 10 >= filled * 9 and tally.city >= 3:
            return self.finding(mask_all("x"), tally.city, filled, 0.5, "koordinat_rumah.values")
        return None
