"""Nomor Kartu Keluarga, the number of a family card."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.report import Finding

from . import sixteen
from .base import Place


class NoKK(sixteen.Sixteen):
    """Shaped like the NIK of a man, so only the heading or the words before it decide.

    Without either the number is reported as ``nik``, which is just as hard.
    """

    kind = "no_kk"
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
