"""Ethnicity."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.report import PersonalClass

from .attribute import Attribute


class Suku(Attribute):
    """Not listed in UU 27/2022: protected as the city's policy."""

    kind = "suku"
    personal_class = PersonalClass.CITY
    context = frozenset({"suku", "etnis", "suku bangsa", "etnik", "ethnic", "ethnicity", "marga"})
    against = frozenset({"bunga", "cadang"})
    values = (
        r"(?i)^\s*(?:suku )?(?:melayu|dayak(?: [a-z]+)?|tionghoa|cina|china|jawa|madura|bugis|"
        r"batak|minang(?:kabau)?|sunda|"
        r"banjar|betawi|bali|ambon|papua|sasak|makassar|arab|aceh|manado|flores|toraja)\s*$"
    )
