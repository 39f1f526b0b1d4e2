"""A comparison as a page shows it."""

from __future__ import annotations

from ckanext.satudata_pontianak.portal.desk import diffs


def test_a_wide_table_shows_the_greatest_changes_first() -> None:
    items = [
        {"column": f"k{i}", "before": "100", "after": str(100 + i % 50), "percent": float(i % 50)}
        for i in range(500)
    ]
    totals = diffs.totals({"totals": items})
    assert (len(totals.first), len(totals.more), totals.unchanged) == (10, 480, 10)
    assert {t["percent"] for t in totals.first} == {49.0}


def test_figures_are_written_as_the_language_writes_them() -> None:
    assert diffs.figure("1234567.891", "id") == "1.234.567,89"
    assert diffs.figure("keliru", "id") == ""
    assert [diffs.percent(p, "id") for p in (12.5, 0.0, -3.0, None)] == [
        "+12,5 %",
        "",
        "−3 %",
        "",
    ]
    assert (diffs.change(0, 5, "id"), diffs.change(4, 5, "id")) == ("", "+25 %")
