"""Files in, files out: no original remains."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.anonymising.matching import match
from ckanext.satudata_pontianak.disclosure.anonymising.original import Original
from ckanext.satudata_pontianak.disclosure.anonymising.outcome import Tally
from ckanext.satudata_pontianak.disclosure.anonymising.plan import Plan
from ckanext.satudata_pontianak.disclosure.anonymising.refusals import PlanError
from ckanext.satudata_pontianak.disclosure.anonymising.running import mask_file, profile_file
from ckanext.satudata_pontianak.disclosure.anonymising.treating import Treater
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.limits import DEFAULT
from ckanext.satudata_pontianak.disclosure.report import Verdict
from ckanext.satudata_pontianak.disclosure.tabular import NamedColumn

pytestmark = pytest.mark.slow

SECRET = bytes(range(1, 33))
TODAY = date(2026, 11, 24)
HEADINGS = "nik no_kk nama tanggal_lahir alamat pekerjaan catatan".split()
PLAN = {
    "columns": {
        "nik": "drop",
        "no_kk": "pseudonym",
        "nama": "mask",
        "tanggal_lahir": {"do": "age_band", "width": 10},
        "alamat": "kelurahan",
        "pekerjaan": {"do": "rare", "below": 3},
    }
}


def canaries(made_up_nik, rows: int) -> list[list[str]]:
    """Rows of nobody in which every personal cell is unlike all others."""
    numbers = made_up_nik(2 * rows)
    names = [f"Qanari{chr(97 + i // 26)}{chr(97 + i % 26)} Zwuxtono" for i in range(rows)]
    return [
        [
            numbers[i],
            numbers[rows + i],
            names[i],
            f"{i % 28 + 1:02}/0{i % 9 + 1}/{1950 + i % 50}",
            f"Gang Xylem {i} Kel. {('Saigon', 'Akcaya')[i % 2]}",
            "petani" if i % 3 else f"juruqanar{i}",
            ("hadir", f"{names[i].upper()} hadir", f"nik: {numbers[i][:8]} {numbers[i][8:]}")[
                i % 3
            ],
        ]
        for i in range(rows)
    ]


def test_no_canary_survives(masked, made_up_nik, tmp_path):
    rows = canaries(made_up_nik, 60)
    outcome, result = masked([HEADINGS, *rows], PLAN)
    text = (tmp_path / "result.csv").read_text("utf-8-sig").casefold()
    for row in rows:
        for value in (*row[:5], *([row[5]] if row[5] != "petani" else [])):
            assert value.casefold() not in text
    assert "zwuxtono" not in text
    assert "xylem" not in text
    assert result[0] == (
        "kode_no_kk nama_disamarkan kelompok_umur kelurahan pekerjaan catatan".split()
    )
    assert len(result) == 61
    assert {row[4] for row in result[1:]} == {"petani", "lainnya"}
    assert {row[3] for row in result[1:]} == {"Saigon", "Akcaya"}
    assert {row[1] for row in result[1:]} == {"Q***"}
    assert {row[5] for row in result[1:]} == {"hadir", ""}
    by_name = {c.name: c for c in outcome.columns}
    assert by_name["catatan"].repeated == 40
    assert scan_file(tmp_path / "result.csv").verdict is Verdict.CLEAR
    assert scan_file(tmp_path / "original.csv").verdict is Verdict.FINDINGS


def test_the_outcome_holds_no_value(masked, made_up_nik):
    rows = canaries(made_up_nik, 30)
    said = str(masked([HEADINGS, *rows], PLAN)[0].to_json())
    assert not [cell for row in rows for cell in row if len(cell) > 5 and cell in said]


cells = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20),
    st.from_regex(r"[0-9]{16}", fullmatch=True),
    st.sampled_from(["", "Budi Santoso", 'kata "kutip"', "a,b;c", "dua\nbaris", "Akcaya"]),
)
actions = st.sampled_from(["drop", "mask", "pseudonym", "age_band"])


class Rows(Original):
    """An original in memory, so that many can be tried."""

    def blocks(self):
        yield self.rows

    @classmethod
    def of(cls, headings, rows):
        columns = tuple(NamedColumn(h, h) for h in headings)
        made = cls(Path(), "", DEFAULT, columns)
        frame = pl.DataFrame(
            {f"c{i}": [row[i] or None for row in rows] for i in range(len(headings))},
            schema={f"c{i}": pl.String for i in range(len(headings))},
        )
        object.__setattr__(made, "rows", frame)
        return made


@settings(deadline=None, max_examples=300)
@given(
    body=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6),
    chosen=st.lists(actions, min_size=2, max_size=2),
    form=st.sampled_from(["{}", "catatan: {}", "{} hadir", "{}{}", "{}; {}"]),
)
def test_in_no_row_is_an_original_left(body, chosen, form):
    rows = [[a, b, form.format(a, b) + c] for a, b, c in body]
    headings = ("nama", "nik", "catatan")
    original = Rows.of(headings, rows)
    plan = Plan.of({"columns": dict(zip(headings, chosen, strict=False))})
    matched = match(plan, original.columns)
    tally = Tally()
    (treated,) = Treater(original, matched, today=TODAY, secret=SECRET).blocks(tally)
    assert treated.height == len(rows)
    for row, result in zip(rows, treated.iter_rows(), strict=True):
        for value in row[:2]:
            if len(value) >= 6 and value.strip() == value:
                assert not any(value in cell for cell in result if cell)
            if len(value) == 16 and value.isdigit():
                assert f"{value[:6]} {value[6:]}" not in str(result)


@pytest.mark.usefixtures("read_here")
def test_what_is_of_many_may_stand_in_another_column(masked):
    rows = [["tempat_lahir", "kota", "kode"]]
    rows += [[("Pontianak", "Singkawang")[i % 2], "Pontianak", f"x{i}"] for i in range(8)]
    _, result = masked(rows, {"columns": {"tempat_lahir": "drop"}})
    assert {row[0] for row in result[1:]} == {"Pontianak"}
    strict = {"columns": {"tempat_lahir": {"do": "drop", "elsewhere": False}}}
    outcome, result = masked(rows, strict)
    assert [row[0] for row in result[1:]] == ["", "Pontianak"] * 4
    assert outcome.columns[1].repeated == 4


@pytest.mark.usefixtures("read_here")
def test_a_dropped_column_of_single_values_is_looked_for_whatever_its_heading(masked):
    rows = [["kode", "catatan"], *[[f"Xylem{i}", f"oleh xylem{i}"] for i in range(8)]]
    _, result = masked(rows, {"columns": {"kode": "drop"}})
    assert {row[0] for row in result[1:]} == {""}
    _, result = masked(rows, {"columns": {"kode": {"do": "drop", "elsewhere": True}}})
    assert result[1] == ["oleh xylem0"]


@pytest.mark.usefixtures("read_here")
def test_a_cell_that_cannot_be_treated_is_emptied_and_counted(masked):
    rows = [["tanggal_lahir", "alamat"], ["31/2/1990", "Jl. X"], ["x", "y"], ["", "Kel. Saigon"]]
    outcome, result = masked(
        rows, {"columns": {"tanggal_lahir": "age_band", "alamat": "kelurahan"}}
    )
    assert result[1:] == [["", ""], ["", ""], ["", "Saigon"]]
    assert [c.emptied for c in outcome.columns] == [2, 2]


def test_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["DINAS KESEHATAN", None, None])
    book.active.append(["nama", "tgl_lahir", "umur"])
    for day in range(1, 9):
        book.active.append([f"Qanari {day}", date(1990, 5, day), 36])
    path, out = tmp_path / "a.xlsx", tmp_path / "o.csv"
    book.save(path)
    plan = Plan.of({"columns": {"nama": "mask", "TGL LAHIR": "age_band", "umur": "number_band"}})
    outcome = mask_file(path, plan, out, today=TODAY)
    assert out.read_text("utf-8-sig").splitlines() == [
        "nama_disamarkan;kelompok_umur;kelompok_umur_2",
        *["Q***;35–39;30–39"] * 8,
    ]
    assert (outcome.k, outcome.rows, outcome.enough) == (8, 8, True)


@pytest.mark.usefixtures("read_here")
def test_rows_that_too_few_are_like_are_left_out(masked):
    rows = [["umur", "x"], *[["20", "a"]] * 5, *[["30", "b"]] * 4]
    outcome, result = masked(rows, {"quasi_identifiers": ["umur"], "suppress_below": 5})
    assert result == [["umur", "x"], *[["20", "a"]] * 5]
    assert (outcome.rows, outcome.written, outcome.removed, outcome.k) == (9, 5, 4, 5)


@pytest.mark.usefixtures("read_here")
def test_counting_instead_of_rows(masked):
    rows = [["nik", "umur", "jk"], *[["1", "20", "L"]] * 6, *[["2", "20", "P"]] * 2]
    rows += [["3", "30", "L"]] * 7 + [["4", "30", "P"]] * 9
    plan = {
        "columns": {"umur": {"do": "number_band", "width": 5}},
        "aggregate": {"by": ["umur", "jk"], "totals": True},
    }
    outcome, result = masked(rows, plan)
    assert result[0] == ["kelompok_umur", "jk", "jumlah", "keterangan"]
    assert ["20–24", "P", "", "disembunyikan"] in result
    assert ["Total", "Total", "24", ""] in result
    assert len(result) == 10
    assert outcome.counted is not None
    assert (outcome.counted.cells, outcome.counted.small, outcome.counted.protecting) == (9, 1, 3)
    assert outcome.k == 8


@pytest.mark.usefixtures("read_here")
def test_a_heading_makes_a_quasi_identifier_that_the_plan_left_out(masked):
    rows = [["jenis_kelamin", "umur", "nilai"], ["L", "20", "1"], *[["P", "30", "1"]] * 9]
    outcome, _ = masked(rows, {"columns": {}})
    assert outcome.risk.quasi_identifiers == ("jenis_kelamin", "umur")
    assert outcome.k == 1
    assert not outcome.enough
    renamed, _ = masked(rows, {"columns": {}, "sensitive": ["umur", "nilai"]})
    assert renamed.risk.quasi_identifiers == ("jenis_kelamin", "umur")
    assert renamed.risk.diversity["nilai"].distinct == 1


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"columns": {"alamat": "drop"}}, "unknown_column"),
        ({"columns": {"nama": "drop", "Nama": "mask"}}, "named_twice"),
        ({"columns": {"nama": "drop"}, "quasi_identifiers": ["nama"]}, "dropped_used"),
        ({"columns": {"nama": "drop", "umur": "drop"}}, "nothing_left"),
    ],
)
def test_what_a_file_does_not_allow(masked, plan, code, tmp_path):
    with pytest.raises(PlanError, match=code) as refused:
        masked([["nama", "umur"], ["Qanari", "20"]], plan)
    assert "Qanari" not in refused.value.explain()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["original.csv"]


def test_no_header_and_no_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("1,2\n3,4\n")
    with pytest.raises(PlanError, match="no_header"):
        mask_file(path, Plan(), tmp_path / "o.csv", today=TODAY)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(PlanError, match="no_table"):
        mask_file(path, Plan(), tmp_path / "o.csv", today=TODAY)


def test_without_a_secret_there_is_no_pseudonym(write, tmp_path):
    plan = Plan.of({"columns": {"nik": "pseudonym"}})
    with pytest.raises(PlanError, match="no_secret"):
        mask_file(write([["nik"], ["1"]]), plan, tmp_path / "o.csv", today=TODAY)
    assert not (tmp_path / "o.csv").exists()


def test_more_than_one_block(write, tmp_path):
    rows = [["jk", "n"], *[["LP"[i % 2], f"x{i}"] for i in range(45_000)]]
    outcome = mask_file(
        write(rows),
        Plan.of({"columns": {"n": {"do": "mask", "first": 0}}}),
        tmp_path / "o.csv",
        today=TODAY,
    )
    assert (outcome.rows, outcome.written, outcome.k) == (45_000, 45_000, 22_500)
    assert (tmp_path / "o.csv").read_text("utf-8-sig").count("\n") == 45_001
    assert profile_file(tmp_path / "original.csv")[:3] == (("jk", "n"), (2, 1001), 45_000)
