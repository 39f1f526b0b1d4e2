"""The report: lines, JSONL, and the list as a workbook with the remarks in its cells."""

from __future__ import annotations

import io
import json

from openpyxl import load_workbook

from ckanext.satudata_pontianak.bulk import book, report
from ckanext.satudata_pontianak.bulk.checking import Surroundings, check
from ckanext.satudata_pontianak.bulk.fields import Headings
from ckanext.satudata_pontianak.bulk.reading import read

from . import lists


def made(tmp_path, kind="xlsx", **more):
    rows = lists.rows(3)
    lists.files(tmp_path, rows)
    rows[1] |= {"urusan": "9.99", "notes": "@SUM(1)", "konsep": "-bukan rumus"}
    path = getattr(lists, f"as_{kind}")(tmp_path / f"a.{kind}", rows, **more)
    manifest = read(path, Headings(str))
    return manifest, check(manifest, Surroundings()).remarks


def test_a_line_says_row_column_what_and_what_to_do(tmp_path):
    manifest, remarks = made(tmp_path)
    column = manifest.column_of("urusan")
    line = next(iter(report.lines(remarks, str)))
    assert line.startswith(
        f"Row 3, column {column} (Government affair): [fault] “9.99” is not known"
    )


def test_json_has_a_code_for_programs(tmp_path):
    _manifest, remarks = made(tmp_path, "jsonl")
    told = [json.loads(line) for line in report.as_jsonl(remarks, str).splitlines()]
    assert told[0]["code"] == "unknown_value"
    assert (told[0]["row"], told[0]["column"], told[0]["field"]) == (2, "urusan", "urusan")


def test_the_remark_stands_in_the_cell(tmp_path):
    manifest, remarks = made(tmp_path, above=2)
    sheet = load_workbook(io.BytesIO(book.as_xlsx(manifest, remarks, str))).worksheets[0]
    cell = sheet[f"{manifest.column_of('urusan')}5"]
    assert cell.value == "9.99"
    assert "is not known" in cell.comment.text
    assert "Write" in cell.comment.text
    assert sheet["A3"].value == "title"


def test_no_cell_of_the_workbook_is_run(tmp_path):
    for kind in ("xlsx", "csv", "jsonl"):
        manifest, remarks = made(tmp_path, kind)
        workbook = load_workbook(io.BytesIO(book.as_xlsx(manifest, remarks, str)))
        cells = [c for s in workbook.worksheets for r in s.iter_rows() for c in r if c.value]
        assert {c.data_type for c in cells} == {"s"}
        assert [c.quotePrefix for c in cells if c.value == "@SUM(1)"] == [True]


def test_no_cell_of_the_table_is_run(tmp_path):
    remarks = made(tmp_path)[1]
    table = report.as_csv(remarks, lambda text: text.replace("Write", "=Write"))
    assert "\"'=Write one of" in table.decode("utf-8-sig")
