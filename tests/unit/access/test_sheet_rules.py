"""CSV for spreadsheet programs in Indonesian: marks, quotes, and no formula."""

from __future__ import annotations

import csv
import io

from ckanext.satudata_pontianak.access.tables import sheet_rules

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


def test_no_cell_is_run() -> None:
    assert sheet_rules.lines([["=1+1"]], ["text"]) == "'=1+1\r\n"
    assert sheet_rules.heading(["=1+1"])[1:] == "'=1+1\r\n"


def test_numbers_get_the_comma() -> None:
    assert sheet_rules.cell("-0.5", "numeric") == "-0,5"
    assert sheet_rules.cell("61.71", "text") == "61.71"
