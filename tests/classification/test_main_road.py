"""The main road: proposal, check, decision, public download."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk


def test_a_dataset_goes_from_proposal_to_public_download(city, app, csv_bytes) -> None:
    dataset = city.dataset()
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=dataset["id"])
    shown = city.step("produsen", dataset, "submit")
    assert shown["case"]["state"] == "verification"
    with pytest.raises(tk.NotAuthorized):
        city.step("produsen", dataset, "approve")
    decided = city.step("walidata", dataset, "approve")
    assert decided["case"] is None
    assert decided["decision"]["level"] == "biasa"
    public = city.act(None, "package_show", id=dataset["id"])
    assert public["tingkat_keamanan"] == "biasa"
    found = city.act(None, "package_search", q=f"name:{dataset['name']}")
    assert found["count"] == 1
    answer = app.get(public["resources"][0]["url"])
    assert answer.data == csv_bytes
