"""Social aid: who gets it, and the decile that decides it."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .attribute import Attribute


class BantuanSosial(Attribute):
    """Aid says how poor somebody is: the city's reference counts it with personal finance.

    Source: UU 27/2022 article 4 (2) f, read as the reference for this project does.
    """

    kind = "bantuan_sosial"
    label = N_("Social assistance")
    rank = 250
    since = "2026.3"
    sensitive = True
    sentences = {
        "header": N_("Social aid that a person gets, by the heading."),
        "values": N_("Social aid that a person gets: most values name one."),
    }
    personal_class = PersonalClass.SPECIFIC
    context = frozenset(
        {"bansos", "bantuan sosial", "bantuan", "dtks", "dtsen", "desil", "pkh", "bpnt", "blt",
         "bst", "pbi", "kks", "kip", "pip", "sembako", "rastra", "kesejahteraan", "status ekonomi",
         "miskin", "p3ke", "kemiskinan", "kps", "kpm", "sktm"}
    )  # fmt: skip
    against = frozenset(
        """nik nama nilai besaran anggaran hukum operasional kelompok kontak nisn bulan
        periode tahap kk rekening bank usaha bibit""".split()
    )
    allowed = frozenset({"no", "nomor", "id"})
    values = (
        r"(?i)(?:^|[^a-z])(?:pkh|bpnt|blt|bst|bansos|kip|pip|kis|pbi|rastra|sembako|dtks|"
        r"program keluarga harapan|bantuan (?:sosial|tunai|pangan|langsung)[a-z ]*)(?:[^a-z]|$)"
    )
