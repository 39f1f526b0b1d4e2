"""Removing what was decided: refused in words, on every page of core that offers it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("state", ["published", "checked"])
def test_removal_is_refused_in_words(desk, city, state) -> None:
    dataset = city.publish() if state == "published" else city.dataset()
    if state == "checked":
        city.step("produsen", dataset, "submit")
    resource = dataset["resources"][0]["id"]
    for path in (
        f"/dataset/delete/{dataset['name']}",
        f"/dataset/{dataset['name']}/resource/{resource}/delete",
    ):
        page = desk.post("kepala_dinkes", path, {})
        assert page.status == 409, path
        assert 'id="error-content"' in page.body
    kept = city.act("produsen", "package_show", id=dataset["id"])
    assert kept["state"] == "active"
    assert [r["id"] for r in kept["resources"]] == [resource]


def test_a_draft_is_removed(desk, city) -> None:
    dataset = city.dataset()
    resource = dataset["resources"][0]["id"]
    sent = desk.post("produsen", f"/dataset/{dataset['name']}/resource/{resource}/delete", {})
    assert sent.status == 302
    assert city.act("produsen", "package_show", id=dataset["id"])["resources"] == []
    sent = desk.post("kepala_dinkes", f"/dataset/delete/{dataset['name']}", {})
    assert sent.status == 302


def test_what_was_decided_is_not_made_a_draft_again(desk, city) -> None:
    """Core's button "Unpublish" would hide open data without a case: its form is refused."""
    dataset = city.publish()
    fields = {
        "title": dataset["title"],
        "name": dataset["name"],
        "owner_org": dataset["owner_org"],
        "_ckan_phase": "dataset_new_1",
        "save": "go-metadata-unpublish",
    }
    page = desk.post("produsen", f"/dataset/edit/{dataset['name']}", fields)
    assert page.status == 200
    assert 'class="satudata-form-errors"' in page.body
    assert city.act(None, "package_search", q=f"name:{dataset['name']}")["count"] == 1
