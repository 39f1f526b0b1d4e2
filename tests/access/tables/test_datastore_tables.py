"""How a version gets its table, what stays when it fails, and when the table goes."""

from __future__ import annotations

import datetime as dt
import io
import pathlib

import openpyxl
import pytest
import sqlalchemy as sa
from freezegun import freeze_time

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.clock import tables as table_care
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.versions import storage, table_state, tables
from ckanext.satudata_pontianak.sop.audit import datasets_held

WIDE = (",".join(f"kolom{n}" for n in range(1001)) + "\n" + "1," * 1000 + "1\n").encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Laporan Penduduk"],
        [],
        ["Kecamatan", "Jumlah", "Tanggal", "Aktif"],
        ["Kota", 12, dt.date(2026, 1, 2), True],
        [None, 7.5, dt.date(2026, 1, 3), False],
    ):
        sheet.append(row)
    book.create_sheet("Catatan").append(["lain"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rows_of(city, dataset) -> tuple[dict[str, str], list[list]]:
    """Return types by column, and the rows of a published dataset."""
    found = city.act(None, "datastore_search", resource_id=dataset["resources"][0]["id"])
    types = {f["id"]: f["type"] for f in found["fields"] if f["id"] != "_id"}
    return types, [[r[name] for name in types] for r in found["records"]]


def table_in_case(city, who, dataset):
    """Return what the case says of the table of the dataset's file."""
    shown = city.act(who, "satudata_classification_show", id=dataset["id"])
    return shown["scans"][0]["table"]


def test_files_of_each_kind_give_typed_columns(city, work, make_upload):
    newest = {"laporan.xlsx": dt.date(2026, 1, 3)}
    for content, name, types, rows in (
        (
            workbook(),
            "laporan.xlsx",
            {"Kecamatan": "text", "Jumlah": "numeric", "Tanggal": "date", "Aktif": "bool"},
            [["Kota", 12, "2026-01-02", True], [None, 7.5, "2026-01-03", False]],
        ),
        (
            b"x\ty\n1\tsatu\n2\tdua\n",
            "a.tsv",
            {"x": "int8", "y": "text"},
            [[1, "satu"], [2, "dua"]],
        ),
        (
            'kode;"Rasio L:P, %";kode\n01;"a;""b""";\\.\n02;;x\n'.encode("cp1252"),
            "b.csv",
            {"kode": "text", "Rasio L P": "text", "kode_2": "text"},
            [["01", 'a;"b"', "\\."], ["02", None, "x"]],
        ),
    ):
        dataset = city.publish(file=make_upload(content, name))
        known = [("ready", None, newest.get(name))]
        assert [(k.state, k.reason, k.newest) for k in work(dataset)] == known, name
        assert rows_of(city, dataset) == (types, rows), name
    info = city.act(None, "datastore_info", id=dataset["resources"][0]["id"])
    assert info["fields"][1]["info"]["label"] == "Rasio L:P, %"
    # How old figures are is counted from the rows that tell it.
    assert 0 < (datasets_held.read(days.today())["from_rows"] or 0) < 1


def test_a_value_that_does_not_fit_makes_all_columns_text(city, work, make_upload):
    content = b"hari,jumlah\n2026-02-27,1\n2026-02-30,2\n"  # there is no 30 February
    dataset = city.publish(file=make_upload(content, "hari.csv"))
    known = work(dataset)[0]
    assert (known.state, known.typed, known.rows) == ("ready", False, 2)
    types, rows = rows_of(city, dataset)
    assert set(types.values()) == {"text"}
    assert rows == [["2026-02-27", "1"], ["2026-02-30", "2"]]


def test_a_file_that_is_no_table_is_published_without_one(city, work, make_upload):
    dataset = city.dataset(file=make_upload(WIDE, "lebar.csv"))
    assert [k.state for k in work(dataset)] == ["failed"]
    said = table_in_case(city, "produsen", dataset)
    assert said["state"] == "failed"
    assert said["reason"]
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    shown = city.act(None, "package_show", id=dataset["id"])["resources"][0]
    assert shown["datastore_active"] is False
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "datastore_search", resource_id=shown["id"])
    assert table_care.count_failed() == 1


def test_the_operator_makes_what_is_missing_and_only_that(city, work, make_upload, cli):
    ready = city.publish()
    work(ready)
    before = _oid(ready)
    failed = city.publish(file=make_upload(WIDE, "lebar.csv"))
    work(failed)
    missing = city.publish(file=make_upload(b"x,y\n1,2\n", "hilang.csv"))
    model.Session.commit()
    said = _run(cli)
    assert "1 tables, 2 missing or failed." in said.output
    done = _run(cli, "--rebuild")
    assert "[1/2]" in done.output
    assert "[2/2]" in done.output
    assert "ready, 1 rows" in done.output
    assert "too_many_columns" in done.output
    assert done.exit_code == 1  # one could not be read
    assert rows_of(city, missing)[1] == [[1, 2]]
    assert _oid(ready) == before


def _run(cli, *options):
    from ckan.cli.cli import ckan

    return cli.invoke(ckan, ["satudata", "datastore", *options])


def _oid(dataset) -> int:
    """Return what PostgreSQL knows the table by: another number is another table."""
    version = model.Session.scalar(
        sa.text("SELECT version_id FROM satudata_pointer WHERE package_id = :id"),
        {"id": dataset["id"]},
    )
    from ckanext.datastore.backend.postgres import get_read_engine

    with get_read_engine().connect() as connection:
        name = table_state.table_of(version)
        return connection.scalar(
            sa.text("SELECT oid FROM pg_class WHERE relname = :n"), {"n": name}
        )


def test_a_table_is_made_once_and_never_again(city, work):
    dataset = city.publish()
    work(dataset)
    before = _oid(dataset)
    version = model.Session.scalars(sa.select(Version)).one()
    version_id = version.id
    version.tabled = None  # as if the worker had died after the table was made
    model.Session.commit()
    known = tables.load(version_id)
    assert (known.state, known.rows, known.columns) == ("ready", 2, 2)
    assert _oid(dataset) == before


def test_the_operator_has_figures_asked_of_tables_that_were_made_before(
    city, work, make_upload, cli
):
    rows = b"Kecamatan,Tahun,Penduduk\nPontianak Kota,2024,100\nPontianak Kota,2025,9000\n"
    dataset = city.publish(file=make_upload(rows, "penduduk.csv"))
    work(dataset)
    before = _oid(dataset)
    version = model.Session.scalars(sa.select(Version)).one()
    asked = version.tabled["asked"]
    assert [one["row"] for one in asked] == [2]
    version.tabled = {key: value for key, value in version.tabled.items() if key != "asked"}
    model.Session.commit()
    assert tables.load(version.id).asked is None
    assert "1 tables, 1 missing or failed." in _run(cli, "--rebuild").output
    model.Session.expire_all()
    assert version.tabled["asked"] == asked
    assert _oid(dataset) == before
    assert "1 tables, 0 missing or failed." in _run(cli).output


def test_the_worker_is_asked_before_approval(city, datastore):
    queue = jobs.get_queue("default")
    queue.empty()
    dataset = city.dataset()
    version_id = model.Session.scalars(sa.select(Version.id)).one()
    asked = {j.id for j in queue.jobs}
    assert any(j.endswith(f"satudata-table-{version_id}") for j in asked)
    model.Session.rollback()
    jobs.Worker(["default"]).work(burst=True)
    model.Session.rollback()
    assert table_in_case(city, "produsen", dataset)["state"] == "ready"
    assert table_care.existing() == [version_id]


def test_a_file_with_findings_gets_its_table_when_it_is_put_before_others(city, work, make_upload):
    queue = jobs.get_queue("default")
    queue.empty()
    values = {"tingkat_keamanan": "terbatas", "jenis_informasi": "dikecualikan"}
    content = b"catatan,surel\n" + b"".join(
        f"Orang {n},orang{n}@gmail.com\n".encode() for n in range(9)
    )
    dataset = city.dataset(file=make_upload(content, "surel.csv"), data_pribadi="umum", **values)
    assert queue.jobs == []
    city.step("produsen", dataset, "submit")
    assert len(queue.jobs) == 1


def test_a_superseded_table_goes_after_the_days_of_the_file(city, work, make_upload):
    dataset = city.publish()
    work(dataset)
    old = table_care.existing()
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(b"x,y\n1,2\n", "b.csv"))
    work(dataset)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    assert table_care.tidy() == []
    assert len(table_care.existing()) == 2
    with freeze_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=6)):
        assert table_care.tidy() == []
    with freeze_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=8)):
        assert table_care.tidy() == old
    assert len(table_care.existing()) == 1
    assert rows_of(city, dataset)[1] == [[1, 2]]


def test_a_sealed_table_goes_at_once(city, work):
    dataset = city.publish()
    work(dataset)
    assert len(table_care.existing()) == 1
    resource = dataset["resources"][0]["id"]
    city.step("produsen", dataset, "reopen", case_kind="classify", reason="Ternyata rahasia")
    axes = {"jenis_informasi": "dikecualikan", "tingkat_keamanan": "rahasia"}
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    city.step("ppid", dataset, "assess", **city.assess_fields(**axes, data_pribadi="tidak_ada"))
    city.step("penetap", dataset, "approve", nomor="SK-9/2026")
    for who in (None, "produsen", "walidata", "ppid", "admin"):
        with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
            city.act(who, "datastore_search", resource_id=resource)
    jobs.Worker(["priority"]).work(burst=True)
    model.Session.rollback()
    assert table_care.existing() == []


def test_a_purged_dataset_leaves_no_table(city, work):
    dataset = city.dataset()
    work(dataset)
    assert len(table_care.existing()) == 1
    city.act("produsen", "package_delete", id=dataset["id"])
    city.act("admin", "dataset_purge", id=dataset["id"])
    table_care.tidy()
    assert table_care.existing() == []


def test_lost_bytes_are_a_failure_that_is_told(city, work):
    dataset = city.dataset()
    version = model.Session.scalars(sa.select(Version)).one()
    with storage.local_path(version.sha256) as path:
        pathlib.Path(path).unlink()
    assert [(k.state, k.reason) for k in work(dataset)] == [("failed", "bytes_missing")]
