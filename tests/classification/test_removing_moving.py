"""Removing one file, and what happens to bytes while a dataset is removed or moved."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

from ..refusals import refusal_of

NEW = b"kecamatan,penduduk\nPontianak Kota,145201\nPontianak Barat,156783\n"
NEXT = b"kecamatan,penduduk\nPontianak Kota,145299\nPontianak Barat,156799\n"


def two_files(city, make_upload) -> dict:
    """Publish a dataset with two files."""
    dataset = city.dataset()
    city.act(
        "produsen",
        "resource_create",
        package_id=dataset["id"],
        name="Kedua",
        upload=make_upload(NEW, "kedua.csv"),
    )
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    return city.act("produsen", "package_show", id=dataset["id"])


def test_one_decided_file_is_removed_by_a_case_and_the_other_stays(city, app, make_upload) -> None:
    dataset = two_files(city, make_upload)
    first, second = dataset["resources"]
    with refusal_of("message"):
        city.act("produsen", "resource_delete", id=first["id"])
    city.step(
        "produsen",
        dataset,
        "reopen",
        case_kind="remove",
        reason="Berkas usang",
        resources=[first["id"]],
    )
    city.step("produsen", dataset, "submit")
    assert app.get(first["url"], status=200)
    city.step("walidata", dataset, "approve")
    assert app.get(first["url"], status=404)
    assert app.get(second["url"], status=200)
    public = city.act(None, "package_show", id=dataset["id"])
    assert [r["id"] for r in public["resources"]] == [second["id"]]
    found = city.act(None, "package_search", q=f"name:{dataset['name']}")["results"][0]
    assert [r["id"] for r in found["resources"]] == [second["id"]]


@pytest.mark.parametrize("wrong", ["tiada", ["tiada"], [1], {"a": 1}, 7, "a\x00b"])
def test_only_decided_files_of_the_dataset_are_named(city, wrong) -> None:
    dataset = city.publish()
    with pytest.raises(tk.ValidationError) as refused:
        city.step(
            "produsen", dataset, "reopen", case_kind="remove", reason="Usang", resources=wrong
        )
    assert "resources" in refused.value.error_dict
    assert city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"] is None


def test_files_are_named_by_removals_only(city) -> None:
    dataset = city.publish()
    resource = dataset["resources"][0]["id"]
    with pytest.raises(tk.ValidationError) as refused:
        city.step("produsen", dataset, "reopen", reason="Usang", resources=[resource])
    assert "resources" in refused.value.error_dict


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "a\x00b"},
        {"reason": 7},
        {"reason": "x" * 4001},
        {"case_kind": "move", "owner_org": "a\x00b"},
        {"case_kind": "move", "owner_org": ["dinsos"]},
        {"license_id": "a\x00b"},
        {"license_id": ["cc-by"]},
        {"case_kind": "a\x00b"},
    ],
)
def test_hostile_values_open_no_case(city, wrong) -> None:
    dataset = city.publish()
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
        city.step("produsen", dataset, "reopen", **{"reason": "Perlu ditinjau", **wrong})
    assert city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"] is None


def test_a_reopening_gives_the_receipt_of_its_record(city) -> None:
    dataset = city.publish()
    receipt = city.step("produsen", dataset, "reopen", reason="Perlu ditinjau")["receipt"]
    assert receipt["entry"] > 0
    assert len(receipt["hash"]) == 64


def test_a_file_brought_during_a_move_waits_for_the_new_owners_case(city, app, make_upload) -> None:
    dataset = city.publish()
    resource = dataset["resources"][0]
    city.step(
        "produsen",
        dataset,
        "reopen",
        case_kind="move",
        reason="Urusan pindah",
        owner_org="disdukcapil",
    )
    city.act("produsen", "resource_patch", id=resource["id"], upload=make_upload(NEW, "b.csv"))
    with refusal_of("jenis_informasi"):
        city.act("produsen", "package_patch", id=dataset["id"], jenis_informasi="setiap_saat")
    city.step("produsen", dataset, "submit")
    city.step("produsen_lain", dataset, "accept")
    city.step("walidata", dataset, "approve")
    assert app.get(resource["url"]).data != NEW
    shown = city.act("produsen_lain", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["reason"] == "waiting_versions"
    city.step("produsen_lain", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert app.get(resource["url"]).data == NEW


def test_a_file_brought_during_a_removal_goes_with_it(city, app, make_upload) -> None:
    dataset = city.publish()
    resource = dataset["resources"][0]
    city.step("produsen", dataset, "reopen", case_kind="remove", reason="Usang", removes="dataset")
    city.act("produsen", "resource_patch", id=resource["id"], upload=make_upload(NEW, "b.csv"))
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert app.get(resource["url"], status=404)
    shown = city.act("admin", "satudata_classification_show", id=dataset["id"])
    assert shown["case"] is None


def test_the_year_that_came_with_the_next_file_waits_with_it(city, make_upload) -> None:
    dataset = city.publish()
    year = city.act(None, "package_show", id=dataset["id"])["tahun"]
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(NEW, "b.csv"))
    city.step("produsen", dataset, "submit")
    shown = city.act("produsen", "package_show", id=dataset["id"])
    shown["tahun"] = "2031"
    shown["resources"][0]["upload"] = make_upload(NEXT, "c.csv")
    city.act("produsen", "package_update", **shown)
    city.step("walidata", dataset, "approve")
    assert city.act(None, "package_show", id=dataset["id"])["tahun"] == year
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["pending"] == {"tahun": "2031"}
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert city.act(None, "package_show", id=dataset["id"])["tahun"] == "2031"


def test_who_is_asked_to_take_a_secret_dataset_sees_what_it_is_and_accepts(city) -> None:
    dataset = city.seal()
    with pytest.raises(tk.ObjectNotFound):
        city.act("produsen_lain", "package_show", id=dataset["id"])
    city.step(
        "produsen",
        dataset,
        "reopen",
        case_kind="move",
        reason="Urusan pindah",
        owner_org="disdukcapil",
    )
    with pytest.raises(tk.ObjectNotFound):
        city.act("produsen_lain", "package_show", id=dataset["id"])
    city.step("produsen", dataset, "submit")
    assert city.act("produsen_lain", "package_show", id=dataset["id"])["title"]
    shown = city.act("produsen_lain", "satudata_classification_show", id=dataset["id"])
    assert shown["scans"] == []
    assert [t["name"] for t in shown["case"]["transitions"]] == ["accept"]
    for other in ("pegawai_dinsos", "warga"):
        with pytest.raises(tk.ObjectNotFound):
            city.act(other, "package_show", id=dataset["id"])
    found = city.act(
        "produsen_lain", "package_search", q=f"name:{dataset['name']}", include_private=True
    )
    assert found["count"] == 1
    city.step("produsen_lain", dataset, "accept")
    city.step("walidata", dataset, "refer", catatan="milik PPID")
    city.step("ppid", dataset, "approve")
    moved = city.act("produsen_lain", "package_show", id=dataset["id"])
    assert moved["organization"]["name"] == "disdukcapil"
