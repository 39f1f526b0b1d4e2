"""The number of a participant in the health insurance (BPJS, JKN, KIS)."""

from __future__ import annotations

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .base import Place
from .headed import Headed, HeadedTally

_UNNAMED = "^000[0-9]{10}$"
_CODES = frozenset({"kode", "kd", "code", "barcode", "ean", "id", "epoch"})


class BPJS(Headed):
    """Thirteen digits (eleven of the employment insurance) under a heading or after a word.

    Under a heading the leading zeros may be lost in a spreadsheet. Without one only 000 and ten
    digits, as the old cards begin; a moment in milliseconds and an EAN have thirteen digits too
    but never begin so. ``prefilter`` has both forms.
    """

    kind = "bpjs"
    label = N_("Health insurance number (BPJS)")
    rank = 60
    since = "2026.3"
    evidence = Evidence.NUMBER
    headings = frozenset({"bpjs", "no bpjs"})
    sentences = {
        "header": N_("The column is headed as insurance number and holds numbers of that length."),
        "pattern": N_("Thirteen digits that begin with 000, as numbers of BPJS Kesehatan do."),
        "text": N_("A number of BPJS stands within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = True
    context = frozenset(
        {"bpjs", "nobpjs", "jkn", "nojkn", "kis", "nokis", "bpjstk", "kpj", "kartu indonesia sehat"}
    )
    against = frozenset(
        {
            "jumlah",
            "jml",
            "total",
            "status",
            "jenis",
            "kelas",
            "pbi",
            "nik",
            "persen",
            "iuran",
            "klaim",
            "biaya",
            "tagihan",
            "premi",
            "dana",
            "tunggakan",
            "nilai",
        }
    )
    whole = "^(?:[0-9]{13}|[0-9]{9,11})$"
    words = r"(?:bpjs|jkn|kis)(?: (?:kesehatan|ketenagakerjaan|mandiri|pbi))?"
    value = "[0-9]{13}|[0-9]{11}"
    shortest = 11
    bare = 13
    bare_most = 13
    worded = False

    def __init__(self) -> None:
        super().__init__()
        self.prefilter = rf"{self.introduced}|^[\s'\"=]*000[0-9]{{10}}"

    def update(self, tally: HeadedTally, cells: pl.Series, place: Place) -> None:
        """Count; a cell of bare digits needs its leading zeros where no heading names it."""
        if place.free_text or not self.wants(place):
            bare = cells.filter(cells.str.contains(r"^[\s'\"=]*000[0-9]{10}"))
            bare = bare.str.strip_chars(" \t\r\n'\"=`")
            self._count(tally, bare.filter(bare.str.contains(_UNNAMED)))
        super().update(tally, cells, place)

    def conclude(self, tally: HeadedTally, filled: int, place: Place) -> Finding | None:
        """Judge the column."""
        finding = super().conclude(tally, filled, place)
        if finding is None or not tally.whole or self.wants(place):
            return finding
        if place.mentions(self.against) or place.mentions(_CODES):
            return None
        return self.finding(tally.sample, finding.count, filled, 0.7, "bpjs.pattern")
