"""Which cells changed: rows are matched by what names them, in bounded work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.versions.cells import (
    MOST_ROWS,
    SHOWN_CELLS,
    Grid,
    changes,
)

COLUMNS = ("kelurahan", "tahun", "jumlah")
ROWS = [["Saigon", "2024", "10"], ["Saigon", "2025", "12"], ["Siantan", "2024", "5"]]


def table(*rows: list[str]) -> Grid:
    return Grid(COLUMNS, rows)


def test_rows_are_matched_by_the_columns_that_name_them() -> None:
    after = table(["Siantan", "2024", "6"], *ROWS[:2], ["Siantan", "2025", "7"])
    found = changes(table(*ROWS), after, {})
    assert found["key"] == ["kelurahan", "tahun"]
    assert (found["rows_added"], found["rows_removed"], found["rows_changed"]) == (1, 0, 1)
    assert found["added"] == ["Siantan · 2025"]
    changed = {"row": "Siantan · 2024", "column": "jumlah", "before": "5", "after": "6"}
    assert found["changed"] == [changed]


def test_a_column_that_only_counts_the_rows_names_none() -> None:
    before = Grid(("no", "nama", "jumlah"), [["1", "A", "5"], ["2", "C", "5"]])
    after = Grid(("no", "nama", "jumlah"), [["1", "A", "5"], ["2", "B", "5"], ["3", "C", "5"]])
    found = changes(before, after, {})
    assert found["key"] == ["nama"]
    assert found["added"] == ["B"]


def test_without_such_columns_rows_are_matched_by_their_number() -> None:
    before, after = Grid(("a", "b"), [["x", "1"], ["x", "1"]]), Grid(("a", "b"), [["x", "2"]])
    found = changes(before, after, {})
    assert found["key"] == []
    assert (found["rows_removed"], found["cells_changed"]) == (1, 1)
    assert found["changed"][0]["row"] == "1"


def test_a_renamed_column_and_a_number_written_otherwise_are_no_changes() -> None:
    before = Grid(("nama", "jumlah"), [["A", "1.0"], ["B", " 2"]])
    found = changes(before, Grid(("nama", "total"), [["A", "1"], ["B", "2"]]), {"jumlah": "total"})
    assert found["cells_changed"] == 0
    assert not (found["added"])
    assert not (found["removed"])


def test_empty_tables_and_what_is_too_large() -> None:
    found = changes(table(), table(*ROWS), {})
    assert (found["rows_added"], found["cells_changed"]) == (3, 0)
    assert Grid(("a",), [["x"]] * (MOST_ROWS + 1)).too_large
    assert not table(*ROWS).too_large


def test_so_many_changes_are_counted_and_not_all_told() -> None:
    before = Grid(("nama", "jumlah"), [[f"n{i}", str(i)] for i in range(300)])
    after = Grid(("nama", "jumlah"), [[f"n{i}", str(i + 1)] for i in range(300)])
    found = changes(before, after, {})
    assert found["cells_changed"] == 300
    assert len(found["changed"]) == SHOWN_CELLS


cells = st.lists(st.text("ab12. ", max_size=3), min_size=2, max_size=2)


@given(st.lists(cells, max_size=6))
def test_a_table_differs_in_nothing_from_itself(rows: list[list[str]]) -> None:
    found = changes(Grid(("a", "b"), rows), Grid(("a", "b"), rows), {})
    assert found["cells_changed"] == found["rows_added"] == found["rows_removed"] == 0


@pytest.mark.parametrize("turned", [False, True])
def test_what_came_is_what_went_the_other_way_round(turned: bool) -> None:
    one, two = table(*ROWS), table(*ROWS[1:], ["Tambelan", "2024", "9"])
    if turned:
        one, two = two, one
    there, back = changes(one, two, {}), changes(two, one, {})
    assert (there["added"], there["removed"]) == (back["removed"], back["added"])
