"""Payment cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_digits
from ckanext.satudata_pontianak.disclosure.totals import digits_only
from ckanext.satudata_pontianak.msgids import N_

from .base import Place, Recognizer, Tally, trim
from .luhn import luhn, luhn_valid
from .parts import Parts

_LONG = "(?:4|5[1-5]|2(?:2[2-9]|[3-6][0-9]|7[01]|720)|35|6(?:011|[245])|1946)[0-9]*"
_ISSUER = f"^(?:3[47][0-9]{{13}}|4[0-9]{{12}}|(?:{_LONG}))$"
"""Fifteen digits that begin with 35 are the number of a mobile telephone (IMEI)."""
_GROUPED = r"[2-6][0-9]{3}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4}"
_INSIDE = re.compile(rf"(?<![\d.,])({_GROUPED})(?![\d.,]\d)(?!\d)")
_START = r"^[\s'\"=]*(?:4|5[1-5]|2[2-7]|3[457]|6(?:0|[245])|1946)[0-9]{2}"
_FIRST = f"{_START}|[^0-9]"
"""How a card begins; a NIK of this province (61…) does not."""
_WORDS = (
    r"(?i)(?:kartu (?:kredit|debit|atm)|credit card|visa|mastercard)"
    r"[^0-9]{0,20}([0-9]{13,19})(?:[^0-9]|$)"
)
_AFTER_WORD = re.compile(_WORDS)


@dataclass
class CardTally(Tally):
    """Whole cells of the length and those that pass; grouped ones are surer."""

    shaped: int = 0
    valid: int = 0
    grouped: int = 0
    text: int = 0


class KartuPembayaran(Recognizer[CardTally]):
    """Thirteen to nineteen digits with an issuer's prefix and the check of Luhn.

    A tenth of all numbers pass the check, so without a heading nearly all of a column have to,
    or they are written in groups of four.
    """

    kind = "kartu_pembayaran"
    label = N_("Payment card number")
    rank = 130
    since = "2026.3"
    evidence = Evidence.NUMBER
    sentences = {
        "header": N_("The column is headed as card and its values pass the check digit."),
        "pattern": N_("The values have issuer and check digit of a payment card."),
        "text": N_("The number of a payment card stands within longer text."),
    }
    personal_class = PersonalClass.SPECIFIC
    hard = True
    context = frozenset(
        {"kartu kredit", "kartu debit", "kartu pembayaran", "kartu bank", "cc number", "kartu atm",
         "credit card", "debit card", "card number", "no kartu", "nomor kartu", "pan", "nokartu"}
    )  # fmt: skip
    prefilter = rf"(?:^|[^0-9])(?:{_GROUPED})|^[\s'\"=]*[2-6][0-9]{{14,15}}[\s'\"]*$|{_WORDS}"
    shortest = 13
    bare = 13
    bare_most = 19
    strays = "(?:[0-9][ \\-]*){15}"

    def start(self) -> CardTally:
        """Return an empty tally for one column."""
        return CardTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of this kind."""
        return place.mentions(self.context)

    def manner(self, place: Place) -> bool:
        """Under a heading of the kind every cell counts."""
        return not place.free_text and self.wants(place)

    def update_many(
        self, tallies: Sequence[CardTally], columns: Sequence[pl.Series], places: Sequence[Place]
    ) -> None:
        """Count within several columns; most have nothing that begins like a card."""
        cells = Parts.of(columns)
        if self.manner(places[0]):
            some = [1] * len(columns)
        else:
            some = cells.counts(cells.contains(_FIRST))
        for tally, column, place, first in zip(tallies, columns, places, some, strict=True):
            if first:
                self.update(tally, column, place)

    def update(self, tally: CardTally, cells: pl.Series, place: Place) -> None:
        """Count whole cells, and groups or introduced numbers within text."""
        if place.free_text or not self.wants(place):
            bare = digits_only(cells) is not None
            cells = cells.filter(cells.str.contains(_START if bare else _FIRST))
            if not len(cells):
                return
        trimmed = trim(cells)
        grouped = trimmed.str.contains(f"^{_GROUPED}$")
        plain = trimmed.str.replace_all("[ -]", "")
        lengths = "^[0-9]{13,19}$" if place.mentions(self.context) else "^[0-9]{15,16}$"
        whole = plain.str.contains(lengths)
        self._count(tally, plain.filter(whole), grouped.filter(whole))
        rest = trimmed.filter(~whole)
        rest = rest.filter(rest.str.contains(self.prefilter))
        for cell in rest.to_list():
            for match in (*_INSIDE.finditer(cell), *_AFTER_WORD.finditer(cell)):
                digits = re.sub(r"\D", "", match[1])
                if luhn_valid(digits) and re.match(_ISSUER, digits):
                    tally.text += 1
                    tally.sample = tally.sample or mask_digits(digits)
                    break

    def _count(self, tally: CardTally, plain: pl.Series, grouped: pl.Series) -> None:
        tally.shaped += len(plain)
        size = plain.str.len_bytes()
        issued = plain.str.contains(_ISSUER) & ((size != 15) | plain.str.contains("^3[47]"))
        plain, grouped = plain.filter(issued), grouped.filter(issued)
        for length in plain.str.len_bytes().unique().to_list():
            same = plain.str.len_bytes() == length
            chosen, groups = plain.filter(same), grouped.filter(same)
            # Nineteen digits are more than the integers that the column is computed with.
            good = luhn(chosen, length) if length <= 18 else chosen.map_elements(
                luhn_valid, return_dtype=pl.Boolean
            )  # fmt: skip
            found = chosen.filter(good)
            tally.valid += len(found)
            tally.grouped += int(groups.filter(good).sum())
            if len(found):
                tally.sample = tally.sample or mask_digits(found[0])
                tally.note_distinct(found)

    def conclude(self, tally: CardTally, filled: int, place: Place) -> Finding | None:
        """Judge the column."""
        if place.mentions(self.context):
            if tally.valid * 2 >= tally.shaped and tally.valid:
                total = tally.valid + tally.text
                return self.finding(tally.sample, total, filled, 0.95, "kartu_pembayaran.header")
        elif tally.valid * 10 >= tally.shaped * 9 and (len(tally.seen) >= 3 or tally.grouped):
            total = tally.valid + tally.text
            return self.finding(tally.sample, total, filled, 0.8, "kartu_pembayaran.pattern")
        if tally.text:
            return self.finding(tally.sample, tally.text, filled, 0.75, "kartu_pembayaran.text")
        return None
