"""Rows, columns and counts of the DataStore are for who may read the data, and nobody else."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.access.tables import backend

CELL, COLUMN = "SELKENARI", "kolomkenari"
CANARY = f"{COLUMN},jumlah\n{CELL},12\nBiasa,7\n".encode()
REASON = "Petugas berhalangan, diperiksa hari ini"
READERS = ("produsen", "staf", "kepala_dinkes", "walidata", "ppid", "produsen_lain")
OTHERS = (None, "warga", "pegawai_dinsos", "pengawas", "penetap", "admin")


def view_of(city, resource_id: str) -> str:
    """Return the table view of a resource, made where nobody made it yet."""
    query = sa.select(model.ResourceView.id).where(model.ResourceView.resource_id == resource_id)
    found = model.Session.scalars(query).first()
    if found is None:
        made = tk.get_action("resource_view_create")(
            {"ignore_auth": True, "user": city.admin["name"]},
            {
                "resource_id": resource_id,
                "view_type": "datatables_view",
                "title": "Tabel",
                "show_fields": [COLUMN],
            },
        )
        found = made["id"]
    return found


FORM = {"draw": "1", "search[value]": "", "start": "0", "length": "10"}
PARAMS = {"search": {"value": ""}, "order": [], "visible": [True, True, True], "columns": []}


def exits(dataset, resource_id: str, view: str) -> dict[str, tuple[str, str, dict | None]]:
    """Return every exit of a table: method, address, form."""
    name = dataset["name"]
    api = "/api/3/action"
    return {
        "search": ("get", f"{api}/datastore_search?resource_id={resource_id}", None),
        "search by id": ("get", f"{api}/datastore_search?id={resource_id}", None),
        "count": ("get", f"{api}/datastore_search?limit=0&resource_id={resource_id}", None),
        "info": ("get", f"{api}/datastore_info?id={resource_id}", None),
        "csv": ("get", f"/datastore/dump/{resource_id}", None),
        "json": ("get", f"/datastore/dump/{resource_id}?format=json", None),
        "ajax": ("post", f"/datatables/ajax/{view}", FORM),
        "export": (
            "post",
            f"/datatables/filtered-download/{view}",
            {"params": json.dumps(PARAMS), "format": "csv"},
        ),
        "view": ("get", f"{api}/resource_view_show?id={view}", None),
        "view page": ("get", f"/dataset/{name}/resource/{resource_id}/view/{view}", None),
        "views": ("get", f"{api}/resource_view_list?id={resource_id}", None),
        "dictionary": ("get", f"/dataset/{name}/dictionary/{resource_id}", None),
        "api info": ("get", f"/datastore/api_info/{resource_id}", None),
        "resource page": ("get", f"/dataset/{name}/resource/{resource_id}", None),
        "resource": ("get", f"{api}/resource_show?id={resource_id}", None),
        "dataset": ("get", f"{api}/package_show?id={name}", None),
        "dataset page": ("get", f"/dataset/{name}", None),
    }


SHOWS_ROWS = ("search", "search by id", "csv", "json", "ajax")
SHOWS_COLUMNS = ("count", "info")


@pytest.fixture
def ask(app, city) -> Callable:
    """Return a function that asks one exit as somebody."""

    def call(who, door):
        method, path, form = door
        return getattr(app, method)(
            path,
            headers=city.token(who),
            **({"data": form} if form is not None else {}),
            status=None,
            follow_redirects=False,
        )

    return call


def leaks(response) -> bool:
    """Tell whether an answer shows the canary, in its body or its headers."""
    text = response.get_data(as_text=True) + str(response.headers) + response.status
    return CELL in text or COLUMN in text


def reads(dataset_id: str) -> int:
    """Return how many reads of the dataset the ledger holds."""
    statement = sa.text(
        "SELECT count(*) FROM satudata_ledger.entry WHERE event = 'data.read' AND dataset_id = :id"
    )
    count = model.Session.scalar(statement, {"id": dataset_id})
    model.Session.rollback()
    return int(count or 0)


@pytest.fixture
def closed(city, work, make_upload):
    """A limited dataset with its table; the recipients are disdukcapil."""
    dataset = city.limit(file=make_upload(CANARY, "kenari.csv"))
    work(dataset)
    return dataset


def test_open_rows_have_types_and_are_for_everybody(city, app, work, make_upload):
    rows = b"kode,nama,jumlah,nilai,tanggal\n01,Kota,12,1.5,2026-01-02\n02,Barat,,2,2026-02-03\n"
    dataset = city.publish(file=make_upload(rows, "jenis.csv"))
    work(dataset)
    resource = dataset["resources"][0]["id"]
    answer = city.act(None, "datastore_search", resource_id=resource)
    assert [(f["id"], f["type"]) for f in answer["fields"]] == [
        ("_id", "int"),
        ("kode", "text"),
        ("nama", "text"),
        ("jumlah", "int8"),
        ("nilai", "numeric"),
        ("tanggal", "date"),
    ]
    assert answer["resource_id"] == resource
    assert answer["total"] == 2
    assert answer["records"][0]["kode"] == "01"
    assert answer["records"][1]["jumlah"] is None
    found = city.act(None, "datastore_search", resource_id=resource, q="barat")
    assert found["total"] == 1
    filtered = city.act(None, "datastore_search", resource_id=resource, filters={"jumlah": 12})
    assert [r["nama"] for r in filtered["records"]] == ["Kota"]
    info = city.act(None, "datastore_info", id=resource)
    assert info["meta"]["id"] == resource
    assert info["meta"]["count"] == 2
    assert city.act(None, "package_show", id=dataset["id"])["resources"][0]["datastore_active"]
    dump = app.get(f"/datastore/dump/{resource}")
    assert dump.body.lstrip("\ufeff").splitlines()[1] == "1,01,Kota,12,1.5,2026-01-02"
    assert dump.headers["Cache-Control"].startswith("public, no-cache")
    tag = dump.headers["ETag"]
    again = app.get(f"/datastore/dump/{resource}", headers={"If-None-Match": tag}, status=None)
    assert again.status_code == 304
    assert reads(dataset["id"]) == 0


def test_who_may_read_limited_data_reads_the_table_and_is_recorded(city, ask, closed):
    resource = closed["resources"][0]["id"]
    doors = exits(closed, resource, view_of(city, resource))
    for who in READERS:
        for name in SHOWS_ROWS + SHOWS_COLUMNS:
            before = reads(closed["id"])
            response = ask(who, doors[name])
            assert response.status_code == 200, (who, name)
            assert leaks(response), (who, name)
            assert "no-store" in response.headers["Cache-Control"], (who, name)
            assert "public" not in response.headers["Cache-Control"], (who, name)
            assert reads(closed["id"]) - before == (name in SHOWS_ROWS), (who, name)
        shown = city.act(who, "package_show", id=closed["id"])
        assert shown["resources"][0]["datastore_active"] is True
        page = ask(who, doors["resource page"])
        assert page.status_code == 200
        assert COLUMN in page.body
        assert "no-store" in page.headers["Cache-Control"]
        assert ask(who, doors["dictionary"]).status_code == 302
        assert "/datastore/dump/" in ask(who, doors["export"]).headers["Location"]


def test_nobody_else_sees_a_cell_a_column_or_a_count(city, ask, closed):
    resource = closed["resources"][0]["id"]
    before = reads(closed["id"])
    refused = (*SHOWS_ROWS, *SHOWS_COLUMNS, "export", "view", "dictionary", "api info")
    for who in OTHERS:
        for name, door in exits(closed, resource, view_of(city, resource)).items():
            response = ask(who, door)
            assert not leaks(response), (who, name)
            assert response.status_code < 500, (who, name, response.status)
            if name in refused:
                assert response.status_code in (403, 404), (who, name, response.status)
                assert '"total"' not in response.body
        assert ask(who, exits(closed, resource, "x")["views"]).json["result"] == []
        shown = city.act(who, "package_show", id=closed["id"])["resources"][0]
        assert "datastore_active" not in shown
    # Authorisation switched off, as some extensions read, opens nothing either.
    for name in ("datastore_search", "datastore_info"):
        for context in ({"ignore_auth": True}, {"ignore_auth": True, "user": "warga"}):
            with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                tk.get_action(name)(context, {"resource_id": resource, "id": resource})
    assert reads(closed["id"]) == before
    with pytest.raises(tk.NotAuthorized) as refusal:
        city.act("warga", "datastore_search", resource_id=resource)
    assert "Walidata" in str(refusal.value)  # who may, in words


def test_a_waiting_version_has_rows_for_nobody(city, ask, work, make_upload):
    dataset = city.dataset(file=make_upload(CANARY, "kenari.csv"))
    assert work(dataset)[0].rows == 2
    resource = dataset["resources"][0]["id"]
    doors = exits(dataset, resource, view_of(city, resource))
    for who in (None, "warga", "produsen", "walidata", "ppid", "admin"):
        for name in SHOWS_ROWS + SHOWS_COLUMNS:
            response = ask(who, doors[name])
            assert response.status_code in (403, 404), (who, name)
            assert not leaks(response), (who, name)
    shown = city.act("produsen", "package_show", id=dataset["id"])["resources"][0]
    assert "datastore_active" not in shown


def test_a_version_beside_the_approved_one_is_not_in_the_table(city, ask, work, make_upload):
    dataset = city.publish()
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(CANARY, "baru.csv"))
    work(dataset)
    doors = exits(dataset, resource, view_of(city, resource))
    for who in (None, "produsen", "walidata"):
        for name in SHOWS_ROWS + SHOWS_COLUMNS:
            response = ask(who, doors[name])
            assert response.status_code == 200, (who, name)
            assert not leaks(response), (who, name)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    answer = ask(None, doors["search"]).json["result"]
    assert [r[COLUMN] for r in answer["records"]] == [CELL, "Biasa"]
    assert "kecamatan" not in ask(None, doors["csv"]).body


def test_a_hold_is_felt_by_the_next_request(city, app, ask, work, make_upload):
    dataset = city.publish(file=make_upload(CANARY, "kenari.csv"))
    work(dataset)
    resource = dataset["resources"][0]["id"]
    doors = exits(dataset, resource, view_of(city, resource))
    assert leaks(ask(None, doors["search"]))
    tag = ask(None, doors["csv"]).headers["ETag"]
    held = city.act(
        "walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=REASON
    )
    for who in (None, "warga", "produsen", "staf", "admin"):
        for name in SHOWS_ROWS + SHOWS_COLUMNS + ("view", "views", "resource page", "dataset"):
            response = ask(who, doors[name])
            assert not leaks(response), (who, name)
            assert response.status_code < 500
    kept = app.get(f"/datastore/dump/{resource}", headers={"If-None-Match": tag}, status=None)
    assert kept.status_code == 403
    assert leaks(ask("walidata", doors["search"]))
    hold = held["holds"][0]["id"]
    city.act("walidata_2", "satudata_hold_release", id=dataset["id"], hold=hold, reason=REASON)
    assert leaks(ask(None, doors["search"]))


def test_a_sysadmin_reads_under_break_glass_only_and_loudly(city, closed):
    resource = closed["resources"][0]["id"]
    with pytest.raises(tk.NotAuthorized):
        city.act("admin", "datastore_search", resource_id=resource)
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    made = city.act(
        "admin", "satudata_break_glass_start", id=closed["id"], reason=REASON, until=until
    )
    before = reads(closed["id"])
    assert city.act("admin", "datastore_search", resource_id=resource)["total"] == 2
    assert reads(closed["id"]) == before + 1
    city.act("admin", "satudata_break_glass_end", id=made["id"])
    with pytest.raises(tk.NotAuthorized):
        city.act("admin", "datastore_search", resource_id=resource)


def test_no_table_is_found_by_a_name_of_its_own(city, app, closed):
    resource = closed["resources"][0]["id"]
    names = ["_table_metadata", "pg_class", "_table_stats"]
    version = model.Session.scalars(sa.text("SELECT version_id FROM satudata_pointer")).one()
    names.append(f"_satudata_{version}")
    for name in names:
        for who in (None, "produsen", "admin"):
            with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
                city.act(who, "datastore_search", resource_id=name)
            with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
                city.act(who, "datastore_info", id=name)
        assert app.get(f"/datastore/dump/{name}", status=None).status_code == 404
    with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
        city.act("warga", "datastore_search", resource_id=resource, id="_table_metadata")
    with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
        city.act("warga", "datastore_search", id=resource, resource_id="_table_metadata")


@pytest.mark.ckan_config("ckan.datastore.public_table_search", "_table_metadata")
def test_the_list_of_tables_stays_closed_where_it_is_switched_on(city, app, closed):
    for who in (None, "admin"):
        with pytest.raises(tk.ObjectNotFound):
            city.act(who, "datastore_search", resource_id="_table_metadata")
    assert app.get("/datastore/dump/_table_metadata", status=None).status_code == 404


@pytest.mark.ckan_config("ckan.datastore.sqlsearch.enabled", "true")
def test_sql_is_refused_where_it_is_switched_on(city, closed):
    version = model.Session.scalars(sa.text("SELECT version_id FROM satudata_pointer")).one()
    for who in (None, "produsen", "admin"):
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "datastore_search_sql", sql=f'SELECT * FROM "_satudata_{version}"')


def test_the_first_two_searches_at_once_find_the_type_that_core_makes(app, monkeypatch) -> None:
    postgres = backend.postgres
    assert "nested" in postgres._type_names, "made when the site started"

    def too_late(_engine):
        postgres._pg_types["1"] = "text"
        raise ProgrammingError("CREATE TYPE", {}, Exception("it exists"))

    with monkeypatch.context() as patch:
        patch.setattr(postgres, "_cache_types", too_late)
        backend.make_types()
    assert not postgres._pg_types, "core reads them anew"
    backend.make_types()
    assert "nested" in postgres._type_names
