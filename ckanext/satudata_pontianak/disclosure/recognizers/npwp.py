"""NPWP, the number of a taxpayer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.persons import office
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_digits
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally, trim
from .luhn import luhn, luhn_valid
from .parts import Parts
from .sixteen import VALID

_DOTTED = r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9][\-. ][0-9]{3}\.[0-9]{3}"
_INSIDE = re.compile(rf"(?<![\d.])({_DOTTED})(?![\d])")
_INTRODUCED = (
    r"(?i)(?:^|[^a-z])npwp[ .:=#\-]{0,5}(?:(?:no|nomor)[ .:]{0,3})?(0?[0-9]{15})(?:[^0-9]|$)"
)
_AFTER_WORD = re.compile(_INTRODUCED)
_BODY = "^0?0[0-3]"
_BARE = "^(?:[0-9]{14,15}|0[0-9]{15})$"
"""Fifteen digits, of which a spreadsheet may have taken the first, a nought; or sixteen."""
HEADS = 30
"""So many different numbers with a right check digit are none by chance, one in ten each,"""
_MISSES = 20
"""where not one in so many has a wrong one."""
_KNOWN = 64
_LOOK = 256


@dataclass
class NPWPTally(Tally):
    """``bodies``: numbers whose first digits are those of companies and offices.

    Of bare numbers that nothing names: how many have the length, how many the check digit, and the
    first nine digits of some, since those alone are checked. ``unlike``: too few of them have it.
    """

    whole: int = 0
    bodies: int = 0
    text: int = 0
    shaped: int = 0
    niks: int = 0
    bare: int = 0
    checked: int = 0
    companies: int = 0
    heads: set[int] = field(default_factory=set)
    unlike: bool = False

    @property
    def unnamed(self) -> int:
        """How many bare numbers are told by their check digits alone."""
        told = len(self.heads) >= HEADS and not self.unlike
        return self.checked if told and self.bare - self.checked <= self.bare // _MISSES else 0


class NPWP(Recognizer[NPWPTally]):
    """``XX.XXX.XXX.X-XXX.XXX``, fifteen digits, or sixteen: a NIK, or 0 and the old fifteen.

    The ninth digit is a Luhn check digit over the first eight; a tenth of all numbers pass, so
    bare digits need a heading, the word before them, or many different others that pass nearly
    all. A number that begins with 00 to 03 is a
    company's or an office's: it is no personal data where the heading says so, and only warns
    where it does not. Source: PMK 112/2022; the check as in python-stdnum.
    """

    kind = "npwp"
    label = N_("Taxpayer number (NPWP)")
    rank = 30
    since = "2026.5"
    evidence = Evidence.NUMBER
    headings = frozenset({"npwp"})
    sentences = {
        "header": N_("The column is headed as NPWP and its values pass the check digit."),
        "pattern": N_("The values are written as an NPWP and pass its check digit."),
        "digits": N_(
            "Nearly all of these numbers, and they differ, have the check digit of an NPWP; chance "
            "does not explain it."
        ),
        "text": N_("An NPWP stands within longer text."),
        "body": N_("NPWP that begin as those of companies and offices do."),
    }
    personal_class = PersonalClass.GENERAL
    hard = True
    context = frozenset({"npwp", "no npwp", "nonpwp", "pokok wajib pajak", "npwp15", "npwp16"})
    prefilter = rf"{_DOTTED}|{_INTRODUCED}"
    shortest = 14
    bare = 14
    bare_most = 16

    def start(self) -> NPWPTally:
        """Return an empty tally for one column."""
        return NPWPTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of this kind."""
        return place.mentions(self.context) and not place.mentions(_COUNTED)

    def manner(self, place: Place) -> bool:
        """Under a heading of the kind every cell counts."""
        return not place.free_text and self.wants(place)

    def update_many(
        self, tallies: Sequence[NPWPTally], columns: Sequence[pl.Series], places: Sequence[Place]
    ) -> None:
        """Count within several columns; most have nothing of that length."""
        cells = Parts.of(columns)
        if self.manner(places[0]):
            some = [1] * len(columns)
        else:
            some = cells.counts(cells.contains(f"{_BARE}|{self.prefilter}"))
        for tally, column, place, any_ in zip(tallies, columns, places, some, strict=True):
            if any_:
                self.update(tally, column, place)

    def update(self, tally: NPWPTally, cells: pl.Series, place: Place) -> None:
        """Count whole cells, dotted numbers, and what follows the word."""
        named = not place.free_text and self.wants(place)
        if not named:
            if not place.free_text:
                _count_bare(tally, cells)
            cells = cells.filter(cells.str.contains(self.prefilter))
        if not len(cells):
            return
        trimmed = trim(cells)
        dotted = trimmed.str.contains(f"^{_DOTTED}$")
        whole = dotted | trimmed.str.contains(r"^[0-9][0-9.\- ]{13,22}$") if named else dotted
        self._count(tally, trimmed.filter(whole).str.replace_all(r"[.\- ]", ""))
        for cell in trimmed.filter(~whole).to_list():
            match = _INSIDE.search(cell) or _AFTER_WORD.search(cell)
            digits = re.sub(r"\D", "", match[1]) if match else ""
            if match and luhn_valid(
                digits.removeprefix("0")[:9] if len(digits) == 16 else digits[:9]
            ):
                tally.text += 1
                tally.bodies += bool(re.match(_BODY, digits))
                tally.sample = tally.sample or mask_digits(digits)

    def _count(self, tally: NPWPTally, digits: pl.Series) -> None:
        shaped = digits.filter(digits.str.contains("^[0-9]{15,16}$"))
        if not len(shaped):
            return
        tally.shaped += len(shaped)
        niks = shaped.str.contains(VALID)
        # A leading 0 of the sixteen may be lost in a spreadsheet; then fifteen are left.
        old = shaped.filter(~niks).str.replace("^0([0-9]{15})$", "$1")
        old = old.filter(old.str.len_bytes() == 15)
        old = old.filter(luhn(old.str.slice(0, 9), 9))
        tally.niks += int(niks.sum())
        tally.whole += len(old) + int(niks.sum())
        tally.bodies += int(old.str.contains(_BODY).sum())
        for found in (old, shaped.filter(niks)):
            if len(found):
                tally.sample = tally.sample or mask_digits(found[0])
                tally.note_distinct(found)

    def conclude(self, tally: NPWPTally, filled: int, place: Place) -> Finding | None:
        """Judge the column."""
        total = tally.whole + tally.text
        if tally.unnamed and not place.mentions(_COUNTED):
            return self._by_digits(tally, filled, place)
        if not total:
            return None
        named = place.mentions(self.context)
        if tally.bodies * 10 >= total * 9:
            if office(place.context) or not (place.person_level or place.free_text):
                return None
            return self.finding(tally.sample, total, filled, 0.5, "npwp.body", hard=False)
        if not tally.whole:
            return self.finding(tally.sample, total, filled, 0.85, "npwp.text")
        score, code = (0.97, "npwp.header") if named else (0.85, "npwp.pattern")
        return self.finding(tally.sample, total, filled, score, code)

    def _by_digits(self, tally: NPWPTally, filled: int, place: Place) -> Finding | None:
        """Judge a column of bare numbers that only their check digits tell."""
        count = tally.unnamed + tally.whole + tally.text
        if tally.companies * 10 >= tally.unnamed * 9:
            if office(place.context) or not place.person_level:
                return None
            return self.finding(tally.sample, count, filled, 0.5, "npwp.body", hard=False)
        return self.finding(tally.sample, count, filled, 0.8, "npwp.digits")


def _count_bare(tally: NPWPTally, cells: pl.Series) -> None:
    """Count bare numbers, until it is clear that they are something else."""
    if tally.unlike:
        return
    bare = cells.filter(cells.str.contains(_BARE))
    if not len(bare):
        return
    # Most such numbers are something else, which some of them tell.
    plain = bare.str.slice(-15).str.zfill(15)
    some = plain.gather_every(max(1, len(plain) // _LOOK))
    passes = int(luhn(some.str.slice(0, 9), 9).sum())
    if len(some) >= _LOOK and passes * 10 < len(some) * 8:
        tally.unlike = True
        return
    heads = plain.str.slice(0, 9)
    good = luhn(heads, 9)
    tally.bare += len(bare)
    tally.checked += int(good.sum())
    passing = plain.filter(good)
    tally.companies += int(passing.str.contains(_BODY).sum())
    if len(passing):
        tally.sample = tally.sample or mask_digits(passing[0])
        if len(tally.heads) < _KNOWN:
            tally.heads.update(map(hash, heads.filter(good).unique().head(_KNOWN).to_list()))


_COUNTED = frozenset({"jumlah", "jml", "total", "persen", "status"})
