"""Files of four formats become grids; what is broken, hostile or too large is refused by a code."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from contextlib import suppress

import msgspec
import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.readers.base import ReadError
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source
from ckanext.satudata_pontianak.tidying.definition import Definition, definition
from ckanext.satudata_pontianak.tidying.grid import Area, Cell, Kind
from ckanext.satudata_pontianak.tidying.reading import grids

DAY = dt.datetime(2025, 3, 9)  # noqa: DTZ001 - a cell has no zone


def read(tmp_path, data: bytes, name: str, **bounds):
    path = tmp_path / "file"
    path.write_bytes(data)
    return grids(path, name, msgspec.structs.replace(definition().bounds, **bounds))


def book_of(rows) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return book


def saved(book) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_workbook_tells_numbers_days_and_joined_and_hidden_cells(tmp_path):
    book = book_of(
        [
            ["Judul", None],
            ["Tanggal", "Ya"],
            [DAY, True],
            [1.5, 12],
            [None, " "],
        ]
    )
    sheet = book.active
    sheet.merge_cells("A1:B1")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("Lama").append(["x"])
    book["Lama"].sheet_state = "hidden"
    grid, old = read(tmp_path, saved(book), "a.xlsx")
    assert grid.cells[3, 1] == Cell("2025-03-09", Kind.DATE)
    assert grid.cells[3, 2] == Cell("true", Kind.BOOLEAN)
    assert grid.cells[4, 1] == Cell("1.5", Kind.NUMBER)
    assert grid.cells[4, 2] == Cell("12", Kind.NUMBER)
    assert (5, 2) not in grid.cells
    assert grid.merged == (Area(1, 1, 1, 2),)
    assert grid.hidden_rows == {4}
    assert grid.hidden_columns == {2}
    assert (grid.visible, old.visible) == (True, False)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_delimited_text_is_read_in_any_of_its_forms(tmp_path, delimiter, encoding):
    text = "".join(delimiter.join(row) + "\r\n" for row in (["Kota", "Nilai"], ["A – B", "1"]))
    grid, *_ = read(tmp_path, text.encode(encoding), "a.csv")
    assert [grid.text(1, 1), grid.text(2, 1), grid.text(2, 2)] == ["Kota", "A – B", "1"]


def test_old_workbooks_tell_the_same(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    sheet.write_merge(0, 0, 0, 1, "Judul")
    sheet.write(1, 0, dt.date(2025, 3, 9), xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    sheet.write(1, 1, 2.5)
    grid, *_ = read(tmp_path, saved(book), "a.xls")
    assert grid.cells[2, 1] == Cell("2025-03-09", Kind.DATE)
    assert grid.cells[2, 2] == Cell("2.5", Kind.NUMBER)
    assert grid.merged == (Area(1, 1, 1, 2),)


ODS = """<?xml version="1.0"?>
<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">
<office:body><office:spreadsheet><table:table table:name="Data">
<table:table-row><table:table-cell table:number-columns-spanned="2" office:value-type="string">
<text:p>Judul</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row table:visibility="collapse">
<table:table-cell office:value-type="date" office:date-value="2025-03-09"><text:p>9/3</text:p>
</table:table-cell><table:table-cell office:value-type="float" office:value="2.5"/>
</table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def zipped(name: str, text: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(name, text)
    return data.getvalue()


def test_open_documents_tell_the_same(tmp_path):
    grid, *_ = read(tmp_path, zipped("content.xml", ODS), "a.ods")
    assert grid.text(1, 1) == "Judul"
    assert grid.merged == (Area(1, 1, 1, 2),)
    assert grid.cells[4, 1] == Cell("2025-03-09", Kind.DATE)
    assert grid.cells[4, 2] == Cell("2.5", Kind.NUMBER)
    assert grid.hidden_rows == {4}


@pytest.mark.parametrize(
    ("bounds", "limit"),
    [
        ({"cells": 5}, "cells"),
        ({"rows": 2}, "rows"),
        ({"columns": 1}, "columns"),
        ({"bytes": 9}, "size"),
    ],
)
@pytest.mark.parametrize("format_", ["xlsx", "csv"])
def test_a_file_beyond_a_bound_is_refused(tmp_path, bounds, limit, format_):
    rows = [["a", "b"], ["c", "d"], ["e", "f"]]
    text = "\n".join(";".join(row) for row in rows).encode()
    data = saved(book_of(rows)) if format_ == "xlsx" else text
    with pytest.raises(ReadError) as error:
        read(tmp_path, data, f"a.{format_}", **bounds)
    assert (error.value.reason.code, error.value.reason.params) == ("too_large", {"limit": limit})


def with_merge(area: str) -> bytes:
    """A workbook with a joined area that openpyxl did not make: it would take minutes."""
    book, data = io.BytesIO(WHOLE), io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                merge = f'</sheetData><mergeCells><mergeCell ref="{area}"/></mergeCells>'
                text = text.replace(b"</sheetData>", merge.encode())
            new.writestr(part.filename, text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("area", "code"),
    [("A1:XFD1048576", "too_large"), ("A1:A1048576", "too_large"), ("A1:", "broken_file")],
)
def test_a_joined_area_of_a_million_cells_is_refused_before_it_costs(tmp_path, area, code):
    with pytest.raises(ReadError) as error:
        read(tmp_path, with_merge(area), "a.xlsx")
    assert error.value.reason.code == code


def test_a_format_in_the_last_cell_of_a_sheet_costs_nothing(tmp_path):
    book = book_of([["a", "b"]])
    book.active["XFD1048576"].number_format = "0.00"
    grid, *_ = read(tmp_path, saved(book), "a.xlsx")
    assert grid.rows == [1]


def test_a_joined_area_ends_with_the_filled_cells(tmp_path):
    grid, *_ = read(tmp_path, with_merge("A1:A900"), "a.xlsx")
    assert grid.merged == (Area(1, 1, 3, 1),)


WHOLE = saved(book_of([["Kota", "Nilai"], ["A", 1], ["B", 2]]))
MINUS = ODS.replace('repeated="2"', 'repeated="-2"')
NO_NUMBER = ODS.replace('"2.5"', '"x"')
ENTITY = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
BAD = {
    "empty": (b"", "a.csv", "empty_file"),
    "blank": (b"\n;;\n", "a.csv", "no_rows"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "a.png", "unsupported_format"),
    "no zip": (b"PK\x03\x04" + b"x" * 90, "a.xlsx", "broken_file"),
    "no workbook": (b"abc", "a.xlsx", "broken_file"),
    "half": (saved(book_of([["a", 1]]))[:-300], "a.xlsx", "broken_file"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "broken_file"),
    "ods": (zipped("content.xml", "<a><b></a>"), "a.ods", "broken_file"),
    "entities": (zipped("content.xml", ENTITY), "a.ods", "entities"),
    "repeated": (zipped("content.xml", MINUS), "a.ods", "broken_file"),
    "a number that is none": (zipped("content.xml", NO_NUMBER), "a.ods", "broken_file"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_broken_file_is_refused_by_a_code(tmp_path, case):
    data, name, code = BAD[case]
    with pytest.raises(ReadError) as error:
        read(tmp_path, data, name)
    assert error.value.reason.code == code


@settings(max_examples=25)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.ods", "a"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data, name):
    path = tmp_path_factory.mktemp("bytes")
    with suppress(ReadError):
        assert read(path, data, name)


@settings(max_examples=25)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_workbook_with_another_byte_is_read_or_refused(tmp_path_factory, place, byte):
    data = WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :]
    with suppress(ReadError):
        assert read(tmp_path_factory.mktemp("byte"), data, "a.xlsx")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"offered": 0.9}, "'offered' is more than 'filled'"),
        ({"filled": 2}, "filled"),
        ({"more": 1}, "more"),
    ],
)
def test_a_wrong_definition_is_refused(change, reason):
    thresholds = {"filled": 0.8, "offered": 0.4, **change}
    bounds = msgspec.to_builtins(definition().bounds)
    text = msgspec.yaml.encode(
        {
            "version": "1",
            "bounds": bounds,
            "thresholds": thresholds,
            "most_shift": 5,
            "units": ["Orang"],
            "measures": {"Jumlah": ["jumlah"]},
            "affairs": {"1.01": ["sekolah"]},
        }
    ).decode()
    with pytest.raises(DefinitionError, match=reason):
        Definition.of(Source("tidying.yaml", text))


def test_an_affair_that_is_no_code_is_refused():
    data = msgspec.to_builtins(definition())
    data["affairs"] = {"9.99": ["x"]}
    with pytest.raises(DefinitionError, match=r"9\.99"):
        Definition.of(Source("tidying.yaml", msgspec.yaml.encode(data).decode()))
