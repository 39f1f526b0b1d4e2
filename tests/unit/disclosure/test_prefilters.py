"""What lets the scan skip cells: it must never skip one that a recogniser would count."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.columns import DECIMAL, ColumnScan
from ckanext.satudata_pontianak.disclosure.lexicon import NAME_TOKEN, holds_name
from ckanext.satudata_pontianak.disclosure.recognizers import RECOGNIZERS, Place
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT

from .test_screening import CELLS

FIGURED = [r for r in RECOGNIZERS.values() if r.prefilter and r.figured]
WORDS = (
    "nik kk npwp NIP nisn bpjs jkn paspor no nomor sim SIM C rekening rek BCA bank plat nopol KB "
    "AB QW hp wa telp lahir tanggal tgl Pontianak, rumah saya di Jl. Gg. Blok A RT RW kartu kredit "
    "visa ip a.n. Budi Santoso : . - ( ) / ="
).split()


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
@example("KB NIP")
def test_kinds_that_need_a_figure_match_nothing_without_one(text):
    cells = pl.Series([text])
    assert [r.kind for r in FIGURED if cells.str.contains(r.prefilter).item()] == []


@given(st.from_regex(r"-?[0-9]{1,7}\.[0-9]{1,17}", fullmatch=True))
def test_no_kind_has_the_form_of_a_short_decimal(number):
    if not re.match(DECIMAL, number):
        return
    scan = ColumnScan(DEFAULT, Place("luas"))
    # A word keeps the column from being one of numbers, so that every rule looks at the cell.
    scan.update(pl.Series([number, "tidak ada"]))
    assert scan.conclude() == ()


NOTES = [
    f"warga mengeluh jalan rusak dan lampu mati di pasar ke {'abc'[i % 3]} lagi"
    for i in range(6000)
]
HIDDEN = {
    "nik": "atas permintaan pemohon dengan NIK 6171014107800003 hari ini",
    "telepon": "mohon hubungi kami kembali di nomor 0812-3456-7890 sekarang",
    "email": "jawaban dikirim ke alamat budi.santoso@gmail.com kemarin ya",
    "nama_orang": "laporan ini disampaikan atas nama Budi Santoso kepada kami",
}


@pytest.mark.parametrize(("kind", "text"), HIDDEN.items())
@pytest.mark.parametrize("varied", [False, True])
def test_one_sentence_among_thousands_is_found(kind, text, varied):
    """However the others look: a few that repeat, or each another."""
    notes = [f"{note} {i * (ord('a') if varied else 0):b}" for i, note in enumerate(NOTES)]
    notes = [note.translate({48: "o", 49: "i"}) for note in notes]
    notes[4321] = text
    scan = ColumnScan(DEFAULT, Place("uraian"))
    scan.update(pl.Series(notes))
    assert {(f.kind, f.count) for f in scan.conclude()} == {(kind, 1)}


@pytest.mark.parametrize("others", ["08", "1", "", "12.5", "x"])
def test_a_number_is_found_among_any_others(others):
    cells = [f"{others}{i}" for i in range(4, 6000)]
    cells[777] = "6171014107800003"
    scan = ColumnScan(DEFAULT, Place(None))
    scan.update(pl.Series(cells))
    assert {(f.kind, f.count) for f in scan.conclude()} == {("nik", 1)}


@given(
    st.lists(
        st.sampled_from(
            [*"budi siti Santoso suharwati Kota pasar mas'ud x aryanto Jalan".split(), "-"]
        ),
        max_size=4,
    ),
    st.sampled_from([" ", ".", ", ", "-", "'", ""]),
)
def test_a_name_is_told_word_by_word_as_by_the_expression(parts, between):
    text = between.join(parts)
    assert holds_name(text) == bool(re.search(NAME_TOKEN, text))


@pytest.mark.parametrize("kind", [r.kind for r in RECOGNIZERS.values() if r.prefilter])
@pytest.mark.parametrize("heading", [None, "keterangan", "jumlah", "nama kegiatan", "Kepala Dinas"])
def test_a_kind_counts_nothing_in_cells_that_have_none_of_its_forms(kind, heading):
    recognizer, place = RECOGNIZERS[kind], Place(heading)
    if recognizer.wants(place):
        return
    forms = "|".join(f"(?:{form})" for form in (recognizer.prefilter, recognizer.strays) if form)
    cells = pl.Series([cell for cell in (*CELLS, *HIDDEN.values()) if not cell.isdigit()])
    others = cells.filter(~cells.str.contains(forms))
    assert len(others) > 10
    tally = recognizer.start()
    recognizer.update(tally, others, place)
    assert tally == recognizer.start()


@pytest.mark.parametrize(("kind", "text"), HIDDEN.items())
def test_one_among_thousands_of_another_kind_is_found(kind, text):
    cells = [f"warga{i}@gmail.com" for i in range(6000)]
    cells[4321] = text
    scan = ColumnScan(DEFAULT, Place("catatan"))
    scan.update(pl.Series(cells))
    found = {(f.kind, f.count) for f in scan.conclude()}
    assert found == ({("email", 6000)} if kind == "email" else {("email", 5999), (kind, 1)})
