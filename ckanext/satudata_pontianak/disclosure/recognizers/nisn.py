"""NISN, the national number of a pupil."""

from __future__ import annotations

from ckanext.satudata_pontianak.disclosure.finding import Evidence, PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .headed import Headed


class NISN(Headed):
    """Ten digits (fewer, where a spreadsheet dropped zeros); only a word tells them from others.

    The number of a school (NPSN, eight digits) is public.
    """

    kind = "nisn"
    label = N_("Student number (NISN)")
    rank = 50
    since = "2026.3"
    evidence = Evidence.NUMBER
    headings = frozenset({"nisn"})
    sentences = {
        "header": N_("The column is headed as NISN and holds numbers of that length."),
        "text": N_("A pupil's NISN stands within longer text."),
    }
    personal_class = PersonalClass.GENERAL
    hard = False
    context = frozenset({"nisn", "induk siswa nasional", "nomor induk siswa", "no induk siswa"})
    against = frozenset({"jumlah", "jml", "total", "npsn"})
    whole = "^[0-9]{8,10}$"
    words = "nisn|induk siswa nasional"
    value = "[0-9]{10}"
    shortest = 8
