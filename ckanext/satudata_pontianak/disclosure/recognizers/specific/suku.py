"""Ethnicity."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .attribute import Attribute


class Suku(Attribute):
    """Not listed in UU 27/2022: protected as the city's policy."""

    kind = "suku"
    label = N_("Ethnic group")
    rank = 270
    since = "2026.3"
    sensitive = True
    sentences = {
        "header": N_("A person's ethnicity, by the heading."),
        "values": N_("A person's ethnicity: most values name one."),
    }
    personal_class = PersonalClass.CITY
    context = frozenset({"suku", "etnis", "suku bangsa", "etnik", "ethnic", "ethnicity", "marga"})
    against = frozenset({"bunga", "cadang"})
    values = (
        r"(?i)^\s*(?:suku )?(?:melayu|dayak(?: [a-z]+)?|tionghoa|cina|china|jawa|madura|bugis|"
        r"batak|minang(?:kabau)?|sunda|"
        r"banjar|betawi|bali|ambon|papua|sasak|makassar|arab|aceh|manado|flores|toraja)\s*$"
    )
