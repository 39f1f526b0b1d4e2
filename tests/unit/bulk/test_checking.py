"""A list is checked cell by cell; what is wrong is named by row and column, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata_pontianak.bulk.checking import Checked, Surroundings, check
from ckanext.satudata_pontianak.bulk.fields import Headings, fields
from ckanext.satudata_pontianak.bulk.reading import read

from . import lists

AGENCIES = {"dinkes": "Dinas Kesehatan", "dinsos": "Dinas Sosial"}
LICENCES = {"cc-by": "Creative Commons Attribution"}


def checked(folder: Path, rows: list[dict[str, str]], *, write: bool = True, **more) -> Checked:
    if write:
        lists.files(folder, rows)
    path = lists.as_csv(folder / "manifest.csv", rows)
    around = Surroundings(AGENCIES, LICENCES, **more)
    return check(read(path, Headings(str)), around)


def test_rows_without_a_fault_are_datasets(tmp_path):
    found = checked(tmp_path, lists.rows(3))
    assert found.remarks == ()
    assert [d.row for d in found.datasets] == [2, 3, 4]
    assert [d.files[0].path.name for d in found.datasets] == [f"data-{n}.csv" for n in (1, 2, 3)]
    assert all(d.address.startswith("dinkes-jumlah-posyandu") for d in found.datasets)
    assert len({d.address for d in found.datasets}) == 3


def test_the_address_of_a_row_is_the_same_whenever_it_is_read(tmp_path):
    first, second = (checked(tmp_path, lists.rows(2)).datasets for _ in range(2))
    assert [d.address for d in first] == [d.address for d in second]


FAULTS = [
    ("urusan", "9.99", "unknown_value"),
    ("cakupan", "Atlantis", "unknown_value"),
    ("jenis_data", "ramalan cuaca", "unknown_value"),
    ("tahun", "2025-2019", "years_order"),
    ("tahun", "tahun lalu", "years_form"),
    ("jadwal_rilis", "31/02/2026", "date_unknown"),
    ("maintainer_email", "budi@gmail.com", "mailbox_free"),
    ("owner_org", "dinas-khayalan", "unknown_value"),
    ("license_id", "rahasia-kami", "unknown_value"),
    ("title", "", "empty"),
    ("name", "Bukan Alamat", "bad_address"),
    ("berkas", "tidak-ada.csv", "no_file"),
    ("berkas", "../rahasia.csv", "outside"),
    ("berkas", "/etc/hostname", "outside"),
    ("tingkat_keamanan", "biasaa", "unknown_value"),
    ("tingkat_keamanan", "terbatas", "combination"),
]


@pytest.mark.parametrize(("field", "value", "code"), FAULTS)
def test_a_fault_is_named_by_row_and_column(tmp_path, field, value, code):
    axes = {"jenis_informasi": "berkala", "data_pribadi": "tidak_ada"}
    rows = [{**row, "name": "", "jadwal_rilis": "", **axes} for row in lists.rows(3)]
    rows = [{**row, "tingkat_keamanan": "biasa"} for row in rows]
    lists.files(tmp_path, rows)
    (tmp_path.parent / "rahasia.csv").write_text("a,b\n1,2\n")
    rows[1][field] = value
    found = checked(tmp_path, rows, write=False)
    faults = [r for r in found.remarks if r.fault]
    assert [(r.row, r.field, r.code) for r in faults] == [(3, field, code)]
    assert faults[0].column
    assert str(faults[0].todo)
    assert [d.row for d in found.datasets] == [2, 4]


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("urusan", "Kesehatan", "1.02"),
        ("urusan", "kesehatann", "1.02"),
        ("urusan", "2.1", "2.10"),
        ("cakupan", "kota pontianak", "61.71"),
        ("cakupan", "6171", "61.71"),
        ("jenis_data", "Statistical", "statistik"),
        ("frekuensi_penerbitan", "tahunann", "tahunan"),
        ("owner_org", "Dinas Kesehatan", "dinkes"),
        ("tahun", "2019 – 2023", "2019-2023"),
        ("jadwal_rilis", "31 Januari 2027", "2027-01-31"),
    ],
)
def test_spellings_are_folded_to_what_is_certainly_meant(tmp_path, field, value, stored):
    rows = lists.rows(1)
    rows[0][field] = value
    found = checked(tmp_path, rows)
    assert not found.faulty
    assert found.datasets[0].fields[field] == stored


def test_what_a_code_was_read_as_is_told(tmp_path):
    rows = lists.rows(1, urusan="kesehatann")
    remark = checked(tmp_path, rows).remarks[0]
    assert (remark.code, remark.fault) == ("taken_as", False)
    assert "1.02 (Kesehatan)" in str(remark.what)


def test_an_axis_is_never_guessed(tmp_path):
    found = checked(tmp_path, lists.rows(1, tingkat_keamanan="biasaa"))
    assert [r.code for r in found.remarks] == ["unknown_value"]
    assert "biasa" in str(found.remarks[0].todo)


def test_the_same_dataset_stands_in_one_row(tmp_path):
    rows = lists.rows(3)
    rows[2]["title"] = rows[0]["title"]
    found = checked(tmp_path, rows)
    assert [(r.row, r.code) for r in found.remarks] == [(4, "twice")]
    assert "2" in str(found.remarks[0].what)


def test_what_submitting_needs_is_a_fault_where_datasets_are_submitted(tmp_path):
    rows = lists.rows(1)
    del rows[0]["konsep"]
    saved = checked(tmp_path, rows)
    assert [(r.field, r.fault) for r in saved.remarks] == [("konsep", False)]
    sent = checked(tmp_path, rows, submit=True)
    assert {r.field for r in sent.remarks if r.fault} == {"konsep", *axes()}


def axes() -> set[str]:
    return {name for name, field in fields().items() if field.is_axis}


def test_a_column_that_is_no_field_is_told_with_the_nearest(tmp_path):
    found = checked(tmp_path, lists.rows(1, satuann="Unit", no="1"))
    assert [(r.row, r.code, r.fault) for r in found.remarks] == [(1, "column_left_out", False)]
    assert "Unit" in str(found.remarks[0].todo)


def test_a_level_that_keeps_no_files_takes_none(tmp_path):
    closed = {"jenis_informasi": "dikecualikan", "data_pribadi": "tidak_ada"}
    found = checked(tmp_path, lists.rows(1, tingkat_keamanan="rahasia", **closed))
    assert [(r.field, r.code) for r in found.remarks] == [("berkas", "no_files_here")]


def test_several_files_of_a_dataset_stand_in_one_cell(tmp_path):
    rows = lists.rows(2)
    lists.files(tmp_path, rows)
    rows[0]["berkas"] = "data-1.csv; data-2.csv"
    found = checked(tmp_path, rows[:1], write=False)
    assert [f.path.name for f in found.datasets[0].files] == ["data-1.csv", "data-2.csv"]


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path):
    outside = tmp_path.parent / "di-luar.csv"
    outside.write_text("a,b\n1,2\n")
    (tmp_path / "data-1.csv").symlink_to(outside)
    found = checked(tmp_path, lists.rows(1), write=False)
    assert [r.code for r in found.remarks] == ["outside"]
