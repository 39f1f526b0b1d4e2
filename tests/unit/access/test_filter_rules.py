"""Filters of the DataStore have one of the shapes that CKAN can read."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.access.tables.filter_rules import is_well_formed


@pytest.mark.parametrize(
    "filters",
    [
        None,
        "",
        {},
        {"tahun": 2026},
        {"tahun": [2025, 2026]},
        {"tahun": []},
        {"tahun": None},
        {"tahun": {"gte": 2024, "lt": 2027}},
        {"tahun": {"in": [2024]}},
        {"$or": [{"tahun": 2026}, {"$and": [{"a": 1}, {"b": "x"}]}]},
        [{"tahun": 2026}, {"a": True}],
        '{"tahun": 2026}',
    ],
)
def test_what_ckan_reads_passes(filters) -> None:
    assert is_well_formed(filters)


@pytest.mark.parametrize(
    "filters",
    [
        [],
        5,
        "x",
        "[]",
        '"x"',
        [1],
        {"tahun": {}},
        {"tahun": {"gte": {}}},
        {"tahun": {"gte": [1]}},
        {"tahun": {"in": {"a": 1}}},
        {"tahun": [{"gte": 1}]},
        {"tahun": [[1]]},
        {"$or": {"tahun": 1}},
        {"$or": [1]},
    ],
)
def test_what_ckan_would_break_on_does_not(filters) -> None:
    assert not is_well_formed(filters)


def test_filters_within_filters_end_somewhere() -> None:
    deep: dict[str, object] = {"tahun": 1}
    for _ in range(500):
        deep = {"$and": [deep]}
    assert not is_well_formed(deep)
