"""The reader of pages finds what it is there for."""

from __future__ import annotations

import pytest

from .reading import Foreign, spoken

PAIRS = [
    ("Save", "Simpan"),
    ("Dataset", "Dataset"),
    ("There are %(n)s files for this dataset", "Ada %(n)s berkas data untuk dataset ini"),
    ("<b>Look here first</b> and then go on", "<b>Lihat dulu</b> lalu lanjutkan"),
    ("No", "Tidak"),
]
PAGE = """
<html><head><title>Judul</title><script>var Save = 1;</script>
<meta name="description" content="Uraian"></head>
<body><p title="Petunjuk">Simpan <b>ini</b></p><img alt="Gambar" src="x">
<code>Save</code><input type="submit" value="Kirim"><input type="text" value="Save">
<textarea>Save</textarea><p translate="no">Save</p></body></html>
"""


def test_what_people_read_or_hear_is_read() -> None:
    assert spoken(PAGE) == ["Judul", "Uraian", "Petunjuk", "Simpan", "ini", "Gambar", "Kirim"]


def test_a_date_as_machines_write_it_is_found_inside_a_text() -> None:
    page = (
        "<p>Berlaku sampai 2026-11-24.</p><p><code>2026-11-24</code> dan "
        "<a href='x'>data 2026-11-24.csv</a></p><p>laporan-2026-11-24.pdf</p>"
        "<table><tr><td>pada 2026-11-24</td><th>sejak 2026-11-25</th></tr></table>"
        "<p>2026-11-26</p>"
    )
    found = [wrong.text for wrong in Foreign("id", PAIRS).wrong_dates(page)]
    assert found == ["Berlaku sampai 2026-11-24.", "sejak 2026-11-25"]


def test_what_people_typed_may_stand() -> None:
    foreign = Foreign("en", PAIRS)
    foreign.allow(["Simpan"])
    assert list(foreign.wrong(["Simpan"])) == []


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        ("id", "Save", "message 'Save'"),
        ("id", "Save:", "message 'Save:'"),
        ("id", "Simpan", None),
        ("id", "Dataset", None),
        ("en", "Dataset", None),
        ("en", "Simpan", "message 'Simpan'"),
        ("id", "There are 12 files for this dataset", "message 'files for this dataset'"),
        ("en", "Ada 12 berkas data untuk dataset ini", "message 'berkas data untuk dataset ini'"),
        ("id", "Look here first", "message 'Look here first'"),
        ("id", "Powered by CKAN", "English words"),
        ("id", "24 November 2026", None),
        ("id", "24 December 2026", "month"),
        ("en", "24 Desember 2026", "month"),
        ("id", "1,234 baris", "number"),
        ("id", "1.234 baris", None),
        ("en", "1.234 rows", "number"),
        ("id", "1.2 MB", "number"),
        ("en", "1.2 MB", None),
        ("id", "2026-11-24", "machine's date"),
        ("id", "10.1.2.3", None),
    ],
)
def test_what_is_of_another_language_is_found(language: str, text: str, why: str | None) -> None:
    found = [wrong.why for wrong in Foreign(language, PAIRS).wrong([text])]
    assert found == ([why] if why else [])
