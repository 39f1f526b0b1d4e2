"""What changed between two scans."""

from __future__ import annotations

from typing import Any

from ckanext.satudata_pontianak.classification.versions.comparison import compare


def column(
    name: str | None, kind: str | None = None, total: str | None = None, **found: int
) -> dict[str, Any]:
    findings = [{"kind": k, "count": n} for k, n in found.items()]
    return {"name": name, "type": kind, "total": total, "findings": findings}


def report(name: str | None, rows: int, *columns: dict[str, Any]) -> dict[str, Any]:
    numbered = [{**c, "index": i} for i, c in enumerate(columns)]
    return {"files": [{"tables": [{"name": name, "rows": rows, "columns": numbered}]}]}


def test_rows_columns_and_findings_are_compared() -> None:
    (one,) = compare(
        report("a", 2, column("x"), column("y")),
        report("b", 3, column("x", nik=2), column("z")),
    )
    assert one == {
        "table": "b",
        "same": False,
        "rows_before": 2,
        "rows_after": 3,
        "columns": 2,
        "columns_added": ["z"],
        "columns_removed": ["y"],
        "columns_renamed": [],
        "columns_retyped": [],
        "findings": [{"kind": "nik", "before": 0, "after": 2}],
        "findings_added": [{"column": "x", "kind": "nik", "count": 2}],
        "findings_gone": [],
        "totals": [],
    }


def test_the_same_twice_shows_no_change() -> None:
    (one,) = compare(
        report("a", 2, column("x", "text", nik=1)), report("a", 9, column("x", "text", nik=5))
    )
    assert one["same"]
    assert not one["columns_added"]
    assert not one["findings_added"]
    assert one["findings"] == [{"kind": "nik", "before": 1, "after": 5}]


def test_a_column_in_anothers_place_is_renamed() -> None:
    (one,) = compare(
        report("a", 2, column("kec", "text"), column("jml", "number", "4")),
        report("a", 2, column("kec", "text"), column("jumlah", "number", "5")),
    )
    assert one["columns_renamed"] == [{"column": "jumlah", "before": "jml", "after": "jumlah"}]
    assert not one["same"]
    assert not one["columns_added"]
    assert one["totals"] == [{"column": "jumlah", "before": "4", "after": "5", "percent": 25.0}]


def test_what_moved_or_is_of_another_type_is_not_renamed() -> None:
    (one,) = compare(
        report("a", 2, column("a", "text"), column("b", "number")),
        report("a", 2, column("c", "number"), column("b", "number")),
    )
    assert (one["columns_added"], one["columns_removed"]) == (["c"], ["a"])
    (two,) = compare(
        report("a", 2, column("a", "text")), report("a", 2, column("b", "text", nik=1))
    )
    assert (two["columns_renamed"], two["columns_added"]) == ([], ["b"])


def test_another_type_is_told_but_nothing_of_an_empty_column() -> None:
    (one,) = compare(
        report("a", 2, column("x", "number"), column("y", "empty")),
        report("a", 2, column("x", "text"), column("y", "number")),
    )
    assert one["columns_retyped"] == [{"column": "x", "before": "number", "after": "text"}]
    assert not one["same"]


def test_totals_are_given_where_both_have_one_and_nothing_was_found() -> None:
    before = report("a", 2, column("x", "number", "0"), column("y", "number", "1", nik=1))
    after = report("a", 2, column("x", "number", "2.5"), column("y", "number", "2", nik=1))
    (one,) = compare(before, after)
    assert one["totals"] == [{"column": "x", "before": "0", "after": "2.5", "percent": None}]
    (hidden,) = compare(before, after, totals=False)
    assert hidden["totals"] is None


def test_columns_of_one_name_stay_apart() -> None:
    (one,) = compare(
        report("a", 2, column("x", "number", "1"), column("x", "number", "2")),
        report("a", 2, column("x", "number", "1"), column("x", "number", "4")),
    )
    assert [t["percent"] for t in one["totals"]] == [0.0, 100.0]


def test_a_table_that_came_or_went_is_shown() -> None:
    two = report("a", 2, column("x"))
    two["files"][0]["tables"] += report("b", 1, column("y"))["files"][0]["tables"]
    shown = {t["table"]: t for t in compare(report("a", 2, column("x")), two)}
    assert shown["b"]["rows_before"] == 0
    assert shown["b"]["columns_added"] == ["y"]
    assert not shown["b"]["same"]


def test_a_failed_scan_has_nothing_to_compare() -> None:
    assert compare({}, {}) == []


def test_percentages_and_densities_are_not_added_up() -> None:
    names = ("balita_gizi_kurang", "Balita gizi kurang - %", "kepadatan_per_km2", "persen_miskin")
    before = report("a", 2, *(column(name, "number", "40") for name in names))
    after = report("a", 2, *(column(name, "number", "50") for name in names))
    (one,) = compare(before, after)
    assert [total["column"] for total in one["totals"]] == ["balita_gizi_kurang"]
