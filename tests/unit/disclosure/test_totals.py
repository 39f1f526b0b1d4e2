"""The type of a column and the sum of its numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.report import Column, FileReport
from ckanext.satudata_pontianak.disclosure.totals import Totals, digits_only


def summary(*blocks: list[str | None]) -> tuple[str, str | None]:
    totals = Totals()
    for cells in blocks:
        totals.update(pl.Series(cells, dtype=pl.String))
    found = totals.conclude()
    return found.type, found.total


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "2", "-3"], ("number", "0")),
        (["1.5", " 2.25 ", None, ""], ("number", "3.75")),
        (["1.234.567,5", "2"], ("number", "1234569.5")),
        (["1,234.5", "3"], ("number", "1237.5")),
        (["9" * 18] * 30, ("number", str(int("9" * 18) * 30))),
        # 145200 to an Indonesian, 145.2 to a computer: nobody can tell.
        (["145.200", "156.782"], ("number", None)),
        (["145.200", "1.156.782"], ("number", "1301982")),
        (["10000000000000001", "0.5"], ("number", "10000000000000001.5")),
        (["007", "1"], ("text", None)),
        (["9" * 19], ("text", None)),
        (["1", "satu"], ("text", None)),
        (["nan", "inf"], ("text", None)),
        (["2026-01-31", "2026-02-28T00:00:00"], ("date", None)),
        (["31/01/2026"], ("date", None)),
        (["", None], ("empty", None)),
        ([], ("empty", None)),
        (["1" * 31], ("text", None)),
    ],
)
def test_a_column_is_told_by_all_its_cells(cells, expected) -> None:
    assert summary(cells) == expected


def test_batches_add_up_and_one_cell_spoils_the_sum() -> None:
    assert summary(["1", "2"], ["3.5"], ["4"]) == ("number", "10.5")
    assert summary(*[["0.5"] for _ in range(200)]) == ("number", "100")
    assert summary(["1", "2"], ["tidak ada"], ["4"]) == ("text", None)


def test_what_was_found_is_never_added_up(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("nik,jumlah\n6171014101900001,3\n6171020202850002,4\n")
    report = scan_file(path)
    nik, number = report.tables[0].columns
    assert nik.findings
    assert (nik.total, number.type, number.total) == (None, "number", "7")
    stored = json.dumps(report.to_json())
    assert str(6171014101900001 + 6171020202850002) not in stored
    assert FileReport.from_json(report.to_json(), report.ruleset) == report


def test_a_file_that_was_not_read_to_its_end_has_no_total(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"a,b\n1,2\n" + b"\x00" * 64)
    report = scan_file(path)
    assert report.verdict.value == "failed"
    assert not any(c.total for t in report.tables for c in t.columns)


@pytest.mark.parametrize(
    "column",
    [
        {"type": "number", "total": "6171014101900001 Budi"},
        {"type": "number", "total": "1" * 50},
        {"type": "nama", "total": None},
    ],
)
def test_a_total_that_is_none_is_no_report(column) -> None:
    with pytest.raises(ValueError, match="total"):
        Column.from_json({"index": 0, "name": "a", "findings": [], **column})


@given(
    st.lists(st.text("0123456789+-. _e\u0663\t", min_size=1, max_size=18), min_size=1, max_size=4)
)
def test_digits_are_told_as_an_expression_tells_them(cells: list[str]):
    every = all(re.fullmatch("[0-9]+", cell) for cell in cells)
    assert (digits_only(pl.Series(cells, dtype=pl.String)) is not None) == every


@given(st.lists(st.from_regex(r"[ +-]?0{0,2}[0-9]{1,20}[ ]?", fullmatch=True), max_size=5))
def test_the_fast_way_to_add_up_says_the_same_as_the_slow_one(cells: list[str]):
    # A cell that is a decimal keeps a column from the fast way, and its own value is nothing.
    assert summary(cells) == summary([*cells, "0.0"]) or not cells


@pytest.mark.parametrize("width", [1, 20])
@pytest.mark.parametrize(
    "number", ["6\uff11\uff17", "-6\uff11", "1.\uff15", "6.\u0665\u0665\u0665", "1e\uff15"]
)
def test_a_number_with_digits_of_another_script_is_a_text(number, width, scan_bytes):
    rows = [",".join([cell] * width) for cell in ("jumlah", number, "5")]
    report = scan_bytes("\n".join(rows).encode())
    assert report.reason is None
    assert {(c.type, c.total) for t in report.tables for c in t.columns} == {("text", None)}
