"""What the words of a sheet tell of the dataset, each with its source and how sure that is."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.tidying.describing import Office, describe
from ckanext.satudata_pontianak.tidying.titles import cleaned

HEALTH = Office("Dinas Kesehatan")
BODY = [
    ["Kelurahan", "Kasus (Kasus)"],
    ["Akcaya", 3],
    ["Benua Melayu Laut", 4],
    ["Pal Lima", 5],
]


def told(found, office=HEALTH):
    return {one.field: one for one in describe(found, office)}


def test_a_plain_table_tells_everything(table):
    rows = [["JUMLAH KASUS TUBERKULOSIS MENURUT KELURAHAN"], ["KOTA PONTIANAK"], ["TAHUN 2025"], []]
    fields = told(table([*rows, *BODY]))
    assert {name: one.value for name, one in fields.items()} == {
        "title": "Jumlah Kasus Tuberkulosis Menurut Kelurahan",
        "tahun": "2025",
        "cakupan": "61.71",
        "level_penyajian": "kelurahan",
        "satuan": "Kasus",
        "ukuran": "Jumlah",
        "frekuensi_penerbitan": "tahunan",
        "urusan": "1.02",
    }
    assert str(fields["title"].source) == "row 1 of the sheet Data"
    assert str(fields["tahun"].source) == "row 3 of the sheet Data"
    assert {name for name, one in fields.items() if one.state == "offered"} == {
        "frekuensi_penerbitan"
    }


def test_a_bare_table_tells_little_and_only_offers_it(table):
    fields = told(table([["Jenis", "Banyak"], ["A", 3], ["B", 4]]), Office())
    assert set(fields) == {"cakupan", "level_penyajian", "ukuran"}
    assert fields["cakupan"].state == fields["ukuran"].state == "offered"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Tabel 3.1.2 Jumlah Guru di Kota Pontianak, 2021-2025"], "Jumlah Guru"),
        (["DATA JUMLAH GURU", "TAHUN 2025"], "Jumlah Guru"),
        (["NILAI PDRB KOTA PONTIANAK TAHUN 2025"], "Nilai PDRB"),
        (["LUAS WILAYAH DAN KEPADATAN PENDUDUK"], "Luas Wilayah dan Kepadatan Penduduk"),
        (["Jumlah Guru Menurut Bulan Kota Pontianak Tahun 2025"], "Jumlah Guru Menurut Bulan"),
        (["Harga Bahan Pokok Bulan Maret 2025"], "Harga Bahan Pokok"),
        (["HARGA BAHAN POKOK OKTOBER 2026"], "Harga Bahan Pokok"),
        (["Data Warga"], "Data Warga"),
        (["TAHUN 2025"], ""),
        ([], ""),
    ],
)
def test_a_title_is_cleaned_of_what_stands_in_other_fields(lines, title):
    assert cleaned(lines, []) == title


def test_a_word_in_capitals_takes_the_letters_it_has_elsewhere():
    assert cleaned(["JUMLAH KTP-EL DAN KIA"], ["Pemilik KIA", "KTP-el"]) == "Jumlah KTP-el dan KIA"
    assert cleaned(["JUMLAH GURU LAKI-LAKI"], []) == "Jumlah Guru Laki-laki"


def test_years_of_the_data_count_for_more_than_those_of_the_title(table):
    rows = [["Jumlah Kasus Tahun 2020"], ["Jenis", 2023, 2024], ["A", 1, 2], ["B", 3, 4]]
    years = told(table(rows))["tahun"]
    assert (years.value, years.state) == ("2023-2024", "offered")


def test_villages_of_one_district_are_about_that_district(table):
    fields = told(table([["Kelurahan", "Nilai"], ["Pal Lima", 3], ["Sungai Beliung", 4]]))
    assert fields["cakupan"].value == "61.71.03"


@pytest.mark.parametrize(
    ("rows", "unit"),
    [
        ([["Satuan: Orang"], ["Jenis", "Nilai"], ["A", 1], ["B", 2]], "Orang"),
        ([["Jenis", "Nilai"], ["A", "Rp 1.000"], ["B", "Rp 2.000"]], "Rupiah"),
        ([["Jenis", "Satuan", "Nilai"], ["A", "Ton", 1], ["B", "Ton", 2]], "Ton"),
        ([["Jenis", "Satuan", "Nilai"], ["A", "Ton", 1], ["B", "Unit", 2]], None),
        ([["Jenis", "X (Ton)", "Y (Unit)"], ["A", 1, 2], ["B", 2, 3]], None),
        ([["Jenis", "X", "Y"], [None, "(Ton)", "(Ton)"], ["A", 1, 2], ["B", 2, 3]], "Ton"),
    ],
)
def test_a_unit_is_read_where_it_stands_and_only_one_that_holds_for_all(table, rows, unit):
    found = told(table(rows)).get("satuan")
    assert (found.value if found else None) == unit


@pytest.mark.parametrize(
    ("headings", "frequency"),
    [
        (["Januari", "Februari"], "bulanan"),
        (["Semester I", "Semester II"], "semesteran"),
        (["Triwulan I", "Triwulan II"], "triwulanan"),
        ([2024, 2025], "tahunan"),
    ],
)
def test_the_frequency_follows_the_periods(table, headings, frequency):
    fields = told(table([["Jenis", *headings], ["A", 1, 2], ["B", 3, 4]]))
    assert fields["frekuensi_penerbitan"].value == frequency


@pytest.mark.parametrize(
    ("title", "office", "code", "state"),
    [
        ("Jumlah Balita Gizi Kurang", HEALTH, "1.02", "filled"),
        ("Hasil Survei", HEALTH, "1.02", "filled"),
        ("Jumlah Sekolah", Office("Dinas Pendidikan dan Kebudayaan"), "1.01", "filled"),
        ("Hasil Survei", Office("Dinas Pendidikan dan Kebudayaan"), None, ""),
        ("Persentase Penduduk Miskin", Office("Badan Perencanaan Daerah"), "1.06", "offered"),
        ("Jumlah Sekolah", Office("", ("2.11",)), "2.11", "offered"),
        ("Jumlah Sekolah", Office(), "1.01", "offered"),
        ("Hasil Survei", Office(), None, ""),
    ],
)
def test_the_affair_is_filled_where_agency_and_words_agree(table, title, office, code, state):
    found = told(table([[title], [], ["Jenis", "Nilai"], ["A", 1], ["B", 2]]), office).get("urusan")
    assert (found.value, found.state) == (code, state) if found else code is None


@pytest.mark.parametrize(
    ("line", "frequency"),
    [
        ("BULAN OKTOBER 2026", "bulanan"),
        ("Bulan: Jan 2025", "bulanan"),
        ("KOTA PONTIANAK NOPEMBER 2026", "bulanan"),
        ("Keadaan Desember 2025", "tahunan"),
        ("Triwulan II Tahun 2025", "triwulanan"),
        ("SEMESTER I 2025", "semesteran"),
        ("KEADAAN 31 DESEMBER 2025", "tahunan"),
        ("Menurut Bulan Tahun 2025", "tahunan"),
    ],
)
def test_a_part_of_a_year_in_the_title_says_how_often_figures_come(table, line, frequency):
    fields = told(table([["JUMLAH BALITA MENURUT KELURAHAN"], [line], [], *BODY]))
    assert fields["frekuensi_penerbitan"].value == frequency
    row = 1 if frequency == "tahunan" else 2
    assert str(fields["frekuensi_penerbitan"].source) == f"row {row} of the sheet Data"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["BULAN OKTOBER 2026"], "Jumlah Balita Ditimbang Oktober 2026"),
        (["BULAN : OKTOBER", "TAHUN : 2026"], "Jumlah Balita Ditimbang Oktober 2026"),
        (["NOP 2026"], "Jumlah Balita Ditimbang November 2026"),
        (["KEADAAN 31 DESEMBER 2025"], "Jumlah Balita Ditimbang"),
        (["TAHUN 2025"], "Jumlah Balita Ditimbang"),
    ],
)
def test_the_month_of_the_letterhead_stands_in_the_title(table, lines, title):
    fields = told(table([["JUMLAH BALITA DITIMBANG"], *[[one] for one in lines], [], *BODY]))
    assert fields["title"].value == title


def test_a_table_that_names_its_months_itself_gives_none_to_the_title(table):
    rows = [["JUMLAH BALITA BULAN OKTOBER 2026"], [], ["Bulan", "Jumlah"], ["Juli", 1]]
    assert told(table([*rows, ["Agustus", 2]]))["title"].value == "Jumlah Balita"
