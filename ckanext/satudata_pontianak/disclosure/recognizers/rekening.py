"""The number of a bank account."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .base import Place
from .headed import Headed, HeadedTally

_BANKS = (
    "bca|bri|bni|btn|mandiri|bsi|cimb|danamon|permata|mega|panin|ocbc|bank kalbar|kalbar|muamalat|"
    "bukopin|maybank|jago|seabank|bank syariah"
)
_BANK_FIRST = (
    rf"(?i)^\s*(?:(?:pt|bank|bpd)\.? +)*(?:{_BANKS})(?: +(?:syariah|kalbar|cabang|kcp|pontianak))*"
    r"[ .:;,/\-]+(?:(?:no|nomor|norek|rek|rekening)\.? *:? *)*([0-9][0-9 .\-]*)\s*$"
)
"""``BPD Kalbar 1025034567``: the bank stands before the number."""
_BUDGET = "^[4-7][1-6]0[0-9][0-9]*$"


@dataclass
class AccountTally(HeadedTally):
    """``budget``: how many begin like the accounts of a budget (5 1 02 …)."""

    budget: int = 0


class Rekening(Headed):
    """Eight to sixteen digits under a heading, or after ``rekening`` or ``no. rek`` in a text.

    The accounts of a budget (``kode rekening``, 5.1.02.01…) are public codes: a heading with a
    code, a name or an amount is theirs, and so are dotted values.
    """

    kind = "rekening"
    label = N_("Bank account number")
    rank = 120
    since = "2026.4"
    evidence = Evidence.NUMBER
    headings = frozenset({"no rekening", "rekening"})
    sentences = {
        "header": N_("The column is headed as account and holds numbers of that length."),
        "text": N_("The number of a bank account stands within longer text."),
    }
    personal_class = PersonalClass.SPECIFIC
    hard = True
    context = frozenset(
        {
            "rekening",
            "norek",
            "rek",
            "no rek",
            "bank account",
            "account number",
            "account no",
            "acc no",
            "no acc",
        }
    )
    against = frozenset(
        """kode kd uraian nama nm belanja anggaran pagu realisasi jumlah jml total akun
        objek jenis sub kelompok listrik air pln pdam telepon saldo kas""".split()
    )
    whole = "^[0-9]{8,16}$"
    words = (
        rf"(?:(?:no\.?|nomor) ?)?(?:rekening|rek\.?|norek)(?: (?:no\.?|nomor|bank|tabungan|an|"
        rf"{_BANKS})){{0,4}}"
        rf"|(?:transfer|kirim) ke (?:{_BANKS})"
    )
    value = r"[0-9][0-9 \-]{6,18}[0-9]"
    shortest = 8

    def accepts(self, value: str) -> bool:
        """Count digits; a telephone after the words is none."""
        digits = re.sub(r"\D", "", value)
        return 8 <= len(digits) <= 16 and not re.match(r"08[1-9]", digits)

    def start(self) -> AccountTally:
        """Return an empty tally for one column."""
        return AccountTally()

    def update(self, tally: HeadedTally, cells: pl.Series, place: Place) -> None:
        """Leave out what is written with dots: budget accounts are."""
        if not place.free_text and self.wants(place):
            cells = cells.filter(~cells.str.contains(r"^\s*[0-9](?:\.[0-9]+){2,}\s*$"))
            cells = cells.str.replace(_BANK_FIRST, "$1")
        super().update(tally, cells, place)

    def _count(self, tally: HeadedTally, good: pl.Series) -> None:
        super()._count(tally, good)
        if isinstance(tally, AccountTally):
            tally.budget += int(good.str.contains(_BUDGET).sum())

    def conclude(self, tally: HeadedTally, filled: int, place: Place) -> Finding | None:
        """Judge the column; where nearly all begin like accounts of a budget, they are some."""
        if isinstance(tally, AccountTally) and tally.budget * 10 >= max(1, tally.whole) * 9:
            tally = HeadedTally(tally.sample, tally.seen, 0, tally.text)
        return super().conclude(tally, filled, place)
