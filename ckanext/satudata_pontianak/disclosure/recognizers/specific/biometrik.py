"""Biometric data."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .attribute import Attribute


class Biometrik(Attribute):
    """Fingerprints, iris, face, as templates, pictures or their addresses (article 4 (2) b).

    A column that only says whether a fingerprint was taken (yes, no, a date) holds none.
    """

    kind = "biometrik"
    label = N_("Biometric data")
    rank = 210
    since = "2026.3"
    sentences = {
        "header": N_("Biometric data of persons, by the heading."),
    }
    personal_class = PersonalClass.SPECIFIC
    context = frozenset(
        {"sidik jari", "fingerprint", "finger print", "iris", "retina", "biometrik", "biometric",
         "face encoding", "face embedding", "foto wajah", "wajah", "rekam wajah", "face", "suara",
         "sidikjari", "dna", "tanda tangan digital", "swafoto", "voice print", "voiceprint",
         "face id", "selfie"}
    )  # fmt: skip
    against = frozenset({"status", "mesin", "alat", "merk", "pemilu", "sah"})
    shape = r"[^\s]{8,}"
