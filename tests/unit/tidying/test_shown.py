"""Figures are read as they are shown, and long tables in a time that grows with them."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
import xlwt

from ckanext.satudata_pontianak.tidying import lines
from ckanext.satudata_pontianak.tidying.lines import Line
from ckanext.satudata_pontianak.tidying.reading import grids, shows_percent
from ckanext.satudata_pontianak.tidying.suggest import suggest


def day(year: int, month: int, number: int = 1) -> dt.datetime:
    return dt.datetime(year, month, number)  # noqa: DTZ001 - a cell has no zone


def percent_book():
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Kecamatan", "Cakupan"], ["Barat", 0.57], ["Timur", 0.07], ["Kota", 1]):
        sheet.append(row)
    for row in (2, 3, 4):
        sheet.cell(row, 2).number_format = "0.0%"
    return book


def test_a_cell_in_percent_is_read_as_it_is_shown(tmp_path):
    path = tmp_path / "persen.xlsx"
    percent_book().save(path)
    found = suggest(grids(path, path.name))
    assert found is not None
    assert found.tidied.rows == (("Barat", "57"), ("Timur", "7"), ("Kota", "100"))
    assert [field.unit for field in found.tidied.fields] == ["", "%"]


def test_so_is_that_of_an_older_workbook(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    style = xlwt.easyxf(num_format_str="0%")
    for row, (name, value) in enumerate((("Nama", "Cakupan"), ("Barat", 0.25), ("Timur", 0.5))):
        sheet.write(row, 0, name)
        sheet.write(row, 1, value, *([style] if row else []))
    data = io.BytesIO()
    book.save(data)
    path = tmp_path / "persen.xls"
    path.write_bytes(data.getvalue())
    found = suggest(grids(path, path.name))
    assert found is not None
    assert [row[1] for row in found.tidied.rows] == ["25", "50"]


@pytest.mark.parametrize(
    ("format_", "percent"),
    [
        ("0%", True),
        ("0.00 %", True),
        ('0" %"', False),
        (r"0\%", False),
        ("General", False),
        ("", False),
    ],
)
def test_a_sign_that_is_only_text_is_no_percent(format_, percent):
    assert shows_percent(format_) is percent


@pytest.mark.parametrize(
    ("days", "column", "shown"),
    [
        ([day(2025, 1), day(2025, 2), day(2025, 3)], "bulan", "Januari 2025"),
        ([day(2023, 1), day(2024, 1), day(2025, 1)], "tahun", "2023"),
    ],
)
def test_months_and_years_that_became_days_head_columns(table, days, column, shown):
    found = table([["Komoditas", *days], ["Beras", 14000, 14100, 14200], ["Gula", 1, 2, 3]])
    assert column in [field.name for field in found.tidied.fields]
    assert found.tidied.rows[0] == ("Beras", shown, "14000")


def test_days_among_data_stay_days(table):
    found = table(
        [
            ["Kegiatan", "Mulai", "Selesai"],
            ["Pasar murah", day(2025, 1), day(2025, 2)],
            ["Pameran", day(2025, 3), day(2025, 4)],
        ]
    )
    assert found.tidied.rows[0] == ("Pasar murah", "2025-01-01", "2025-02-01")


def test_formulas_without_a_result_are_counted(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Nama", "L", "P", "Jumlah"], ["A", 1, 2, "=B2+C2"], ["B", 3, 4, "=B3+C3"]):
        sheet.append(row)
    path = tmp_path / "rumus.xlsx"
    book.save(path)
    assert [grid.uncounted for grid in grids(path, path.name)] == [2]
    sheet["D2"], sheet["D3"] = 3, 7
    book.save(path)
    assert [grid.uncounted for grid in grids(path, path.name)] == [0]


def sections(count):
    rows: list[list[object]] = [["Kelurahan", "Pria", "Wanita"]]
    for number in range(count):
        rows += [[f"{number}. Bagian {number}"], [f"X {number}", 3, 4], [f"Y {number}", 1, 2]]
        rows.append([f"Jumlah {number}. Bagian {number}", 4, 6])
    return rows


def test_sums_of_many_sections_are_told_with_as_many_looks_at_a_cell_for_each_row(
    sheets, monkeypatch
):
    looks = []
    read = lines.numbers.read
    monkeypatch.setattr(
        lines.numbers, "read", lambda cell, sign: looks.append(1) or read(cell, sign)
    )
    counted = []
    for count in (50, 200):
        looks.clear()
        found = suggest(sheets(sections(count)))
        assert found is not None
        assert len(found.tidied.rows) == 2 * count
        assert list(found.tidied.lines.values()).count(Line.SUBTOTAL) == count
        counted.append(len(looks))
    assert counted[1] < 4.5 * counted[0]
