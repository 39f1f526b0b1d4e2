"""SIM, the number of a driving licence."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import Evidence, PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .headed import Headed


class SIM(Headed):
    """Twelve to fourteen digits under a heading or after the word; no check is published."""

    kind = "sim"
    label = N_("Driving licence number (SIM)")
    rank = 80
    since = "2026.3"
    evidence = Evidence.NUMBER
    headings = frozenset({"sim"})
    sentences = {
        "header": N_("The column is headed as SIM and holds numbers of that length."),
        "text": N_("The number of a driving licence stands within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = True
    context = frozenset(
        {
            "sim",
            "no sim",
            "nosim",
            "nomor sim",
            "surat izin mengemudi",
            "driver license",
            "driving license",
            "driving licence",
        }
    )
    against = frozenset({"jumlah", "jml", "total", "kartu", "sistem"})
    whole = "^[0-9]{12,14}$"
    words = r"sim(?: (?:a|b1|b2|b i|b ii|c|d|umum)){0,3}|surat izin mengemudi"
    value = r"[0-9][0-9 \-]{10,15}[0-9]"
    shortest = 12

    def accepts(self, value: str) -> bool:
        """Count digits without the marks between them."""
        return super().accepts(value) and 12 <= sum(c.isdigit() for c in value) <= 14
