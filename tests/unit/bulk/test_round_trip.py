"""Metadata in one workbook: what was changed in it is what is sent, and nothing else."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from ckanext.satudata_pontianak.bulk import round_trip, words
from ckanext.satudata_pontianak.bulk.checking import Surroundings
from ckanext.satudata_pontianak.bulk.fields import Headings
from ckanext.satudata_pontianak.bulk.reading import Unreadable, read

DATASETS = [
    {
        "id": f"id-{n}",
        "name": f"dinkes-{n}",
        "title": f"Judul {n}",
        "notes": "=1+1" if n == 1 else "Dua\nbaris",
        "urusan": "1.02",
        "satuan": "Orang",
        "tahun": "2025",
        "tags": [{"name": "b"}, {"name": "a"}],
        "tingkat_keamanan": "biasa",
        "organization": {"name": "dinkes"},
    }
    for n in (1, 2, 3)
]

LICENCES = {"cc-by": "Atribusi", "cc-zero": "Milik umum", "notspecified": "Belum ditentukan"}


def _in(language: str):
    return words.translation(language)


def edited(tmp_path, **cells: str | None):
    """Return the workbook as a person changed it, with what it was made of."""
    path = tmp_path / "metadata.xlsx"
    path.write_bytes(round_trip.workbook(DATASETS, str))
    book = load_workbook(path)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for where, value in cells.items():
        name, _, row = where.rpartition("_")
        sheet.cell(int(row), heads[name.replace("_", " ")]).value = value
    book.save(path)
    return read(path, Headings(str)), round_trip.originals(path)


def changed(tmp_path, **cells):
    listed, before = edited(tmp_path, **cells)
    return round_trip.changed(listed, before, Surroundings())


def test_a_workbook_that_nobody_changed_changes_nothing(tmp_path):
    assert changed(tmp_path) == ([], [])


def test_no_cell_of_the_workbook_is_a_formula(tmp_path):
    edited(tmp_path)
    sheets = load_workbook(tmp_path / "metadata.xlsx").worksheets
    kinds = {cell.data_type for s in sheets for row in s.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}


def test_codes_stand_with_their_names_and_choices_by_their_words(tmp_path):
    path = tmp_path / "metadata.xlsx"
    shown = {
        **DATASETS[0],
        "cakupan": "61.71.02.1003",
        "frekuensi_penerbitan": "bulanan",
        "jadwal_rilis": "2026-11-24",
        "license_id": "cc-by",
    }
    path.write_bytes(round_trip.workbook([shown], _in("id"), licences=LICENCES))
    book = load_workbook(path)
    cells = {head.value: cell.value for head, cell in zip(*book.worksheets[0][1:2], strict=True)}
    assert cells["Cakupan wilayah"] == "61.71.02.1003 Saigon"
    assert cells["Frekuensi penerbitan"] == "Bulanan"
    assert cells["Rilis berikutnya"] == "24 November 2026"
    assert cells["Lisensi"] == "Atribusi"
    offered = {column[0].value: {c.value for c in column[1:]} for column in book["Pilihan"].columns}
    assert "61.71.02.1003 Saigon" in offered["Cakupan wilayah"]
    assert "Bulanan" in offered["Frekuensi penerbitan"]
    assert {"Atribusi", "Milik umum"} <= offered["Lisensi"]
    assert "Belum ditentukan" not in offered["Lisensi"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_workbook_of_any_language_that_nobody_changed_changes_nothing(tmp_path, language):
    path = tmp_path / "metadata.xlsx"
    shown = {
        **DATASETS[0],
        "cakupan": "61.71",
        "frekuensi_penerbitan": "bulanan",
        "level_penyajian": "lama",
        "jadwal_rilis": "2026-11-24",
        "license_id": "notspecified",
    }
    path.write_bytes(round_trip.workbook([shown], _in("id"), licences=LICENCES))
    around = Surroundings(licences=LICENCES, translate=_in(language))
    listed = read(path, Headings(_in("id")))
    assert round_trip.changed(listed, round_trip.originals(path), around) == ([], [])


@pytest.mark.parametrize("cell", ["61.71.02.1003", "Saigon", "61.71.02.1003 Saigon"])
def test_a_code_a_name_or_both_are_read_back(tmp_path, cell):
    changes, remarks = changed(tmp_path, Area_covered_2=cell)
    assert remarks == []
    assert [c.patch for c in changes] == [{"cakupan": "61.71.02.1003"}]


def test_a_code_with_the_name_of_another_is_asked_about(tmp_path):
    changes, remarks = changed(tmp_path, Area_covered_2="61.71.02.1003 Tambelan Sampit")
    assert changes == []
    (remark,) = remarks
    assert "61.71.02.1003 Saigon" in str(remark.todo)
    assert "Tambelan Sampit" in str(remark.todo)


@pytest.mark.parametrize("cell", ["Bulanan", "bulanan", "Monthly"])
def test_a_choice_is_read_back_in_either_language(tmp_path, cell):
    changes, remarks = changed(tmp_path, Frequency_of_publication_2=cell)
    assert remarks == []
    assert [c.patch for c in changes] == [{"frekuensi_penerbitan": "bulanan"}]


def test_what_is_no_choice_is_answered_with_the_allowed_words(tmp_path):
    _changes, (remark,) = changed(tmp_path, Frequency_of_publication_2="tiap bulan")
    said = remark.todo.text(_in("id"))
    assert {"Bulanan", "Triwulanan", "Hanya sekali"} <= {w.strip(" .") for w in _listed(said)}
    assert "terdekat" not in said


def _listed(said: str) -> list[str]:
    return said.partition(":")[2].split(",")


def test_only_what_was_changed_is_sent(tmp_path):
    changes, remarks = changed(tmp_path, Unit_3="Jiwa", Year_or_years_4="2019 - 2023")
    assert remarks == []
    assert [(c.row, c.dataset_id, c.patch) for c in changes] == [
        (3, "id-2", {"satuan": "Jiwa"}),
        (4, "id-3", {"tahun": "2019-2023"}),
    ]


def test_an_emptied_cell_empties_the_field_but_a_title_stays(tmp_path):
    changes, remarks = changed(tmp_path, Unit_2=None, Title_3=None)
    assert [c.patch for c in changes] == [{"satuan": ""}]
    assert [(r.row, r.field, r.code) for r in remarks] == [(3, "title", "empty")]


def test_a_wrong_cell_keeps_its_row_back(tmp_path):
    changes, remarks = changed(tmp_path, Government_affair_2="9.99", Unit_2="Jiwa", Unit_3="Jiwa")
    assert [c.dataset_id for c in changes] == ["id-2"]
    assert [(r.row, r.field, r.code) for r in remarks] == [(2, "urusan", "unknown_value")]


def test_the_classification_is_not_in_the_workbook(tmp_path):
    listed, _before = edited(tmp_path)
    assert not {"tingkat_keamanan", "data_pribadi", "owner_org"} & {c.field for c in listed.columns}


def test_what_changed_on_the_portal_as_well_is_left_to_a_person(tmp_path):
    listed, before = edited(tmp_path, Unit_2="Jiwa", Concept_2="Penduduk")
    change = round_trip.changed(listed, before, Surroundings())[0][0]
    left, told = round_trip.against(listed, change, {**DATASETS[0], "satuan": "KK"})
    assert left.patch == {"konsep": "Penduduk"}
    assert [(r.row, r.field, r.code) for r in told] == [(2, "satuan", "changed_there")]
    assert "KK" in str(told[0].what)


def test_what_the_portal_has_already_is_not_sent_again(tmp_path):
    listed, before = edited(tmp_path, Unit_2="Jiwa")
    change = round_trip.changed(listed, before, Surroundings())[0][0]
    left, told = round_trip.against(listed, change, {**DATASETS[0], "satuan": "Jiwa"})
    assert (left.patch, told) == ({}, [])


def test_rows_that_were_not_downloaded_are_refused(tmp_path):
    changes, remarks = changed(tmp_path, Id_on_the_portal_2="id-9", Id_on_the_portal_4="id-2")
    assert changes == []
    assert [(r.row, r.code) for r in remarks] == [(2, "no_id"), (4, "no_id")]


def test_another_workbook_is_refused(tmp_path):
    path = tmp_path / "lain.xlsx"
    book = load_workbook(_made(tmp_path))
    del book[round_trip.ORIGINAL]
    book.save(path)
    with pytest.raises(Unreadable):
        round_trip.originals(path)


def _made(tmp_path):
    edited(tmp_path)
    return tmp_path / "metadata.xlsx"
