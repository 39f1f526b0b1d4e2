"""References are found where a door takes them, and exchanged for what nothing has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.surface import references
from ckanext.satudata_pontianak.surface.references import Named, Place

ID = "0f0e7c9a-3d3a-4c58-9b3e-0b7f3b1c2d4e"


def found(sent: object, takes: dict[str, Place]) -> list[Named]:
    return list(references.named(sent, each(takes)))


def each(takes: dict[str, Place]) -> references.Places:
    return {key: (place,) for key, place in takes.items()}


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ({"id": "stok"}, "id"),
        ({"id": ["stok"]}, "id"),
        ({"id": " stok\n"}, "id"),
        ({"match": {"id": "stok"}}, "match.id"),
        ({"match": '{"id": "stok"}'}, "match.id"),
        ({"match": ['{"id": "stok"}']}, "match.id"),
        ({"items": [{"id": "stok"}]}, "items.id"),
        ({"datasets": ["stok"]}, "datasets"),
    ],
)
def test_a_reference_is_found_however_it_is_sent(sent, key) -> None:
    takes = {key: Place("dataset")}
    assert found(sent, takes) == [Named("stok", "dataset")]
    changed = references.exchanged(sent, each(takes), lambda text, _: text.upper())
    assert "STOK" in str(changed)
    assert "stok" not in str(changed)


@pytest.mark.parametrize("sent", [{"id": 1}, {"id": None}, {"id": "x" * 101}, {"id": "\x00"}, []])
def test_what_is_no_name_is_left(sent) -> None:
    assert found(sent, {"id": Place("dataset")}) == []


def test_what_depends_on_another_parameter_is_found_only_beside_it() -> None:
    takes = {"object": Place("dataset", {"object_type": "package"})}
    assert found({"object": "stok", "object_type": "user"}, takes) == []
    assert found({"object": ["stok"], "object_type": ["package"]}, takes)
    takes = {"name": Place("dataset", {"id": ""})}
    assert found({"name": "stok", "id": "x"}, takes) == []
    assert found({"name": "stok"}, takes)
    takes = {"owner_id": Place("dataset", {"owner_type": ["dataset", "package"]})}
    assert found({"owner_id": "stok", "owner_type": "package"}, takes)
    assert found({"owner_id": "stok", "owner_type": "user"}, takes) == []


def test_what_a_parameter_names_may_hang_on_another() -> None:
    takes = references.places()[0]["file_owner_scan"]
    sent = {"owner_id": "stok", "owner_type": "package"}
    assert Named("stok", "dataset") in list(references.named(sent, takes))
    sent = {"owner_id": "dinkes", "owner_type": "organization"}
    assert list(references.named(sent, takes)) == [Named("dinkes", "any")]


def test_ids_in_a_text_are_found() -> None:
    sent = {"sql": f"SELECT * FROM \"{ID}\" WHERE a = 'stok'"}
    assert found(sent, {"sql": Place("text")}) == [Named(ID, "resource")]


@given(st.from_regex(r"[a-z0-9_-]{2,100}", fullmatch=True))
def test_a_stand_in_has_the_length_and_no_name_can_be_it(name) -> None:
    made = references.stand_in(name)
    assert len(made) == len(name)
    assert references.UUID.fullmatch(made) or not re.fullmatch(r"[a-z0-9_-]*", made)


def test_the_declaration_reads_and_no_door_stands_in_it_twice() -> None:
    actions, routes = references.places()
    assert actions["package_show"]["id"] == (Place("dataset"),)
    assert routes["dataset.read"]["id"] == (Place("dataset"),)


def test_where_an_agency_may_be_meant_only_ids_are_looked_up() -> None:
    assert references.looked_up(Named(ID, "any"))
    assert not references.looked_up(Named("dinkes", "any"))
    assert references.looked_up(Named("dinkes", "dataset"))
