"""Registration plates of vehicles."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.persons import office
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_digits
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally, trim

_ANY = r"(?i)^[a-z]{1,2}[ .\-]?[0-9]{1,4}[ .\-]?[a-z]{1,3}$"
_LOCAL = r"^KB[ .\-]?[0-9]{1,4}[ .\-]?[A-Z]{1,3}$"
_IN_TEXT = r"KB ?[0-9]{3,4} ?[A-Z]{1,2}"
_INTRODUCED = (
    r"(?i)(?:plat|pelat|nopol|no\.? ?pol(?:isi)?|nomor polisi|tnkb|nomor kendaraan)"
    r"(?: ?(?:no\.?|nomor|mobil|motor)){0,3}[ .:=#(]{1,4}"
    r"([a-z]{1,2}[ \-]?[0-9]{1,4}[ \-]?[a-z]{1,3})(?:[^0-9A-Za-z]|$)"
)
_AFTER_WORD = re.compile(_INTRODUCED)
_INSIDE = re.compile(rf"(?<![0-9A-Za-z])({_IN_TEXT})(?![0-9A-Za-z])")
_YEAR = re.compile(r"KB ?(?:19|20)\d\d")
_WHOLE_YEAR = r"^KB[ .\-]?(?:19[5-9]|20[0-4])[0-9][ .\-]?[A-Z]$"
_FAMILY_PLANNING = re.compile(
    r"(?i)(?:peserta|akseptor|alat|program|kampung|pelayanan|data|ber|kontrasepsi)[ \-]*$"
)


@dataclass
class PlateTally(Tally):
    """``local``: whole cells of the province; ``years``: those that begin as a year would."""

    whole: int = 0
    local: int = 0
    text: int = 0
    years: int = 0


class PlatNomor(Recognizer[PlateTally]):
    """``KB 1234 XY``; plates of other regions under a heading or after a word.

    ``KB 2023`` is family planning (Keluarga Berencana): letters must follow, and what looks like a
    year with a short word after it is no plate. A public vehicle's plate is none of a person.
    """

    kind = "plat_nomor"
    label = N_("Vehicle plate")
    rank = 90
    since = "2026.5"
    evidence = Evidence.CONTACT
    headings = frozenset({"plat"})
    sentences = {
        "header": N_("The column is headed as vehicle number and holds plates."),
        "pattern": N_("The values have the form of plates of West Kalimantan."),
        "text": N_("The plate of a vehicle stands within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset(
        {"plat", "pelat", "nopol", "no pol", "no polisi", "nomor polisi", "plat nomor", "no plat",
         "tnkb", "nomor kendaraan", "no kendaraan", "no kend", "license plate",
         "registrasi kendaraan", "reg kendaraan"}
    )  # fmt: skip
    prefilter = (
        rf"(?:^|[^0-9A-Za-z]){_IN_TEXT}(?:[^0-9A-Za-z]|$)"
        rf"|^KB[ .\-]*[0-9][0-9 .\-]*[A-Z]{{1,3}}$|{_INTRODUCED}"
    )
    shortest = 4
    worded = True
    strays = r"^[\s'\"=`]*KB"

    def start(self) -> PlateTally:
        """Return an empty tally for one column."""
        return PlateTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of this kind, unless it is of a public vehicle."""
        return place.mentions(self.context) and not (
            office(place.context) or place.mentions(frozenset({"dinas", "merah", "jenis", "warna"}))
        )

    def update(self, tally: PlateTally, cells: pl.Series, place: Place) -> None:
        """Count whole cells and plates within text."""
        trimmed = trim(cells)
        named = not place.free_text and self.wants(place)
        shape = trimmed.str.contains(_ANY if named else _LOCAL)
        good = trimmed.filter(shape)
        if not named and len(good):
            years = good.str.contains(_WHOLE_YEAR)
            tally.years += int(years.sum())
            good = good.filter(~years)
        if len(good):
            local = good.str.contains(_LOCAL)
            tally.whole += len(good)
            tally.local += int(local.sum())
            tally.note_distinct(good)
            tally.sample = tally.sample or mask_digits(good[0])
        rest = trimmed.filter(~shape)
        for cell in rest.filter(rest.str.contains(self.prefilter)).to_list():
            if found := self._in_text(cell):
                tally.text += 1
                tally.sample = tally.sample or mask_digits(found)

    def _in_text(self, cell: str) -> str:
        if match := _AFTER_WORD.search(cell):
            return match[1]
        for match in _INSIDE.finditer(cell):
            before = cell[max(0, match.start() - 24) : match.start()]
            if not _YEAR.match(match[1]) and not _FAMILY_PLANNING.search(before):
                return match[1]
        return ""

    def conclude(self, tally: PlateTally, filled: int, place: Place) -> Finding | None:
        """Judge the column."""
        if not place.free_text and self.wants(place):
            if tally.whole + tally.text:
                total = tally.whole + tally.text
                return self.finding(tally.sample, total, filled, 0.9, "plat_nomor.header")
            return None
        if office(place.context) or place.mentions(self.context):
            return None
        if tally.whole:
            # Among plates KB 2023 is one; alone it is family planning in that year.
            total = tally.whole + tally.text + (tally.years if tally.years < tally.whole else 0)
            return self.finding(tally.sample, total, filled, 0.75, "plat_nomor.pattern")
        if tally.text:
            return self.finding(tally.sample, tally.text, filled, 0.65, "plat_nomor.text")
        return None
