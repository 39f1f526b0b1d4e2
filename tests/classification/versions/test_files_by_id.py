"""A file is found by its id, also by a writer who does not see the files before it."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

NIK = "6171014101900001"  # made up
NEW = b"kecamatan,penduduk\nPontianak Kota,2\n"


@pytest.fixture
def behind_a_hidden_one(city, make_upload):
    """An open file, whose place is after one that waits: the operator sees the open one only."""
    dataset = city.publish()
    opened = dataset["resources"][0]
    made = city.act(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        name="Menunggu",
        upload=make_upload(NEW),
    )
    order = [made["id"], opened["id"]]
    city.act("produsen", "package_resource_reorder", id=dataset["id"], order=order)
    seen = city.act("admin", "package_show", id=dataset["id"])["resources"]
    assert [r["id"] for r in seen] == [opened["id"]]
    full = city.act("produsen", "package_show", id=dataset["id"])["resources"]
    assert [r["id"] for r in full] == order
    return dataset, opened, made


def files(city, dataset):
    """What the owner agency sees of the files, without moments."""
    shown = city.act("produsen", "package_show", id=dataset["id"])["resources"]
    return [{k: v for k, v in r.items() if "modified" not in k} for r in shown]


def test_a_file_behind_a_hidden_one_is_patched(city, behind_a_hidden_one) -> None:
    dataset, opened, made = behind_a_hidden_one
    answer = city.act("admin", "resource_patch", id=opened["id"], description="Diperiksa")
    assert (answer["id"], answer["description"]) == (opened["id"], "Diperiksa")
    shown = files(city, dataset)
    assert [r["id"] for r in shown] == [made["id"], opened["id"]]
    assert [r.get("description") for r in shown] == [made.get("description"), "Diperiksa"]
    assert [r["name"] for r in shown] == ["Menunggu", opened["name"]]


def test_a_file_behind_a_hidden_one_is_updated(city, behind_a_hidden_one) -> None:
    dataset, opened, _ = behind_a_hidden_one
    sent = {**opened, "description": "Diganti", "format": "TXT"}
    answer = city.act("admin", "resource_update", **sent)
    assert (answer["id"], answer["description"]) == (opened["id"], "Diganti")
    assert [r["name"] for r in files(city, dataset)] == ["Menunggu", opened["name"]]


def test_what_is_wrong_with_it_is_told_of_it(city, behind_a_hidden_one) -> None:
    dataset, opened, _ = behind_a_hidden_one
    before = files(city, dataset)
    with pytest.raises(tk.ValidationError) as refused:
        city.act("admin", "resource_patch", id=opened["id"], description=f"NIK {NIK}")
    assert list(refused.value.error_dict) == ["description"]
    assert files(city, dataset) == before


@pytest.mark.parametrize("action", ["resource_update", "resource_patch"])
def test_a_hidden_file_is_no_file(app, city, behind_a_hidden_one, action) -> None:
    dataset, _, made = behind_a_hidden_one
    before = files(city, dataset)
    answers = []
    for name in (made["id"], "tiada"):
        sent = {"id": name, "description": "x"}
        answers.append(app.post(f"/api/3/action/{action}", json=sent, headers=city.token("admin")))
    assert [a.status_code for a in answers] == [404, 404]
    assert answers[0].json["error"] == answers[1].json["error"]
    assert files(city, dataset) == before


def test_the_only_files_being_hidden_is_no_error(app, city) -> None:
    dataset = city.dataset()
    sent = {"id": dataset["resources"][0]["id"], "description": "x"}
    answer = app.post("/api/3/action/resource_update", json=sent, headers=city.token("admin"))
    assert answer.status_code == 404
