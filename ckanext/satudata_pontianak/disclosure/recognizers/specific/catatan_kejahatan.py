"""Criminal records, of who did it and of whom it was done to."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .attribute import Attribute


class CatatanKejahatan(Attribute):
    """Offences, sentences, custody (UU 27/2022 article 4 (2) d)."""

    kind = "catatan_kejahatan"
    label = N_("Criminal record")
    rank = 230
    since = "2026.3"
    sensitive = True
    sentences = {
        "header": N_("A person's criminal record, by the heading."),
        "values": N_("A person's criminal record: most values are offences."),
    }
    personal_class = PersonalClass.SPECIFIC
    context = frozenset(
        {"pidana", "tindak pidana", "kejahatan", "perkara", "vonis", "dakwaan", "tuntutan", "napi",
         "narapidana", "terpidana", "tersangka", "terdakwa", "residivis", "skck", "kriminal",
         "pelanggaran", "pasal", "hukuman", "masa tahanan", "tahanan", "kekerasan",
         "bentuk kekerasan", "catatan polisi", "putusan", "kasus hukum", "jenis kasus",
         "status hukum", "riwayat hukum", "catatan kepolisian", "criminal", "dipidana",
         "dipenjara"}
    )  # fmt: skip
    against = frozenset({"nama", "nik", "umur", "usia", "biaya"})
    allowed = frozenset({"tahun"})
    shape = "[A-Za-z]{2}"
    values = (
        r"(?i)(?:^|[^a-z])(?:pencurian|penganiayaan|penggelapan|narkotika|narkoba|penipuan|kdrt|pembunuhan|"
        r"perampokan|pemerkosaan|pencabulan|korupsi|pemerasan|curanmor|pasal [0-9]+|kuhp|penadahan|"
        r"pengeroyokan|asusila)(?:[^a-z]|$)"
    )
