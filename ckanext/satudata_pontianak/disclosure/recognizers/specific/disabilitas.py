"""Disability."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.report import PersonalClass

from .attribute import Attribute


class Disabilitas(Attribute):
    """Disability is information on health (UU 27/2022 article 4 (2) a)."""

    kind = "disabilitas"
    personal_class = PersonalClass.SPECIFIC
    context = frozenset(
        {"disabilitas", "difabel", "kecacatan", "cacat", "disability", "ketunaan",
         "berkebutuhan khusus", "kebutuhan khusus", "abk"}
    )  # fmt: skip
    against = frozenset({"fasilitas", "akses", "ramah", "sekolah", "jalur"})
    values = (
        r"(?i)(?:tuna ?(?:netra|rungu|wicara|daksa|grahita|laras|ganda)|disabilitas|difabel|"
        r"cerebral palsy|"
        r"autis|down syndrome|slow learner|cacat|adhd)|"
        # The classes of UU 8/2016 article 4, where the cell holds nothing else.
        r"^\s*(?:intelektual|mental|sensorik|ganda|netra|rungu|daksa|grahita)\s*$"
    )
