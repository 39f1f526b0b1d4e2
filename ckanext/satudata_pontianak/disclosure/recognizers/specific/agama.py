"""Religion."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .attribute import Attribute


class Agama(Attribute):
    """Religion is general personal data by UU 27/2022 article 4 (3) d, not specific."""

    kind = "agama"
    label = N_("Religion")
    rank = 260
    since = "2026.3"
    sensitive = True
    sentences = {
        "header": N_("A person's religion, by the heading."),
        "values": N_("A person's religion: most values are religions."),
    }
    personal_class = PersonalClass.GENERAL
    context = frozenset({"agama", "religion", "kepercayaan", "keyakinan", "agm"})
    against = frozenset(
        {"guru", "mata", "pelajaran", "nilai", "kantor", "rumah", "pendidikan", "kementerian"}
    )
    values = (
        r"(?i)^\s*(?:islam|kristen(?: protestan)?|protestan|k?h?atolik|kristen katolik|hindu|"
        r"bud(?:d)?ha|k(?:h)?onghucu|"
        r"kepercayaan.*|penghayat.*)\s*$"
    )
