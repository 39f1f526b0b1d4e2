"""Disability."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .attribute import Attribute


class Disabilitas(Attribute):
    """Disability is information on health (UU 27/2022 article 4 (2) a)."""

    kind = "disabilitas"
    label = N_("Disability")
    rank = 200
    since = "2026.5"
    sensitive = True
    sentences = {
        "header": N_("A person's disability, by the heading."),
        "values": N_("A person's disability: most values name one."),
    }
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
