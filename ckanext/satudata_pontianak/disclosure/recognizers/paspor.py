"""The number of a passport."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.report import PersonalClass

from .headed import Headed


class Paspor(Headed):
    """A letter and seven digits, or one or two letters and six or seven, under a heading or a word.

    Numbers of documents and assets look the same, so that nothing else decides.
    """

    kind = "paspor"
    personal_class = PersonalClass.GENERAL
    hard = True
    context = frozenset({"paspor", "passport", "no paspor", "nopaspor", "pasport"})
    against = frozenset({"jumlah", "jml", "total", "jenis", "kantor", "tanggal", "tgl", "masa"})
    whole = "(?i)^[a-z]{1,2}[0-9]{6,7}$"
    words = "paspor|passport|pasport"
    value = "[A-Za-z]{1,2} ?[0-9]{6,7}"
    shortest = 7
