"""Keys that are declared are taken, in their kind; all others are named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ckanext.satudata_pontianak.metadata.file_formats import FormatList
from ckanext.satudata_pontianak.surface import keys

SCHEMAS = {
    "dataset_fields": {"konsep": "text", "bahasa": "many"},
    "resource_fields": {"name": "text"},
}


def codes(kind: str, data: dict[str, Any], **how: Any) -> list[tuple[str, tuple[Any, ...]]]:
    return [(p.code, p.where) for p in keys.tidied(kind, data, SCHEMAS, **how)]


def test_keys_of_the_schema_and_declared_ones_are_taken() -> None:
    data = {
        "title": "T",
        "konsep": None,
        "bahasa": ["id", "en"],
        "num_tags": 3,
        "satudata_case": {"a": 1},
        "resources": [{"name": "N", "upload": "", "hash": "x", "size": 1}],
        "tags": [{"name": "a", "display_name": "a"}],
    }
    assert codes("dataset", data) == []


@pytest.mark.parametrize(
    "key", ["lampiran", "Title", "title ", " title", "title\u200b", "__extras", "", "satudata", 1]
)
def test_every_other_key_is_named(key: Any) -> None:
    assert codes("dataset", {key: "x"}) == [("unknown", (key,))]
    inside = {"resources": [{"name": "a"}, {key: "x"}]}
    assert codes("dataset", inside) == [("unknown", ("resources", 1, key))]


@pytest.mark.parametrize("value", [{}, [], ["a"], {"a": "b"}, True, (1,)])
def test_a_value_of_another_kind_is_named(value: Any) -> None:
    assert codes("dataset", {"title": value}) == [("text", ("title",))]


@pytest.mark.parametrize("value", ["", "a", {}, {"0": {}}, [1], [None], [["a"]], True, 0])
def test_a_list_of_things_holds_things(value: Any) -> None:
    assert codes("dataset", {"resources": value}) == [("items", ("resources",))]


def test_numbers_and_days_in_texts_become_texts() -> None:
    data: dict[str, Any] = {"title": 12, "konsep": date(2026, 1, 2), "resources": [{"name": 1.5}]}
    assert codes("dataset", data) == []
    assert data == {"title": "12", "konsep": "2026-01-02", "resources": [{"name": "1.5"}]}


def test_free_fields_are_taken_by_name_only() -> None:
    extras = [
        {"key": "harvest_source_title", "value": "x"},
        {"key": "guid", "value": "x"},
        {"key": "satudata_x", "value": "x"},
        {"value": "x"},
    ]
    found = codes("dataset", {"extras": extras})
    assert sorted(found) == [
        ("unknown", ("extras", 1, "guid")),
        ("unknown", ("extras", 3, "key")),
    ]


def test_dropping_leaves_what_is_declared() -> None:
    data = {
        "title": "T",
        "notes": {"id": "x"},
        "lampiran": "x",
        "tags": "x",
        "extras": [{"key": "guid", "value": "x"}, {"key": "harvest_source_id", "value": "x"}],
        "resources": [{"name": "N", "isi": "x"}],
    }
    assert len(codes("dataset", data, drops=True)) == 5
    assert data == {
        "title": "T",
        "extras": [{"key": "harvest_source_id", "value": "x"}],
        "resources": [{"name": "N"}],
    }


def test_the_index_holds_declared_fields_only() -> None:
    fields = SCHEMAS["dataset_fields"]
    for field in (
        "title",
        "extras_konsep",
        "konsep",
        "data_dict",
        "vocab_a",
        "extras_harvest_source_id",
    ):
        assert keys.in_index(field, fields), field
    for field in ("lampiran", "extras_lampiran", "theme", "res_extras_a", "issued_date"):
        assert not keys.in_index(field, fields), field


def test_a_format_is_called_what_the_list_calls_it() -> None:
    formats = FormatList(
        {"csv": ["text/csv", "CSV", "Comma"], "text/csv": ["", "CSV", ""]}, ["GPKG"]
    )
    assert [formats.name(t) for t in ("csv", ".CSV", "text/csv", "gpkg", "", None, " ")] == [
        "CSV", "CSV", "CSV", "GPKG", "", "", "",
    ]  # fmt: skip
    assert formats.name("6171014101900001") is None
    assert formats.nearest("csvv") == "CSV"
    assert formats.nearest("x" * 100_000) is None


def test_every_text_of_a_value_is_found_however_deep() -> None:
    deep: Any = "isi"
    for _ in range(20_000):
        deep = [deep]
    assert list(keys.leaves(deep)) == ["isi"]
    value = {"a": ["b", {"c": 1}], "d": None, "e": True}
    assert sorted(keys.leaves(value)) == ["1", "a", "b", "c", "d", "e"]
