"""Nobody writes to the table of a governed dataset; the refusal says how to publish."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories, helpers
from ckanext.datastore.backend import postgres as datastore

from ckanext.satudata_pontianak.classification.clock import tables as table_care
from ckanext.satudata_pontianak.classification.records.model import Version

ROW = [{"kecamatan": "Selundup", "penduduk": 1}]
FIELDS = [{"id": "kecamatan", "type": "text"}, {"id": "penduduk", "type": "int"}]


def writes(resource: str) -> dict[str, dict]:
    """Return every write to a table, with its parameters."""
    return {
        "datastore_create": {"resource_id": resource, "force": True, "records": ROW},
        "datastore_upsert": {
            "resource_id": resource,
            "force": True,
            "method": "insert",
            "records": ROW,
        },
        "datastore_delete": {"resource_id": resource, "force": True},
        "datastore_records_delete": {"resource_id": resource, "force": True, "filters": {}},
        "datastore_run_triggers": {"resource_id": resource},
    }


def test_every_write_is_refused_with_the_way_to_publish(city, app, work):
    dataset = city.publish()
    work(dataset)
    resource = dataset["resources"][0]["id"]
    whole = city.act(None, "datastore_search", resource_id=resource)
    for who in (None, "warga", "produsen", "walidata", "admin"):
        for action, values in writes(resource).items():
            response = app.post(
                f"/api/3/action/{action}",
                data=json.dumps(values),
                content_type="application/json",
                headers=city.token(who),
                status=None,
            )
            assert response.status_code in (403, 409), (who, action, response.body)
            if who in ("produsen", "admin"):
                error = response.json["error"]
                assert error["code"] == ["versions_only"], (who, action)
                assert "Unggah" in error["resource_id"][0] or "unggah" in error["resource_id"][0]
    # Nor does a call with authorisation switched off get through.
    for action, values in writes(resource).items():
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            tk.get_action(action)({"ignore_auth": True, "user": city.admin["name"]}, values)
    assert city.act(None, "datastore_search", resource_id=resource) == whole


def test_a_write_to_what_nobody_may_know_of_is_answered_like_an_unknown_id(city, work):
    dataset = city.dataset()
    work(dataset)
    resource = dataset["resources"][0]["id"]
    for action in writes(resource):
        for wanted in (resource, "00000000-0000-0000-0000-000000000000"):
            with pytest.raises((tk.ObjectNotFound, tk.ValidationError, tk.NotAuthorized)):
                city.act("warga", action, **writes(wanted)[action])
        with pytest.raises(tk.ObjectNotFound):
            city.act("warga", action, **writes(resource)[action])


def test_no_resource_comes_by_the_door_of_tables(city):
    dataset = city.publish()
    for package in (dataset["id"], dataset["name"]):
        for who in ("produsen", "admin", "warga", None):
            with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
                city.act(
                    who,
                    "datastore_create",
                    resource={"package_id": package, "name": "Selundupan"},
                    fields=FIELDS,
                    records=ROW,
                )
    shown = city.act("produsen", "package_show", id=dataset["id"])
    assert len(shown["resources"]) == 1


def test_no_table_is_made_beside_the_versions(city, app):
    """Neither of ids that exist nowhere, nor of types without decisions, nor by other names."""
    source = city.act(
        "walidata",
        "harvest_source_create",
        url="https://portal-lain.example",
        name="portal-lain",
        title="Portal lain",
        source_type="ckan",
        owner_org="diskominfo",
        frequency="MANUAL",
    )
    before = tables()
    nothing = "00000000-0000-0000-0000-000000000000"
    shapes = {
        "datastore_create": [
            {"resource": {"package_id": source["id"], "name": "Baris"}},
            {"resource": {"package_id": source["name"]}, "aliases": "nama_lain"},
            {"resource": {"package_id": nothing}},
            {"resource": {"package_id": [source["id"]]}},
            {"resource": {}},
            {"resource": [source["id"]]},
            {"resource_id": nothing, "aliases": ["nama_lain"]},
            {"resource_id": source["id"]},
            {"resource_id": "_table_metadata"},
            {"resource_id": nothing, "triggers": [{"function": "f"}]},
            {"resource_id": nothing, "resource": {"package_id": source["id"]}},
            {},
        ],
        "datastore_upsert": [{"resource_id": nothing, "method": "insert"}],
        "datastore_delete": [{"resource_id": nothing}, {"resource_id": "_table_metadata"}],
        "datastore_records_delete": [{"resource_id": nothing, "filters": {}}],
        "datastore_run_triggers": [{"resource_id": nothing}],
        "datastore_function_create": [{"name": "f", "definition": "BEGIN RETURN NEW; END;"}],
        "datastore_function_delete": [{"name": "f"}],
    }
    for action, calls in shapes.items():
        for given in calls:
            values = {"fields": FIELDS, "records": ROW, "force": True, **given}
            if action.startswith("datastore_function"):
                values = given
            for who in (None, "produsen", "walidata", "admin"):
                answer = app.post(
                    f"/api/3/action/{action}",
                    data=json.dumps(values),
                    content_type="application/json",
                    headers=city.token(who),
                    status=None,
                )
                assert 400 <= answer.status_code < 500, (action, values, who, answer.body[:300])
            with pytest.raises((tk.NotAuthorized, tk.ValidationError, tk.ObjectNotFound)):
                tk.get_action(action)(
                    {"ignore_auth": True, "user": city.admin["name"]}, dict(values)
                )
    assert tables() == before
    assert model.Session.query(model.Resource).count() == 0


def tables() -> list[str]:
    """Return what stands in the database of the DataStore."""
    engine = datastore.get_write_engine()
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT relname FROM pg_class WHERE relkind IN ('r', 'v') ORDER BY 1")
        )
        return list(found.scalars())


def test_a_table_that_was_written_past_the_policy_is_read_by_nobody(city, app):
    name = "00000000-0000-4000-8000-00000000000f"
    with datastore.get_write_engine().begin() as connection:
        connection.execute(sa.text(f'CREATE TABLE "{name}" (_id serial, nik text)'))
        connection.execute(sa.text(f'CREATE VIEW "nama_lain" AS SELECT * FROM "{name}"'))
    try:
        for asked in (name, "nama_lain", "_table_metadata"):
            for who in (None, "produsen", "admin"):
                for action, key in (("datastore_search", "resource_id"), ("datastore_info", "id")):
                    with pytest.raises(tk.ObjectNotFound):
                        city.act(who, action, **{key: asked})
                address = f"/datastore/dump/{asked}"
                assert app.get(address, headers=city.token(who), status=404)
    finally:
        with datastore.get_write_engine().begin() as connection:
            connection.execute(sa.text(f'DROP TABLE "{name}" CASCADE'))


def test_functions_are_refused_since_they_read_every_table(city):
    body = "BEGIN RETURN NEW; END;"
    with pytest.raises(tk.NotAuthorized):
        city.act(
            "admin",
            "datastore_function_create",
            name="intip",
            rettype="trigger",
            definition=body,
        )


def test_the_dictionary_is_not_edited_past_the_file(city, app, work):
    dataset = city.publish()
    work(dataset)
    resource = dataset["resources"][0]["id"]
    address = f"/dataset/{dataset['name']}/dictionary/{resource}"
    before = city.act(None, "datastore_info", id=resource)["fields"]
    for who in (None, "produsen", "admin"):
        response = app.post(
            address,
            data={"info__1__label": "Selundup", "save": "1"},
            headers=city.token(who),
            status=None,
            follow_redirects=False,
        )
        assert response.status_code == 403, who
    assert city.act(None, "datastore_info", id=resource)["fields"] == before


def test_writing_back_what_was_read_changes_nothing(city, work):
    dataset = city.publish()
    work(dataset)
    shown = city.act("produsen", "package_show", id=dataset["id"])
    assert shown["resources"][0]["datastore_active"] is True
    city.act("produsen", "package_update", **shown)
    after = city.act("produsen", "package_show", id=dataset["id"])
    assert after["metadata_modified"] == shown["metadata_modified"]
    assert city.act(None, "datastore_search", resource_id=shown["resources"][0]["id"])["total"] == 2
    resource = model.Resource.get(shown["resources"][0]["id"])
    assert not (resource.extras or {}).get("datastore_active")
    shown["resources"][0]["datastore_active"] = False
    city.act("produsen", "package_update", **shown)
    again = city.act(None, "package_show", id=dataset["id"])
    assert again["resources"][0]["datastore_active"] is True


def test_other_loaders_are_told_no(city):
    dataset = city.publish()
    resource = dataset["resources"][0]["id"]
    from ckanext.datapusher.interfaces import IDataPusher

    answers = [x.can_upload(resource) for x in p.PluginImplementations(IDataPusher)]
    assert answers == [False]


def with_a_table(city):
    """Return a dataset that nothing governs, and the id of its file, with a table by two names."""
    dataset = factories.Dataset(owner_org=city.orgs["dinkes"]["id"], user=city.users["produsen"])
    resource = factories.Resource(package_id=dataset["id"], url="http://contoh.id/a.csv")["id"]
    city.act(
        "produsen",
        "datastore_create",
        resource_id=resource,
        force=True,
        fields=FIELDS,
        records=ROW,
        aliases="nama_lain",
    )
    return dataset, resource


@pytest.mark.ckan_config("ckanext.satudata_pontianak.governed_types", "")
def test_a_table_of_the_old_portal_is_reached_by_no_name_and_goes(city, datastore):
    dataset, resource = with_a_table(city)
    with helpers.changed_config("ckanext.satudata_pontianak.governed_types", "dataset"):
        for name in (resource, "nama_lain"):
            for who in (None, "produsen", "admin"):
                for action in ("datastore_search", "datastore_info"):
                    with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
                        city.act(who, action, resource_id=name, id=name)
            with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
                tk.get_action("datastore_info")({"ignore_auth": True}, {"id": name})
        assert table_care.tidy() == []  # its rows are nowhere else
        model.Session.add(
            Version(
                package_id=dataset["id"],
                resource_id=resource,
                kind="upload",
                sha256="a" * 64,
                filename="a.csv",
            )
        )
        model.Session.commit()
        assert table_care.tidy() == [resource]


@pytest.mark.ckan_config("ckanext.satudata_pontianak.governed_types", "")
def test_types_that_are_not_governed_keep_ckans_datastore(city, app, datastore):
    _, resource = with_a_table(city)
    try:
        found = city.act(None, "datastore_search", resource_id=resource)
        assert found["records"][0]["kecamatan"] == "Selundup"
        assert city.act(None, "datastore_search", resource_id="nama_lain")["total"] == 1
        assert app.get(f"/datastore/dump/{resource}").status_code == 200
        from ckanext.datapusher.interfaces import IDataPusher

        assert [x.can_upload(resource) for x in p.PluginImplementations(IDataPusher)] == [True]
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            # A table of a version cannot be taken by an alias or by its name.
            city.act(
                "produsen",
                "datastore_create",
                resource_id=resource,
                force=True,
                aliases="_satudata_x",
            )
    finally:
        city.act("produsen", "datastore_delete", resource_id=resource, force=True)
    assert table_care.existing() == []
