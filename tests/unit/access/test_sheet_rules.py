"""CSV for spreadsheet programs in Indonesian: marks, quotes, and no formula."""

from __future__ import annotations

import csv
import io

import pytest

from ckanext.satudata_pontianak.access import sheet_rules

KINDS = ("text", "numeric", "int8", "date", "bool", "timestamp")


def test_a_file_is_read_back_as_it_was() -> None:
    rows = [
        ['Kota; "lama"', "1234.50", "12", "2026-01-02", "t", "2026-01-02T10:00:00"],
        ["dua\nbaris", "", "-7", "", "f", ""],
    ]
    text = sheet_rules.heading(["nama;x", "nilai", "n", "hari", "b", "saat"])
    text += sheet_rules.lines(rows, KINDS)
    assert text.startswith("\ufeff")
    assert text.encode("utf-8")[:3] == b"\xef\xbb\xbf"
    read = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert read == [
        ["nama;x", "nilai", "n", "hari", "b", "saat"],
        ['Kota; "lama"', "1234,50", "12", "2026-01-02", "TRUE", "2026-01-02 10:00:00"],
        ["dua\nbaris", "", "-7", "", "FALSE", ""],
    ]
    assert text.count("\r\n") == 3


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1+1",
        "-",
        "=",
        "\n=1",
    ],
)
def test_no_cell_is_taken_for_a_formula(text) -> None:
    assert sheet_rules.safe(text) == "'" + text
    assert sheet_rules.cell(text, "text").startswith("'")
    assert sheet_rules.heading([text])[1:].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["", "Kota", "-5", "+62", "-1,5", "1.234,5", "a=b", "2026-01-02"])
def test_what_is_no_formula_stays(text) -> None:
    assert sheet_rules.safe(text) == text


def test_numbers_get_the_comma() -> None:
    assert sheet_rules.cell("-0.5", "numeric") == "-0,5"
    assert sheet_rules.cell("61.71", "text") == "61.71"
