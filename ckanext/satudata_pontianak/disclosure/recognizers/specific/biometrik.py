"""Biometric data."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.report import PersonalClass

from .attribute import Attribute


class Biometrik(Attribute):
    """Fingerprints, iris, face, as templates, pictures or their addresses (article 4 (2) b).

    A column that only says whether a fingerprint was taken (yes, no, a date) holds none.
    """

    kind = "biometrik"
    personal_class = PersonalClass.SPECIFIC
    context = frozenset(
        {"sidik jari", "fingerprint", "finger print", "iris", "retina", "biometrik", "biometric",
         "face encoding", "face embedding", "foto wajah", "wajah", "rekam wajah", "face", "suara",
         "sidikjari", "dna", "tanda tangan digital", "swafoto", "voice print", "voiceprint",
         "face id", "selfie"}
    )  # fmt: skip
    against = frozenset({"status", "mesin", "alat", "merk", "pemilu", "sah"})
    shape = r"[^\s]{8,}"
