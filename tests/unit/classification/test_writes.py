"""A write counts only where it differs from what the writer was shown."""

from __future__ import annotations

import copy
import io
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.rules.axes import AXES
from ckanext.satudata_pontianak.classification.writes.plan import plan_create, plan_update
from ckanext.satudata_pontianak.surface import links

texts = st.text(alphabet="abc ", max_size=6)
resources = st.lists(
    st.fixed_dictionaries(
        {
            "name": texts,
            "description": texts,
            "format": st.sampled_from(["CSV", "XLSX"]),
            "hash": texts,
            "size": st.integers(1, 99),
        }
    ),
    max_size=4,
)


@st.composite
def stored_and_shown(draw):
    items = draw(resources)
    for number, item in enumerate(items):
        item.update(
            id=f"r{number}",
            url=f"http://x/dataset/d/resource/r{number}/download/f{number}.csv",
            url_type="upload",
            position=number,
            package_id="d",
            state="active",
        )
    stored = {
        "id": "d",
        "title": draw(texts),
        "notes": draw(texts),
        "private": draw(st.booleans()),
        "owner_org": "o",
        "resources": items,
    }
    shown = copy.deepcopy(stored)
    shown.update({axis: draw(st.sampled_from(["a", "b"])) for axis in AXES})
    shown["satudata_case"] = {"state": "draft"}
    hidden = draw(st.sets(st.sampled_from([r["id"] for r in items]))) if items else set()
    shown["resources"] = [
        {**{k: v for k, v in r.items() if k not in ("hash", "size")}, "url": ""}
        if draw(st.booleans())
        else {**r, "satudata_waiting": {"id": "v"}}
        for r in shown["resources"]
        if r["id"] not in hidden
    ]
    return stored, shown


@given(stored_and_shown())
def test_reading_and_writing_back_changes_nothing(pair) -> None:
    stored, shown = pair
    plan = plan_update(copy.deepcopy(shown), shown, stored)
    assert not plan.axes
    assert not plan.bytes
    assert not plan.removed
    assert not plan.renamed
    assert not plan.changed_fields
    by_id = {r["id"]: r for r in plan.data.pop("resources")}
    assert by_id == {r["id"]: r for r in stored["resources"]}
    assert plan.data == {k: v for k, v in stored.items() if k != "resources"}


@given(stored_and_shown(), st.randoms(use_true_random=False))
def test_hidden_files_keep_their_place(pair, random) -> None:
    stored, shown = pair
    order = [r["id"] for r in stored["resources"]]
    visible = [r["id"] for r in shown["resources"]]
    sent = copy.deepcopy(shown)
    assert [r["id"] for r in plan_update(sent, shown, stored).data["resources"]] == order

    random.shuffle(sent["resources"])
    sent["resources"].append({"name": "baru", "url": "https://contoh.go.id/data.csv"})
    result = [r["id"] for r in plan_update(sent, shown, stored).data["resources"]]
    assert [r for r in result if r in visible] == [r["id"] for r in sent["resources"][:-1]]
    for before, hidden in zip(["", *order], order, strict=False):
        if hidden not in visible:
            place = result.index(hidden)
            assert (result[place - 1] if place else "") == before


@given(stored_and_shown(), st.sampled_from(["url", "size", "hash", "mimetype", "url_type"]))
def test_nobody_writes_what_belongs_to_the_bytes(pair, field: str) -> None:
    stored, shown = pair
    incoming = copy.deepcopy(shown)
    for resource in incoming["resources"]:
        resource[field] = "upload" if field == "url_type" else "geheim.csv"
    plan = plan_update(incoming, shown, stored)
    kept = {r["id"]: r for r in stored["resources"]}
    for resource in plan.data["resources"]:
        if not any(change.resource_id == resource["id"] for change in plan.bytes):
            assert resource.get(field) == kept[resource["id"]].get(field)


@given(stored_and_shown())
def test_private_is_never_taken_from_a_writer(pair) -> None:
    stored, shown = pair
    plan = plan_update({**shown, "private": not stored["private"]}, shown, stored)
    assert plan.data["private"] == stored["private"]


def dataset(**values):
    resource = {
        "id": "r",
        "url": "http://x/dataset/d/resource/r/download/a.csv",
        "url_type": "upload",
        "name": "A",
        "hash": "h",
        "position": 0,
    }
    return {"id": "d", "title": "T", "private": True, "resources": [{**resource, **values}]}


def test_a_new_file_is_new_bytes() -> None:
    upload = SimpleNamespace(filename="b.csv", stream=io.BytesIO(b"x"))
    incoming = dataset(upload=upload)
    plan = plan_update(incoming, dataset(), dataset())
    assert [(c.resource_id, c.new, c.upload) for c in plan.bytes] == [("r", False, upload)]
    assert "upload" not in plan.data["resources"][0]


@pytest.mark.parametrize(
    ("url", "changed"),
    [
        ("", False),
        ("a.csv", False),
        ("http://x/dataset/d/resource/r/download/a.csv", False),
        ("http://luar/b.csv", True),
    ],
)
def test_a_changed_address_is_new_bytes(url: str, changed: bool) -> None:
    plan = plan_update(dataset(url=url, url_type=""), dataset(), dataset())
    assert bool(plan.bytes) is changed


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "http://", "ftp://x/a"]
)
def test_a_link_that_is_no_web_address_is_told(url: str) -> None:
    plan = plan_create({"title": "T", "resources": [{"url": url}]})
    assert plan.bad_links == [links.SCHEME]


def test_what_the_writer_saw_and_left_out_is_removed_and_what_was_hidden_stays() -> None:
    two = dataset()
    two["resources"].append({**two["resources"][0], "id": "hidden"})
    plan = plan_update({**dataset(), "resources": []}, dataset(), two)
    assert plan.removed == ["r"]
    assert [r["id"] for r in plan.data["resources"]] == ["hidden"]


def test_without_resources_they_are_kept() -> None:
    incoming = {"id": "d", "title": "U"}
    plan = plan_update(incoming, dataset(), dataset())
    assert not plan.removed
    assert "resources" not in plan.data
    assert plan.changed_fields == {"title": "U"}


@pytest.mark.parametrize("axis", AXES)
def test_axes_by_the_old_door_of_extras_are_dropped(axis: str) -> None:
    plan = plan_create({"title": "T", "extras": [{"key": axis, "value": "x"}, {"key": "a"}]})
    assert plan.data["extras"] == [{"key": "a"}]


def test_a_new_dataset_is_private_and_its_axes_are_a_proposal() -> None:
    plan = plan_create({"title": "T", "private": False, "tingkat_keamanan": "biasa"})
    assert plan.data["private"] is True
    assert plan.axes == {"tingkat_keamanan": "biasa"}
    assert "tingkat_keamanan" not in plan.data
