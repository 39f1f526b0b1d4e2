"""A type that nobody declared is refused at every door, and closed where it is left over."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search
from ckan.tests import factories

from ...refusals import refusal_of

NIK = "6171014101900001"
WRONG = [
    "bebas",
    "dataset_series",
    "Dataset",
    "DATASET",
    "dataset ",
    " dataset",
    "dataset\n",
    "data\u200bset",
    "dаtaset",
    "ｄａｔａｓｅｔ",
    "harvest ",
    "",
    "0",
    0,
    1,
    False,
    True,
    None,
    ["dataset"],
    ["harvest"],
    {"a": "dataset"},
    {},
    [],
    1.5,
]


def rows() -> tuple[int, int, int]:
    """Count what a refused write must not have added."""
    model.Session.rollback()
    ledger = sa.text("SELECT count(*) FROM satudata_ledger.entry WHERE body ->> 'outcome' = 'ok'")
    tables = (model.Package, model.Resource)
    packages, resources = (
        model.Session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables
    )
    return packages, resources, model.Session.scalar(ledger)


@dataclass(frozen=True)
class LeftOver:
    """A dataset that is there and should not be."""

    id: str
    name: str
    resource: str


def left_over(city, kind: str = "bebas", **values) -> LeftOver:
    """Put a dataset of a strange type into the database and the index, past every gate."""
    stub = factories.Dataset.stub()
    package = model.Package(
        name=values.pop("name", stub.name),
        title="Daftar Rahasia Tertinggal",
        notes="Peninggalan lama",
        type=kind,
        owner_org=city.orgs["dinkes"]["id"],
        state="active",
        private=False,
        **values,
    )
    model.Session.add(package)
    model.Session.flush()
    resource = model.Resource(
        package_id=package.id, url="https://contoh.example/a.csv", name="Baris"
    )
    model.Session.add(resource)
    member = model.Member(
        group=model.Group.get(city.orgs["dinkes"]["id"]),
        table_id=package.id,
        table_name="package",
        capacity="organization",
    )
    model.Session.add(member)
    model.Session.flush()
    found = LeftOver(package.id, package.name, resource.id)
    model.Session.commit()
    search.rebuild(found.id)
    return found


def test_a_type_that_nobody_declared_is_refused_in_every_spelling(city, app):
    before = rows()
    for number, kind in enumerate(WRONG):
        values = {"name": f"aneh-{number}", "title": "Aneh", "owner_org": "dinkes", "type": kind}
        for who in ("produsen", "walidata", "admin", "warga", None):
            answer = city.over_http(app, who, "package_create", **values)
            assert 400 <= answer.status_code < 500, (kind, who, answer.body[:300])
        values["resources"] = [{"url": "https://contoh.example/a.csv", "name": "Baris"}]
        answer = city.over_http(app, "produsen", "package_create", **values)
        assert 400 <= answer.status_code < 500, (kind, answer.body[:300])
        if isinstance(kind, str):
            assert "dataset" in answer.json["error"]["type"][0]
    assert rows() == before


def test_nul_in_a_type_is_refused(city, app):
    answer = city.over_http(app, "produsen", "package_create", name="nul", type="dataset\0")
    assert answer.status_code == 422
    assert "type" in answer.json["error"]


def test_the_type_of_a_dataset_is_not_changed_by_any_door(city, app):
    dataset = city.dataset()
    shown = city.act("produsen", "package_show", id=dataset["id"])
    before = rows()
    for kind in ("bebas", "harvest", "Dataset", ["dataset"], None, 0):
        doors = {
            "package_update": {**shown, "type": kind},
            "package_patch": {"id": dataset["id"], "type": kind},
            "package_revise": {"match": {"id": dataset["id"]}, "update": {"type": kind}},
        }
        with pytest.raises(tk.ValidationError) as refused:
            city.act("produsen", "package_update", **{**shown, "type": kind})
        assert "type" in refused.value.error_dict, kind
        for action, values in doors.items():
            answer = city.over_http(app, "produsen", action, **values)
            assert answer.status_code == 409, (kind, action, answer.body[:300])
            assert "type" in answer.json["error"], (kind, action, answer.body[:300])
    assert rows() == before
    assert city.act("produsen", "package_update", **shown)


def source(**values) -> dict:
    """Return what makes a harvest source."""
    stub = factories.Dataset.stub()
    return {
        "url": f"https://{stub.name}.example",
        "name": stub.name,
        "title": "Portal lain",
        "source_type": "ckan",
        "owner_org": "diskominfo",
        "frequency": "MANUAL",
        **values,
    }


def test_harvest_sources_are_made_and_changed_by_walidata_and_sysadmins(city, app):
    before = rows()
    for who, org in (("produsen", "dinkes"), ("kepala_dinkes", "dinkes"), ("warga", "dinkes")):
        for action in ("harvest_source_create", "package_create"):
            values = source(owner_org=org, type="harvest")
            assert city.over_http(app, who, action, **values).status_code == 403, (who, action)
    assert rows() == before
    made = city.act("walidata", "harvest_source_create", **source())
    own = city.act("admin", "harvest_source_create", **source(owner_org="dinkes"))
    assert city.act("walidata", "harvest_source_patch", id=made["id"], title="Portal baru")
    for action, values in {
        "package_patch": {"id": own["id"], "title": "Punyaku"},
        "package_delete": {"id": own["id"]},
        "harvest_source_update": {**source(), "id": own["id"]},
        "harvest_source_delete": {"id": own["id"]},
        "harvest_source_clear": {"id": own["id"]},
        "harvest_job_create": {"source_id": own["id"], "run": False},
        "package_owner_org_update": {"id": own["id"], "organization_id": "diskominfo"},
    }.items():
        answer = city.over_http(app, "produsen", action, **values)
        assert answer.status_code == 403, (action, answer.body[:300])
    assert city.act(None, "package_show", id=own["id"])["title"] == "Portal lain"


def test_texts_of_a_free_type_are_refused_where_a_case_would_only_warn(city):
    made = city.act("walidata", "harvest_source_create", **source())
    before = rows()
    for field, text in {
        "notes": f"Pemilik NIK {NIK}",
        "title": f"Portal {NIK}",
        "config": json.dumps({"default_extras": {"nik": NIK}}),
        "extras": [{"key": "nik", "value": NIK}],
    }.items():
        with pytest.raises(tk.ValidationError) as refused:
            city.act("walidata", "harvest_source_create", **source(**{field: text}))
        assert NIK not in str(refused.value.error_dict)
        with refusal_of(field):
            city.act("walidata", "harvest_source_patch", id=made["id"], **{field: text})
    # What only warns elsewhere: nobody would look at it here.
    with pytest.raises(tk.ValidationError) as refused:
        city.act("admin", "harvest_source_create", **source(notes="Hubungi 0812-3456-7890"))
    assert "notes" in refused.value.error_dict
    assert rows() == before


def test_a_free_type_holds_no_files(city, app):
    made = city.act("walidata", "harvest_source_create", **source())
    before = rows()
    item = {"url": "https://contoh.example/a.csv", "name": "Baris"}
    for action, values in {
        "package_create": {**source(), "type": "harvest", "resources": [item]},
        "package_patch": {"id": made["id"], "resources": [item]},
        "resource_create": {"package_id": made["id"], **item},
    }.items():
        answer = city.over_http(app, "walidata", action, **values)
        assert answer.status_code == 409, (action, answer.body[:300])
    assert rows() == before


def test_pages_survive_what_is_left_over(city, app):
    city.publish()
    left_over(city)
    left_over(city, "dataset_series")
    for address in (
        "/",
        "/dataset/",
        "/organization/dinkes",
        "/dataset/?q=rahasia",
        "/feeds/dataset.atom",
        "/catalog.jsonld",
        "/sitemap.xml",
        "/api/3/action/package_search?q=rahasia",
    ):
        for who in (None, "produsen", "walidata", "admin"):
            answer = app.get(address, headers=city.token(who), status=None)
            assert answer.status_code in (200, 404), (address, who)
            assert "Rahasia Tertinggal" not in answer.body, (address, who)
    assert app.get("/", status=200)
    assert app.get("/dataset/", status=200)
    assert app.get("/organization/dinkes", status=200)


def test_what_is_left_over_is_unknown_to_everybody_but_a_sysadmin(city, app):
    package = left_over(city)
    resource = package.resource
    nothing = "00000000-0000-0000-0000-000000000000"
    for who in (None, "warga", "produsen", "kepala_dinkes", "walidata", "ppid", "pengawas"):
        for action, values, unknown in (
            ("package_show", {"id": package.id}, {"id": nothing}),
            ("package_show", {"id": package.name}, {"id": "tidak-ada"}),
            ("resource_show", {"id": resource}, {"id": nothing}),
            ("resource_view_list", {"id": resource}, {"id": nothing}),
            ("datastore_info", {"id": resource}, {"id": nothing}),
            ("datastore_search", {"resource_id": resource}, {"resource_id": nothing}),
            ("dataset_follower_count", {"id": package.id}, {"id": nothing}),
            ("package_patch", {"id": package.id, "title": "x"}, {"id": nothing, "title": "x"}),
            ("package_delete", {"id": package.id}, {"id": nothing}),
        ):
            answer = city.over_http(app, who, action, **values)
            other = city.over_http(app, who, action, **unknown)
            assert answer.status_code == other.status_code >= 400, (who, action, answer.body)
            assert "Tertinggal" not in answer.body
        assert package.name not in city.act(who, "package_list")
        found = city.act(who, "package_search", q="tertinggal", include_private=True)
        assert found["count"] == 0, who
        found = city.act(who, "resource_search", query="name:Baris")
        assert found["count"] == 0, who
        for address in (
            f"/dataset/{package.name}",
            f"/dataset/{package.name}/resource/{resource}",
            f"/dataset/{package.name}/resource/{resource}/download",
            f"/dataset/{package.name}.jsonld",
            f"/dataset/activity/{package.name}",
        ):
            answer = app.get(address, headers=city.token(who), status=None, follow_redirects=False)
            assert answer.status_code in (302, 403, 404), (address, who, answer.status_code)
            assert "Tertinggal" not in answer.body


def test_a_sysadmin_sees_what_is_left_over_and_clears_it_away(city, app):
    package = left_over(city)
    assert city.act("admin", "package_show", id=package.id)["title"] == "Daftar Rahasia Tertinggal"
    with pytest.raises(tk.ValidationError) as refused:
        city.act("admin", "package_patch", id=package.id, title="Baru")
    assert "type" in refused.value.error_dict
    page = app.get(f"/dataset/{package.name}", headers=city.token("admin"), status=None)
    assert page.status_code in (200, 404)
    city.act("admin", "dataset_purge", id=package.id)
    with pytest.raises(tk.ObjectNotFound):
        city.act("admin", "package_show", id=package.id)
