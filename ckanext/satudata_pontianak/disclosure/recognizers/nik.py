"""NIK, the number of a resident."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding
from ckanext.satudata_pontianak.msgids import N_

from . import sixteen
from .base import Place

BPS_HEADINGS = frozenset(
    {"idsubsls", "idsls", "id sls", "id subsls", "kdsls", "iddesa", "idkec", "idbs", "id bs",
     "nks", "sls"}
)  # fmt: skip
OTHER_HEADINGS = frozenset(
    {
        "kode", "kd", "code", "barcode", "ean", "gtin", "isbn", "sku", "nup", "nop", "npsn",
        "jumlah", "jml", "total", "nilai", "anggaran", "harga", "rupiah", "rp", "pagu",
        "realisasi", "saldo", "volume", "timestamp", "epoch", "unix", "rekening", "norek",
        "koordinat", "lat", "lon", "lintang", "bujur", "kartu kredit", "hash",
    }
)  # fmt: skip


FEW = 6
"""So many numbers of sixteen digits are too few to say that one stands there by chance."""


class NIK(sixteen.Sixteen):
    """Sixteen digits with region, birth date and serial number.

    Scores: heading and structure 0.99; structure of a whole column 0.85; within text 0.8;
    under a heading that says something else 0.5; digits lost in a spreadsheet 0.6. A single
    number with a valid date but an unknown province stays silent without a heading: 7 % of
    all random numbers have that.
    """

    kind = "nik"
    label = N_("Identity number (NIK)")
    rank = 10
    since = "2026.3"
    evidence = Evidence.NUMBER
    headings = frozenset({"nik", "no ktp", "nomor ktp"})
    sentences = {
        "header": N_("The column is headed as NIK and its values have the form of a NIK."),
        "pattern": N_("The values have region, birth date and serial number of a NIK."),
        "text": N_("A NIK stands within longer text."),
        "digit_lost": N_(
            "The values are NIK whose last digits were lost because a spreadsheet stored them "
            "as numbers; region and birth date are still there."
        ),
        "header_only": N_(
            "The column is headed as NIK and holds 16-digit numbers, though without a valid date."
        ),
        "mixed": N_("NIK of this region stand among other 16-digit numbers."),
        "other_header": N_(
            "The values have the form of a NIK although the heading says otherwise."
        ),
        "among_kk": N_("NIK (birth day with 40 added) stand in a column of family card numbers."),
    }
    context = sixteen.NIK_HEADINGS

    def conclude(self, tally: sixteen.SixteenTally, filled: int, place: Place) -> Finding | None:
        whole, score, code = self._whole(tally, place)
        if tally.text_nik and (not whole or tally.text_nik > whole):
            score, code = max(score, 0.8), "nik.text"
        total = whole + tally.text_nik
        if not total:
            return None
        sample = tally.sample or tally.lost_sample or tally.weak_sample
        return self.finding(sample, total, filled, score, code)

    def _whole(self, tally: sixteen.SixteenTally, place: Place) -> tuple[int, float, str]:
        """Judge the cells that are nothing but the number: how many, how sure, why."""
        nothing = (0, 0.0, "")
        if not tally.shaped:
            return nothing
        if sixteen.headed_kk(place):
            if not sixteen.headed_nik(place):
                return (tally.female, 0.7, "nik.among_kk") if tally.female else nothing
        elif sixteen.headed_nik(place):
            pass
        else:
            return self._unlabelled(tally, place)
        if tally.valid:
            return max(tally.valid, tally.valid_anywhere) + tally.lost, 0.99, "nik.header"
        if tally.lost:
            return tally.lost, 0.6, "nik.digit_lost"
        if tally.valid_anywhere:
            return tally.valid_anywhere, 0.7, "nik.header"
        return tally.shaped, 0.4, "nik.header_only"

    def _unlabelled(self, tally: sixteen.SixteenTally, place: Place) -> tuple[int, float, str]:
        nothing = (0, 0.0, "")
        other = place.mentions(OTHER_HEADINGS)
        bps = place.mentions(BPS_HEADINGS)
        dated = tally.valid - (tally.bps if other or bps or tally.bps > 1 else 0)
        most = dated * 2 >= tally.shaped
        if dated > 0 and most and not tally.monotonous:
            varied = dated >= 3 and len(tally.days) >= 3
            if not other and not bps:
                return dated + tally.lost, 0.85, "nik.pattern"
            if varied or not bps:
                return dated, 0.7 if varied else 0.4, "nik.other_header"
            return nothing
        if dated > 0 and not bps and not tally.monotonous and tally.local_stands_out:
            return tally.local, 0.6, "nik.mixed"
        if dated > 0 and not place.headed and tally.shaped <= FEW and not tally.monotonous:
            # Chance puts such a date into one of thirty; nothing says that these are anything else.
            return dated, 0.45, "nik.mixed"
        if tally.lost >= 3 and tally.lost * 2 >= tally.shaped and len(tally.days) >= 3:
            return tally.lost, 0.5, "nik.digit_lost"
        return nothing
