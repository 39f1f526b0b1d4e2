"""The number of a passport."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import Evidence, PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .headed import Headed


class Paspor(Headed):
    """A letter and seven digits, or one or two letters and six or seven, under a heading or a word.

    Numbers of documents and assets look the same, so that nothing else decides.
    """

    kind = "paspor"
    label = N_("Passport number")
    rank = 70
    since = "2026.3"
    evidence = Evidence.NUMBER
    headings = frozenset({"paspor", "passport"})
    sentences = {
        "header": N_("The column is headed as passport and its values have that form."),
        "text": N_("The number of a passport stands within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = True
    context = frozenset({"paspor", "passport", "no paspor", "nopaspor", "pasport"})
    against = frozenset({"jumlah", "jml", "total", "jenis", "kantor", "tanggal", "tgl", "masa"})
    whole = "(?i)^[a-z]{1,2}[0-9]{6,7}$"
    words = "paspor|passport|pasport"
    value = "[A-Za-z]{1,2} ?[0-9]{6,7}"
    shortest = 7
