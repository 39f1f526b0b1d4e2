"""NISN, the national number of a pupil."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.report import PersonalClass

from .headed import Headed


class NISN(Headed):
    """Ten digits (fewer, where a spreadsheet dropped zeros); only a word tells them from others.

    The number of a school (NPSN, eight digits) is public.
    """

    kind = "nisn"
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset({"nisn", "induk siswa nasional", "nomor induk siswa", "no induk siswa"})
    against = frozenset({"jumlah", "jml", "total", "npsn"})
    whole = "^[0-9]{8,10}$"
    words = "nisn|induk siswa nasional"
    value = "[0-9]{10}"
    shortest = 8
