"""What is written: nothing is lost, nothing moves that was not changed."""

from __future__ import annotations

import copy

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.classification.records.model import TABLES

from ...city import AXES_LIMITED
from ...refusals import refusal_of
from ...statements import statements

NEW = b"kecamatan,penduduk\nPontianak Kota,1\n"


def snapshot() -> dict[str, list]:
    """Return every row of our tables and of the datasets."""
    model.Session.rollback()
    rows = {}
    for table in (*TABLES, model.Package, model.Resource):
        query = sa.select(table.__table__ if hasattr(table, "__table__") else table)
        rows[str(table)] = sorted(map(str, model.Session.execute(query).all()))
    return rows


def draft(city, make_upload):
    return city.dataset()


def being_checked(city, make_upload):
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    return dataset


def being_checked_with_next_bytes(city, make_upload):
    dataset = being_checked(city, make_upload)
    replace(city, dataset, make_upload)
    return dataset


def at_ppid(city, make_upload):
    dataset = being_checked(city, make_upload)
    city.step("walidata", dataset, "refer", catatan="uji")
    return dataset


def published(city, make_upload):
    return city.publish()


def published_with_waiting_bytes(city, make_upload):
    dataset = city.publish()
    replace(city, dataset, make_upload)
    return dataset


def limited_with_open_proposal(city, make_upload):
    dataset = city.limit()
    city.act(
        "produsen",
        "package_patch",
        id=dataset["id"],
        jenis_informasi="berkala",
        tingkat_keamanan="biasa",
        data_pribadi="tidak_ada",
    )
    replace(city, dataset, make_upload)
    return dataset


def secret(city, make_upload):
    dataset = city.dataset(file=False, jenis_informasi="dikecualikan", tingkat_keamanan="rahasia")
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="uji")
    city.step("ppid", dataset, "assess", **city.assess_fields())
    city.step("penetap", dataset, "approve", nomor="SK")
    return dataset


STATES = [
    draft,
    being_checked,
    being_checked_with_next_bytes,
    at_ppid,
    published,
    published_with_waiting_bytes,
    limited_with_open_proposal,
    secret,
]


def replace(city, dataset, make_upload, content: bytes = NEW, who: str = "produsen") -> None:
    resource = city.act(who, "package_show", id=dataset["id"])["resources"][0]
    city.act(who, "resource_patch", id=resource["id"], upload=make_upload(content, "baru.csv"))


def unchanged_writes(city, who: str, dataset) -> dict:
    """Return every way to write back what was read."""
    shown = city.act(who, "package_show", id=dataset["id"])
    ways = {
        "package_update": lambda: city.act(who, "package_update", **copy.deepcopy(shown)),
        "package_patch": lambda: city.act(
            who, "package_patch", id=shown["id"], title=shown["title"], private=False
        ),
        "package_revise": lambda: city.act(
            who, "package_revise", match={"id": shown["id"]}, update={"title": shown["title"]}
        ),
    }
    if shown["resources"]:
        first = shown["resources"][0]
        ways["resource_patch"] = lambda: city.act(
            who, "resource_patch", id=first["id"], name=first["name"]
        )
        ways["resource_update"] = lambda: city.act(who, "resource_update", **copy.deepcopy(first))
    return ways


@pytest.mark.parametrize("make", STATES, ids=lambda f: f.__name__)
def test_what_was_read_and_written_back_changes_nothing(city, make_upload, make) -> None:
    dataset = make(city, make_upload)
    for who in ("produsen", "kepala_dinkes", "admin"):
        for name, write in unchanged_writes(city, who, dataset).items():
            before = snapshot()
            write()
            assert snapshot() == before, (who, name)


@pytest.mark.parametrize("make", STATES, ids=lambda f: f.__name__)
def test_who_may_not_write_changes_nothing(city, make_upload, make) -> None:
    dataset = make(city, make_upload)
    before = snapshot()
    for who in ("walidata", "ppid", "penetap", "pengawas", "warga", "staf", "produsen_lain", None):
        for action, params in (
            ("package_patch", {"id": dataset["id"], "title": "Diganti"}),
            ("package_update", {**dataset, "title": "Diganti"}),
            ("package_revise", {"match": {"id": dataset["id"]}, "update": {"title": "Diganti"}}),
            ("package_delete", {"id": dataset["id"]}),
        ):
            with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                city.act(who, action, **copy.deepcopy(params))
    assert snapshot() == before


@pytest.mark.parametrize("make", STATES, ids=lambda f: f.__name__)
def test_a_typo_in_the_title_is_mended_at_once_and_touches_nothing_else(
    city, make_upload, make
) -> None:
    dataset = make(city, make_upload)
    before = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    shown = city.act("produsen", "package_show", id=dataset["id"])
    city.act("produsen", "package_patch", id=dataset["id"], title="Judul yang benar")
    after = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    again = city.act("produsen", "package_show", id=dataset["id"])
    assert again["title"] == "Judul yang benar"
    volatile = {"title", "metadata_modified"}
    assert {k: v for k, v in again.items() if k not in volatile} == {
        k: v for k, v in shown.items() if k not in volatile
    }
    assert after["decision"] == before["decision"]
    assert after["scans"] == before["scans"]
    if before["case"]:
        assert after["case"]["state"] == before["case"]["state"]
        assert after["case"]["proposal"] == before["case"]["proposal"]


def test_the_public_goes_on_downloading_the_approved_bytes(city, app, make_upload, csv_bytes):
    dataset = city.publish()
    url = dataset["resources"][0]["url"]
    replace(city, dataset, make_upload)
    public = city.act(None, "package_show", id=dataset["id"])
    assert public == {**dataset, "metadata_modified": public["metadata_modified"]}
    assert app.get(url).data == csv_bytes
    mine = city.act("produsen", "package_show", id=dataset["id"])
    waiting = mine["resources"][0]["satudata_waiting"]
    assert waiting["filename"] == "baru.csv"
    assert waiting["verdict"] == "clear"
    path = f"/satudata/versi/{waiting['id']}/unduh"
    assert app.get(path, headers=city.token("produsen")).data == NEW
    for who in (None, "warga", "produsen_lain", "pengawas"):
        assert app.get(path, headers=city.token(who), status=404)
    city.step("produsen", dataset, "submit")
    assert app.get(path, headers=city.token("walidata")).data == NEW
    assert app.get(url).data == csv_bytes
    city.step("walidata", dataset, "approve")
    renewed = city.act(None, "package_show", id=dataset["id"])["resources"][0]
    assert renewed["id"] == dataset["resources"][0]["id"]
    assert app.get(renewed["url"]).data == NEW
    assert renewed["hash"] != dataset["resources"][0]["hash"]


def test_the_same_file_again_changes_nothing(city, make_upload, csv_bytes) -> None:
    for dataset in (city.dataset(), city.publish()):
        before = snapshot()
        resource = city.act("produsen", "package_show", id=dataset["id"])["resources"][0]
        city.act("produsen", "resource_patch", id=resource["id"], upload=make_upload(csv_bytes))
        assert snapshot() == before


def test_bytes_that_arrive_after_submit_wait_for_the_next_case(city, app, make_upload, csv_bytes):
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    replace(city, dataset, make_upload)
    decided = city.step("walidata", dataset, "approve")
    public = city.act(None, "package_show", id=dataset["id"])
    assert app.get(public["resources"][0]["url"]).data == csv_bytes
    assert decided["case"] is None or decided["case"]["state"] == "draft"
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert shown["case"]["state"] == "draft"
    assert shown["case"]["reason"] == "waiting_versions"
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert app.get(public["resources"][0]["url"].replace("penduduk", "baru")).data == NEW


def test_a_new_file_beside_a_published_one_is_unseen(city, app, make_upload) -> None:
    dataset = city.publish()
    added = city.act(
        "produsen", "resource_create", package_id=dataset["id"], name="B", upload=make_upload(NEW)
    )
    public = city.act(None, "package_show", id=dataset["id"])
    assert [r["id"] for r in public["resources"]] == [dataset["resources"][0]["id"]]
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "resource_show", id=added["id"])
    assert app.get(added["url"], status=404)
    found = city.act(None, "package_search", q=f"name:{dataset['name']}")["results"][0]
    assert len(found["resources"]) == 1
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert len(city.act(None, "package_show", id=dataset["id"])["resources"]) == 2


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("tahun", "tahun lalu"), ("cakupan", "xx"), ("tahun", ["2026", 7]), ("cakupan", {"a": 1})],
)
def test_what_waits_with_new_bytes_is_checked_like_the_rest(
    city, make_upload, field, wrong
) -> None:
    dataset = city.publish()
    shown = city.act("produsen", "package_show", id=dataset["id"])
    shown[field] = wrong
    shown["resources"][0]["upload"] = make_upload(NEW, "baru.csv")
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", "package_update", **shown)
    assert field in refused.value.error_dict
    assert city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"] is None


def test_new_years_wait_with_the_bytes_that_bring_them(city, make_upload) -> None:
    dataset = city.publish()
    shown = city.act("produsen", "package_show", id=dataset["id"])
    shown["tahun"] = "2026"
    shown["title"] = "Judul baru"
    shown["resources"][0]["upload"] = make_upload(NEW, "baru.csv")
    city.act("produsen", "package_update", **shown)
    public = city.act(None, "package_show", id=dataset["id"])
    assert (public["tahun"], public["title"]) == ("2025", "Judul baru")
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert city.act(None, "package_show", id=dataset["id"])["tahun"] == "2026"


@pytest.mark.parametrize(
    ("action", "params", "field"),
    [
        ("package_patch", {"owner_org": "disdukcapil"}, "owner_org"),
        ("package_patch", {"license_id": "cc-zero"}, "license_id"),
        ("package_patch", {"resources": []}, "resources"),
        ("package_patch", {"state": "deleted"}, "state"),
        ("package_delete", {}, "id"),
        ("dataset_purge", {}, "id"),
    ],
)
def test_what_needs_a_case_is_refused_and_told(city, action, params, field) -> None:
    dataset = city.publish()
    before = snapshot()
    who = "admin"
    with pytest.raises(tk.ValidationError) as refused:
        city.act(who, action, id=dataset["id"], **params)
    assert field in refused.value.error_dict
    assert snapshot() == before


def test_removing_a_published_file_is_refused_without_a_crash(city) -> None:
    dataset = city.publish()
    with refusal_of("message"):
        city.act("produsen", "resource_delete", id=dataset["resources"][0]["id"])
    assert city.act(None, "package_show", id=dataset["id"])["resources"]


def test_drafts_go_freely(city) -> None:
    dataset = city.dataset()
    city.act("produsen", "resource_delete", id=dataset["resources"][0]["id"])
    city.act("produsen", "package_delete", id=dataset["id"])
    assert city.act("produsen", "satudata_classification_list")["count"] == 0


def test_axes_are_refused_while_the_proposal_is_checked(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.ValidationError, match=r"[Rr]ecall|[Tt]arik"):
        city.act("produsen", "package_patch", id=dataset["id"], data_pribadi="dianonimkan")
    city.step("produsen", dataset, "recall", catatan="salah")
    changed = city.act("produsen", "package_patch", id=dataset["id"], data_pribadi="dianonimkan")
    assert changed["data_pribadi"] == "dianonimkan"


def test_a_withdrawn_dataset_can_be_proposed_again_with_its_file(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "withdraw")
    city.act("produsen", "package_patch", id=dataset["id"], data_pribadi="dianonimkan")
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert len(shown["scans"]) == 1
    city.step("produsen", dataset, "submit")
    assert city.step("walidata", dataset, "approve")["decision"]


def test_a_dataset_that_stands_in_a_group_is_still_its_editors(city, app) -> None:
    for name in ("topik-satu", "topik-dua"):
        city.act("admin", "group_create", name=name, title="Topik")
    dataset = city.dataset()
    placed = [{"name": "topik-satu"}]
    city.act("admin", "package_patch", id=dataset["id"], groups=placed)
    file = dataset["resources"][0]["id"]
    for action, given in (
        ("package_patch", {"id": dataset["id"], "title": "Judul lain"}),
        ("package_revise", {"match__id": dataset["id"], "update__notes": "Catatan lain"}),
        ("resource_patch", {"id": file, "name": "Nama lain"}),
        ("package_patch", {"id": dataset["id"], "groups": placed}),
    ):
        said = city.over_http(app, "produsen", action, **given)
        assert said.status_code == 200, (action, said.body[:300])
    more = [*placed, {"name": "topik-dua"}]
    refused = city.over_http(app, "produsen", "package_patch", id=dataset["id"], groups=more)
    assert refused.status_code == 403
    shown = city.act("produsen", "package_show", id=dataset["id"])
    assert [group["name"] for group in shown["groups"]] == ["topik-satu"]
    assert (shown["title"], shown["notes"]) == ("Judul lain", "Catatan lain")


def test_many_at_once_are_changed_as_each_by_itself(city, app) -> None:
    agency = city.orgs["dinkes"]["id"]
    ids = [city.dataset(file=False)["id"] for _ in range(2)]
    for action, expected in (
        ("bulk_update_public", {("active", True)}),  # nobody opens by that what has no decision
        ("bulk_update_private", {("active", True)}),
        ("bulk_update_delete", {("deleted", True)}),
    ):
        said = city.over_http(app, "admin", action, org_id=agency, datasets=ids)
        assert said.status_code == 200, (action, said.body[:300])
        model.Session.rollback()
        assert {(model.Package.get(i).state, model.Package.get(i).private) for i in ids} == expected


STANDS = ("satudata_pointer", "satudata_version", "satudata_decision")
"""What a write compares itself with, beside the case."""


@pytest.mark.parametrize("change", [{"notes": "Uraian yang lain."}, AXES_LIMITED])
def test_what_stands_is_read_once_before_a_write(city, change) -> None:
    """Each of it once under one lock: two reads may tell of two states."""
    dataset = city.publish()
    city.act("produsen", "package_patch", id=dataset["id"], notes="Uraian sebelum ini.")
    model.Session.rollback()
    with statements(lambda said: said.startswith(("SELECT", "UPDATE package", "INSERT"))) as found:
        city.act("produsen", "package_patch", id=dataset["id"], **change)
    writes = next(i for i, said in enumerate(found) if not said.startswith("SELECT"))
    before = found[:writes]
    for table in STANDS:
        assert sum(said.startswith(f"SELECT {table}.") for said in before) == 1, table
    # Core's patch reads the dataset with its files, and the gate does once.
    assert sum(said.startswith("SELECT resource.id, resource.package_id") for said in before) == 2
