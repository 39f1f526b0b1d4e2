"""Nomor Kartu Keluarga, the number of a family card."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding
from ckanext.satudata_pontianak.msgids import N_

from . import sixteen
from .base import Place


class NoKK(sixteen.Sixteen):
    """Shaped like the NIK of a man, so only the heading or the words before it decide.

    Without either the number is reported as ``nik``, which is just as hard.
    """

    kind = "no_kk"
    label = N_("Family card number (KK)")
    rank = 20
    since = "2026.3"
    evidence = Evidence.NUMBER
    headings = frozenset({"no kk", "nomor kk", "kartu keluarga"})
    sentences = {
        "header": N_("The column is headed as family card number and its values have that form."),
        "text": N_("A family card number stands within longer text."),
        "digit_lost": N_(
            "The values are family card numbers whose last digits were lost because a spreadsheet "
            "stored them as numbers."
        ),
        "header_only": N_(
            "The column is headed as family card number and holds 16-digit numbers, though without "
            "a valid date."
        ),
    }
    context = sixteen.KK_HEADINGS

    def conclude(self, tally: sixteen.SixteenTally, filled: int, place: Place) -> Finding | None:
        whole, score, code = 0, 0.0, ""
        if sixteen.headed_kk(place) and not sixteen.headed_nik(place) and tally.shaped:
            male = max(tally.valid, tally.valid_anywhere) - tally.female
            if male > 0:
                whole, score, code = male + tally.lost, 0.99, "no_kk.header"
            elif tally.lost:
                whole, score, code = tally.lost, 0.6, "no_kk.digit_lost"
            elif tally.shaped > tally.female:
                whole, score, code = tally.shaped - tally.female, 0.4, "no_kk.header_only"
        if tally.text_kk and tally.text_kk > whole:
            score, code = max(score, 0.8), "no_kk.text"
        if not whole + tally.text_kk:
            return None
        sample = tally.kk_sample or tally.sample or tally.lost_sample or tally.weak_sample
        return self.finding(sample, whole + tally.text_kk, filled, score, code)
