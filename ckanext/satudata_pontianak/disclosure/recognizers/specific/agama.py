"""Religion."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.report import PersonalClass

from .attribute import Attribute


class Agama(Attribute):
    """Religion is general personal data by UU 27/2022 article 4 (3) d, not specific."""

    kind = "agama"
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
