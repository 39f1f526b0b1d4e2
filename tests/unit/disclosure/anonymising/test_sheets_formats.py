"""Which table of which file is masked: a choice among sheets, delimiters, and what is refused."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from ckanext.satudata_pontianak.disclosure.anonymising.plan import Plan
from ckanext.satudata_pontianak.disclosure.anonymising.refusals import PlanError
from ckanext.satudata_pontianak.disclosure.anonymising.running import mask_file, profile_file
from ckanext.satudata_pontianak.disclosure.anonymising.suggesting import ADVICE, advice, suggest
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.ruleset import KINDS

TODAY = date(2026, 11, 24)


@pytest.fixture
def book(tmp_path):
    """A workbook with counts, persons and a hidden sheet that is of no concern."""
    made = openpyxl.Workbook()
    made.active.title = "Tersembunyi"
    made.active.append(["x", "y"])
    made.active.append(["1", "2"])
    made.active.sheet_state = "hidden"
    for title, rows in (
        ("Rekap", [["kecamatan", "jumlah"], ["Pontianak Kota", 12], ["Pontianak Barat", 20]]),
        ("Peserta", [["nama", "surel"], *[[f"Qanari {i}", f"q{i}@gmail.com"] for i in range(6)]]),
        ("Kosong", []),
    ):
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "a.xlsx"
    made.save(path)
    return path


@pytest.mark.usefixtures("read_here")
def test_of_several_sheets_one_has_to_be_chosen(book, tmp_path) -> None:
    out = tmp_path / "o.csv"
    with pytest.raises(PlanError) as refused:
        mask_file(book, Plan.of({"columns": {"nama": "drop"}}), out, today=TODAY)
    assert refused.value.code == "several_sheets"
    assert refused.value.params == {"known": "Rekap, Peserta"}
    assert not out.exists()
    plan = {"columns": {"nama": "mask", "surel": "drop"}, "sheet": "Peserta"}
    mask_file(book, Plan.of(plan), out, today=TODAY)
    assert out.read_text("utf-8-sig").splitlines() == ["nama_disamarkan", *["Q***"] * 6]
    for unknown in ("Tersembunyi", "Kosong", "Tiada"):
        with pytest.raises(PlanError, match="cannot_read"):
            mask_file(book, Plan.of({**plan, "sheet": unknown}), out, today=TODAY)
    for wrong in ("", 7, "x" * 101):
        with pytest.raises(PlanError, match="plan_shape"):
            Plan.of({"columns": {}, "sheet": wrong})


@pytest.mark.usefixtures("read_here")
def test_what_is_suggested_is_of_the_sheet_that_is_masked(book) -> None:
    report = scan_file(book)
    first, second = profile_file(book), profile_file(book, sheet="Peserta")
    assert (first.sheet, first.sheets) == ("Rekap", ("Rekap", "Peserta"))
    assert suggest(report, first).to_json()["columns"] == {
        "kecamatan": {"do": "keep"},
        "jumlah": {"do": "keep"},
    }
    plan = suggest(report, second)
    assert plan.sheet == "Peserta"
    assert {item.action for item in plan.columns.values()} == {"drop"}
    assert Plan.of(plan.to_json()) == plan


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ";"), ("a.tsv", "\t")])
def test_other_delimiters_keep_their_decimal_commas(tmp_path, name, mark) -> None:
    path, out = tmp_path / name, tmp_path / "o.csv"
    rows = [["nama", "nilai"], ["Qanari", "1.234,5"], ["Xylem", "0,75"]]
    path.write_text("".join(mark.join(row) + "\n" for row in rows), "utf-8")
    mask_file(path, Plan.of({"columns": {"nama": "drop"}}), out, today=TODAY)
    assert out.read_text("utf-8-sig").splitlines() == ["nilai", "1.234,5", "0,75"]


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '[{"nama": "Qanari"}]'),
        ("a.jsonl", '{"nama": "Qanari"}\n{"nama": "Xylem"}\n'),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}'),
    ],
)
def test_what_is_no_table_is_refused_with_a_way_out(tmp_path, name, content) -> None:
    path, out = tmp_path / name, tmp_path / "o.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(PlanError) as refused:
        mask_file(path, Plan.of({"columns": {"nama": "drop"}}), out, today=TODAY)
    assert refused.value.code == "no_table"
    assert "CSV" in refused.value.explain()
    assert not out.exists()


def test_every_kind_has_advice_that_ends_with_a_higher_level() -> None:
    for kind in KINDS:
        told = advice(kind)
        assert "raise" in told
        assert set(told) <= set(ADVICE)
    assert "aggregate" in advice("kesehatan")
    assert "generalise" in advice("tanggal_lahir")
    assert "mask" in advice("nik")
