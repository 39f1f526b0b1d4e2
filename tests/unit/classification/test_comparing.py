"""What changed between two scans."""

from __future__ import annotations

from ckanext.satudata_pontianak.classification.comparing import compare


def report(name: str | None, rows: int, **columns: list[tuple[str, int]]) -> dict:
    return {
        "files": [
            {
                "tables": [
                    {
                        "name": name,
                        "rows": rows,
                        "columns": [
                            {
                                "index": i,
                                "name": column,
                                "findings": [{"kind": k, "count": n} for k, n in found],
                            }
                            for i, (column, found) in enumerate(columns.items())
                        ],
                    }
                ]
            }
        ]
    }


def test_rows_columns_and_findings_are_compared() -> None:
    (one,) = compare(report("a", 2, x=[], y=[]), report("b", 3, x=[("nik", 2)], z=[]))
    assert one == {
        "table": "b",
        "rows_before": 2,
        "rows_after": 3,
        "columns_added": ["z"],
        "columns_removed": ["y"],
        "findings_added": [{"column": "x", "kind": "nik", "count": 2}],
        "findings_gone": [],
    }


def test_the_same_twice_shows_no_change() -> None:
    (one,) = compare(report("a", 2, x=[("nik", 1)]), report("a", 2, x=[("nik", 5)]))
    assert not one["columns_added"]
    assert not one["findings_added"]


def test_a_table_that_came_or_went_is_shown() -> None:
    two = report("a", 2, x=[])
    two["files"][0]["tables"] += report("b", 1, y=[])["files"][0]["tables"]
    shown = {t["table"]: t for t in compare(report("a", 2, x=[]), two)}
    assert shown["b"]["rows_before"] == 0
    assert shown["b"]["columns_added"] == ["y"]


def test_a_failed_scan_has_nothing_to_compare() -> None:
    assert compare({}, {}) == []
