"""NIP, the number of a civil servant, and the like number of contract staff (PPPK)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.persons import official
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_digits
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally, trim
from .sixteen import MALE

_BORN = r"(?:19[3-9][0-9]|200[0-9]|201[0-2])"
_JOINED = r"(?:19[5-9][0-9]|20[0-4][0-9])"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
FORM = rf"^{_BORN}{_DAY}{_JOINED}(?:0[1-9]|1[0-2]|21)[12][0-9]{{3}}$"
"""Birth date, year and month of appointment (PPPK: 21 for the month), 1 or 2, serial."""
_SHAPE = "^[0-9]{18}$"
_GROUPED = r"(?:19|20)[0-9]{6}[ .\-]?(?:19|20)[0-9]{4}[ .\-]?[12][ .\-]?[0-9]{3}"
_SCIENTIFIC = r"^\s*[12][.,][0-9]+[eE]\+?17\s*$"
_FLOAT = r"^\s*[12][.,][0-9]{11,17}[eE]\+?17\s*$"
"""Stored as a number: fifteen figures are left, with both dates and the sex."""
_INSIDE = re.compile(rf"(?<!\d)({_GROUPED})(?!\d)")


@dataclass
class NIPTally(Tally):
    """Cells of eighteen digits, those with the form, and those within longer text."""

    shaped: int = 0
    valid: int = 0
    text: int = 0


class NIP(Recognizer[NIPTally]):
    """Eighteen digits: birth date, appointment, sex, serial (Perka BKN 22/2007).

    The appointment follows the birth by 15 years or more. The tax number of land (NOP) has
    eighteen digits as well and begins with a region, not with a year. An official's NIP on a
    signed document is normally
    public, so that it warns and never refuses.
    """

    kind = "nip"
    label = N_("Civil servant number (NIP)")
    rank = 40
    since = "2026.3"
    evidence = Evidence.SERVANT
    headings = frozenset({"nip"})
    sentences = {
        "header": N_("The column is headed as NIP and its values have that form."),
        "pattern": N_("The values have birth date, appointment and sex of a civil servant's NIP."),
        "official": N_("NIP of whoever acts for an office; on signed documents they are public."),
        "text": N_("An NIP stands within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset(
        {
            "nip",
            "nipppk",
            "ni pppk",
            "nippppk",
            "induk pegawai",
            "nomor induk pegawai",
            "no nip",
            "nip baru",
        }
    )
    prefilter = rf"(?:19|20)[0-9]{{6}}[ .\-]?(?:19|20)[0-9]{{4}}|{_FLOAT}"
    shortest = 18
    bare = 18
    bare_most = 18

    def start(self) -> NIPTally:
        """Return an empty tally for one column."""
        return NIPTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading: a spreadsheet may have turned the number into a float."""
        return place.mentions(self.context)

    def update(self, tally: NIPTally, cells: pl.Series, place: Place) -> None:
        """Count within cells that passed the prefilter."""
        if not place.free_text and self.wants(place):
            lost = int(cells.str.contains(_SCIENTIFIC).sum())
            tally.shaped += lost
            tally.valid += lost
            cells = cells.filter(~cells.str.contains(_SCIENTIFIC))
        cells = cells.filter(cells.str.contains(self.prefilter))
        if not len(cells):
            return
        floats = cells.str.contains(_FLOAT)
        if floats.any():
            written = cells.filter(floats).str.strip_chars().str.replace(r"[eE].*$", "")
            whole = written.str.replace_all("[.,]", "").str.pad_end(18, "0")
            cells = pl.concat([cells.filter(~floats), whole])
        trimmed = trim(cells)
        plain = trimmed.str.replace_all(r"[ .\-]", "")
        whole = plain.str.contains(_SHAPE)
        good = plain.filter(whole)
        if len(good):
            tally.shaped += len(good)
            good = good.filter(good.str.contains(FORM) & _plausible(good))
            tally.valid += len(good)
            if len(good):
                tally.sample = tally.sample or mask_digits(good[0])
                tally.note_distinct(good)
        for cell in trimmed.filter(~whole).to_list():
            for match in _INSIDE.finditer(cell):
                digits = re.sub(r"\D", "", match[1])
                if re.match(FORM, digits) and int(digits[8:12]) - int(digits[:4]) >= 15:
                    tally.text += 1
                    tally.sample = tally.sample or mask_digits(digits)
                    break

    def conclude(self, tally: NIPTally, filled: int, place: Place) -> Finding | None:
        """Judge the column: most numbers of that length must have the form."""
        named = place.mentions(self.context)
        whole = tally.valid if named or tally.valid * 2 >= tally.shaped else 0
        total = whole + tally.text
        if not total:
            return None
        if not whole:
            return self.finding(tally.sample, total, filled, 0.85, "nip.text")
        if official(place.context):
            return self.finding(tally.sample, total, filled, 0.6, "nip.official")
        score, code = (0.99, "nip.header") if named else (0.9, "nip.pattern")
        return self.finding(tally.sample, total, filled, score, code)


def _plausible(digits: pl.Series) -> pl.Series:
    born = digits.str.slice(0, 4).cast(pl.Int32, strict=False)
    joined = digits.str.slice(8, 4).cast(pl.Int32, strict=False)
    day = digits.str.slice(6, 2) + digits.str.slice(4, 2) + digits.str.slice(2, 2)
    age = joined - born
    return (age >= 15) & (age <= 75) & day.str.contains(f"^{MALE}$")
