"""Data are found by the regions that their cells name: of open data, while they are open."""

from __future__ import annotations

import re
from typing import Any

import pysolr
import pytest

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search.common import SearchIndexError

from ckanext.satudata_pontianak.access.search.dictionary import token
from ckanext.satudata_pontianak.classification.clock import tables as table_care
from ckanext.satudata_pontianak.classification.records import stale_index
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.versions import tables

CSV = b"kelurahan,jumlah\nSaigon,7001\nSungaijawi Dalam,7002\n"
PEOPLE = (None, "warga", "produsen", "walidata", "admin")


@pytest.fixture
def found(city, app) -> Any:
    """Return the names of what somebody finds by words."""

    def ask(q: str, who: str | None = None) -> set[str]:
        answer = app.get(
            "/api/3/action/package_search",
            query_string={"q": q, "fl": "name", "include_private": True},
            headers=city.token(who),
        ).get_json()["result"]
        assert answer["count"] == len(answer["results"])
        return {hit["name"] for hit in answer["results"]}

    return ask


def in_index(code: str) -> int:
    """Return how many documents of the index itself name a region, whoever may see them."""
    asked = f'+satudata_cells:{token(code)} +site_id:"{tk.config["ckan.site_id"]}"'
    return pysolr.Solr(tk.config["solr_url"]).search(asked, rows=0).hits


def test_open_data_are_found_by_every_spelling_until_they_close(
    city, app, work, make_upload, found, monkeypatch
) -> None:
    dataset = city.publish(file=make_upload(CSV, "posyandu.csv"), title="Jumlah Posyandu")
    work(dataset)
    name = {dataset["name"]}
    for q in ("saigon", "Kelurahan Saigon", "posyandu kel. saigon", "sei jawi dalam"):
        assert found(q) == name, q
    assert found("akcaya") == found("sungai jawi") == set()
    page = app.get("/dataset/", query_string={"q": "posyandu kel. saigon"}).get_data(as_text=True)
    assert re.search(r'href="/wilayah/61\.71\.02\.1003">.*?Wilayah: Kelurahan Saigon', page, re.S)
    assert dataset["title"] in page
    assert "Wilayah: Kelurahan Saigon" not in app.get("/dataset/?q=posyandu").get_data(as_text=True)
    # A mistyped name is put right by what the caller finds.
    assert dataset["title"] in app.get("/dataset/?q=saigoon").get_data(as_text=True)

    def fails(_dataset_id):
        raise SearchIndexError("no answer")

    held = {"id": dataset["id"], "scope": "data", "reason": "Diperiksa dahulu"}
    with monkeypatch.context() as patch:  # before the index follows
        patch.setattr(stale_index.search, "rebuild", fails)
        hold = city.act("ppid", "satudata_hold_create", **held)["holds"][0]["id"]
    assert in_index("61.71.02.1003") == 1
    for who in PEOPLE:
        assert found("saigon", who) == set(), who
    stale_index.rebuild(dataset["id"])
    assert in_index("61.71.02.1003") == 0
    for who in PEOPLE:
        assert found("saigon", who) == set(), who
        assert found("posyandu", who) == name, who
    assert dataset["title"] not in app.get("/dataset/?q=saigoon").get_data(as_text=True)
    city.act(
        "walidata", "satudata_hold_release", id=dataset["id"], hold=hold, reason="Sudah diperiksa"
    )
    assert found("saigon") == name
    assert in_index("61.71.02.1003") == 1


def test_closed_and_waiting_data_are_found_by_no_cell(city, app, work, make_upload, found) -> None:
    limited = city.limit(file=make_upload(CSV, "gudang.csv"), title="Daftar Gudang")
    work(limited)
    version = city.act("produsen", "satudata_classification_show", id=limited["id"])["scans"][0]
    assert version  # the table is there; what it names is in no index
    opened = city.publish(
        file=make_upload(b"kelurahan,jumlah\nAkcaya,7\n", "satu.csv"), title="Jumlah"
    )
    work(opened)
    resource = opened["resources"][0]["id"]
    newer = make_upload(CSV, "satu.csv")
    city.act("produsen", "resource_patch", id=resource, upload=newer)
    work(opened)  # its table waits with it
    for who in PEOPLE:
        assert found("saigon", who) == set(), who
        assert found("akcaya", who) == {opened["name"]}, who
    assert in_index("61.71.02.1003") == 0
    city.step("produsen_2", opened, "submit")
    city.step("walidata", opened, "approve")
    assert found("saigon") == {opened["name"]}
    assert found("akcaya") == set()


def test_a_table_that_was_made_before_regions_were_read_is_read_again(
    city, work, make_upload, found
) -> None:
    dataset = city.publish(file=make_upload(CSV, "posyandu.csv"))
    [known] = work(dataset)
    assert known.regions == ("61.71.02.1003", "61.71.03.1002")
    version = model.Session.query(Version).filter_by(package_id=dataset["id"]).one()
    version.tabled = {k: v for k, v in version.tabled.items() if k != "regions"}
    model.Session.commit()
    stale_index.rebuild(dataset["id"])
    assert found("saigon") == set()
    assert list(table_care.missing()) == [version.id]
    assert tables.load(version.id, again=True).regions == known.regions
    assert found("saigon") == {dataset["name"]}
    assert list(table_care.missing()) == []
