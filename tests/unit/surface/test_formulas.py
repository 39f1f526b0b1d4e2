"""No cell of a file that we make is run by a spreadsheet program, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

import ckanext.satudata_pontianak as package
from ckanext.satudata_pontianak.surface import formulas

RUN = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)",
    "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1",
    "＝1+1", "＋1+1", "－2+3", "＠SUM(A1)", "﹦1", "﹢1+1",
    "−2+3", "=", "@", "\u200b=1", "\ufeff=1",
    "\x00=1",
    "\u202e=1", '"=1+1"', '" =1', "\u3000=1", "-5-5", "+62 812 000", "--5", "-5x",
    "\tkota",
]  # fmt: skip
STAYS = [
    "", "Kota", "-", "+", "-5", "+62", "-1,5", "1.234,5", "-1.234,5", "-0.5e-3", "-5%", "-5 %",
    "a=b",
    "2026-01-02", "'=1", "x@contoh.id", "– ", "(=1)",
]  # fmt: skip


@pytest.mark.parametrize("text", RUN)
def test_a_cell_that_would_be_run_is_quoted(text) -> None:
    assert formulas.runs(text)
    assert formulas.safe(text) == "'" + text
    assert formulas.safe(formulas.safe(text)) == "'" + text


@pytest.mark.parametrize("text", STAYS)
def test_what_is_no_formula_stays(text) -> None:
    assert formulas.safe(text) == text


@pytest.mark.parametrize("cell", ["x;=1+1", "x,=1+1", "x\t@SUM(A1)", "x|-2+3"])
def test_no_program_cuts_a_formula_out_of_a_cell(cell) -> None:
    text = io.StringIO()
    formulas.Writer(text).row([cell, "b"])
    for delimiter in ",;\t|":
        (row,) = csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=delimiter)
        assert not any(formulas.runs(found) for found in row), (delimiter, row)


def test_a_file_is_read_back_as_it_was() -> None:
    text = io.StringIO()
    rows = [["Kota; lama", 'a "b"', 1, -2.5, None], ["-1,5", "dua\nbaris", "", "–", "x@y.id, z"]]
    formulas.Writer(text).rows(rows)
    read = list(csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=";"))
    assert read == [[str(c) if c is not None else "" for c in row] for row in rows]


def test_a_long_cell_costs_its_length() -> None:
    assert not formulas.runs(" " * 200_000)
    assert formulas.runs("-" + "1," * 100_000)


# Who writes tables without the rule, and why nothing of anybody's stands in them.
OWN = {
    "portal/demo/catalogue.py": "made-up data of the demo, in files of the repository",
    "portal/demo/tables.py": "made-up data of the demo, drawn by a seed",
    "portal/demo/stories.py": "made-up data of the demo, with a figure mended",
    "bulk/round_trip.py": "each cell is written by bulk/book.py, by the rule",
    "portal/demo/make_regions.py": "the city's regions, into a file of the repository",
    "disclosure/tabular_child.py": "rows on their way into the database, in a file nobody gets",
    "surface/formulas.py": "the rule itself",
}


def test_whoever_writes_a_table_writes_it_by_the_rule() -> None:
    root = Path(package.__file__).parent
    writes = re.compile(r"csv\.(?:Dict)?[wW]riter\(|Workbook\(|xlsxwriter|write_csv|write_excel")
    found = {
        str(path.relative_to(root)): path.read_text("utf-8")
        for path in root.rglob("*.py")
        if writes.search(path.read_text("utf-8"))
    }
    without = {name for name, text in found.items() if "formulas." not in text}
    assert without - {"sop/files/official_files.py"} <= set(OWN)
    assert set(OWN) <= set(found), "declared here, and writes no table any more"
