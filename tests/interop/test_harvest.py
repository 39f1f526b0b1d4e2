"""What comes from another portal is unseen here until a decision opens it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestObjectError, HarvestSource
from ckanext.harvest.queue import get_harvester
from ckanext.harvest.tests.lib import run_harvest_job

from ..refusals import refusal_of

REMOTE = {
    "id": "f0e1d2c3-0000-4000-8000-000000000001",
    "name": "curah-hujan",
    "title": "Curah Hujan Bulanan",
    "notes": "Contoh dari portal lain.",
    "type": "dataset",
    "state": "active",
    "private": False,
    "metadata_modified": "2026-11-01T00:00:00",
    "tags": [],
    "groups": [],
    "organization": None,
    "owner_org": None,
    "extras": [{"key": "tingkat_keamanan", "value": "biasa"}],
    "tingkat_keamanan": "biasa",
    "jenis_informasi": "berkala",
    "data_pribadi": "tidak_ada",
    "resources": [
        {
            "id": "f0e1d2c3-0000-4000-8000-000000000002",
            "name": "Curah hujan",
            "url": "https://portal-lain.example/hujan.csv",
            "format": "CSV",
            "url_type": "upload",
        }
    ],
}


class Portal(BaseHTTPRequestHandler):
    """Another city's CKAN, as far as a harvester asks it."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.endswith("/package_search"):
            start = int(parse_qs(parts.query).get("start", ["0"])[0])
            results = [REMOTE] if start == 0 else []
            body = {"success": True, "result": {"count": 1, "results": results}}
        elif parts.path.endswith("/package_show"):
            body = {"success": True, "result": REMOTE}
        elif parts.path.endswith("/site_read"):
            body = {"success": True, "result": True}
        else:
            self.send_error(404)
            return
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[str]:
    """Return the address of a real server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def source(city, address: str, **values) -> dict:
    """Make a source."""
    fields = {
        "url": address,
        "name": "portal-lain",
        "title": "Portal lain",
        "source_type": "ckan",
        "owner_org": city.orgs["dinkes"]["id"],
        "frequency": "MANUAL",
        "config": "",
        **values,
    }
    return city.act("admin", "harvest_source_create", **fields)


def harvest(city, portal, done: tuple[str, ...] = ("COMPLETE",)) -> None:
    """Bring what the other portal has."""
    made = source(city, portal)
    job = city.act("admin", "harvest_job_create", source_id=made["id"], run=False)
    results = run_harvest_job(HarvestJob.get(job["id"]), get_harvester("ckan"))
    assert {r["state"] for r in results.values()} == set(done)


def test_a_record_with_an_identifier_is_kept_as_a_draft(city, portal, monkeypatch) -> None:
    nik = "6171014101900001"
    monkeypatch.setitem(REMOTE, "notes", f"Laporan tentang pemilik NIK {nik}.")
    harvest(city, portal)
    mine = city.act("produsen", "package_show", id=REMOTE["id"])
    assert mine["state"] == "draft"
    shown = city.act("produsen", "satudata_classification_show", id=REMOTE["id"])
    assert [f["key"]["table"] for f in shown["metadata"]["findings"]] == ["metadata:notes"]
    with refusal_of("notes"):
        city.act("produsen", "package_patch", id=mine["id"], notes=f"NIK {nik}")
    assert city.act("produsen", "package_patch", id=mine["id"], notes="Laporan.")


def test_our_harvester_stands_before_cores(city):
    assert get_harvester("ckan").name == "satudata_pontianak"


def test_files_at_odd_addresses_are_dropped_and_reported(city, portal, monkeypatch) -> None:
    good = REMOTE["resources"][0]
    wrong = [
        {**good, "id": f"f0e1d2c3-0000-4000-8000-00000000001{n}", "url": url}
        for n, url in enumerate(
            ("javascript:alert(1)", "//lain.example/a", "https://a:b@c.example/")
        )
    ]
    monkeypatch.setitem(REMOTE, "resources", [wrong[0], good, *wrong[1:]])
    harvest(city, portal)
    mine = city.act("produsen", "package_show", id=REMOTE["id"])
    assert [r["url"] for r in mine["resources"]] == [good["url"]]
    told = model.Session.query(HarvestObjectError).all()
    assert len([error for error in told if error.message.startswith("File ")]) == 3
    assert all("javascript" not in error.message for error in told)


def test_a_record_of_a_type_that_does_not_exist_here_is_refused(city, portal, monkeypatch) -> None:
    for kind in ("bebas", "Dataset", "dataset_series"):
        monkeypatch.setitem(REMOTE, "type", kind)
        harvest(city, portal, done=("ERROR",))
        with pytest.raises(tk.ObjectNotFound):
            city.act("admin", "package_show", id=REMOTE["id"])
        city.act("admin", "harvest_source_delete", id="portal-lain")
        city.act("admin", "dataset_purge", id="portal-lain")


def test_a_source_does_not_write_to_what_it_did_not_bring(city, portal, monkeypatch) -> None:
    mine = city.publish()
    monkeypatch.setitem(REMOTE, "id", mine["id"])
    monkeypatch.setitem(REMOTE, "metadata_modified", "2099-01-01T00:00:00")
    harvest(city, portal, done=("ERROR",))
    assert city.act(None, "package_show", id=mine["id"])["title"] == mine["title"]


def test_settings_that_nobody_declared_are_refused(city) -> None:
    for setting in (
        {"remote_orgs": "create"},
        {"remote_groups": "create"},
        {"user": "admin"},
        {"api_key": "rahasia"},
        {"apa": 1},
        ["remote_orgs"],
    ):
        with pytest.raises(tk.ValidationError) as refused:
            source(city, "https://portal-lain.example", config=json.dumps(setting))
        assert "config" in refused.value.error_dict
    assert source(city, "https://portal-lain.example", config='{"force_all": true}')


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "ftp://a.example",
        "https://a:b@c.example",
        "//a.example",
    ],
)
def test_a_source_has_a_web_address_and_a_kind_that_is_fetched(city, address) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        source(city, address)
    assert "url" in refused.value.error_dict
    with pytest.raises(tk.ValidationError) as refused:
        source(city, "https://portal-lain.example", source_type="dcat_rdf")
    assert "source_type" in refused.value.error_dict


class Astray(BaseHTTPRequestHandler):
    """A portal that sends whoever asks it inside the city's walls, or never ends."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_harvest_never_asks_inside_the_walls(city) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Astray)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    asked = (
        f"http://127.0.0.1:{server.server_port}",
        "http://10.0.0.1",
        "http://169.254.169.254",
        "http://[::ffff:10.0.0.1]",
    )
    for number, address in enumerate(asked):
        made = source(city, address, name=f"sumber-{number}")
        job = city.act("admin", "harvest_job_create", source_id=made["id"], run=False)
        assert get_harvester("ckan").gather_stage(HarvestJob.get(job["id"])) is None
        errors = model.Session.query(HarvestGatherError).filter_by(harvest_job_id=job["id"]).all()
        assert errors, address
        assert "publik" in str([e.message for e in errors]) or "public" in str(
            [e.message for e in errors]
        ), [e.message for e in errors]
    server.shutdown()
    thread.join()


def test_a_source_from_before_is_not_fetched(city) -> None:
    made = source(city, "https://portal-lain.example")
    kept = HarvestSource.get(made["id"])
    kept.type = "dcat_rdf"
    kept.save()
    with pytest.raises(tk.ValidationError) as refused:
        city.act("admin", "harvest_job_create", source_id=made["id"])
    assert "source_type" in refused.value.error_dict


def test_a_harvested_dataset_is_unseen_until_a_decision(city, portal) -> None:
    harvest(city, portal)
    shown = city.act("produsen", "satudata_classification_show", id=REMOTE["id"])
    assert shown["case"]["state"] == "draft"
    assert shown["decision"] is None
    for who in (None, "warga", "produsen_lain", "staf"):
        with pytest.raises(tk.ObjectNotFound):
            city.act(who, "package_show", id=REMOTE["id"])
        found = city.act(who, "package_search", fq="dataset_type:dataset")
        assert found["count"] == 0
    mine = city.act("produsen", "package_show", id=REMOTE["id"])
    assert mine["tingkat_keamanan"] == "biasa"
    assert mine["private"] is True
    # Whoever writes the source learns of no name that is taken here.
    assert re.fullmatch(r"dinkes-curah-hujan-bulanan-[a-z0-9]{6}", mine["name"])


def test_undeclared_keys_of_a_record_are_dropped_and_reported(city, portal, monkeypatch) -> None:
    nik = "6171014101900001"
    monkeypatch.setitem(REMOTE, "lampiran", nik)
    monkeypatch.setitem(REMOTE, "license_id", f"milik {nik}")
    extras = [*REMOTE["extras"], {"key": "catatan", "value": nik}]
    monkeypatch.setitem(REMOTE, "extras", extras)
    file = {**REMOTE["resources"][0], "name_translated": {"id": nik}, "format": f"x {nik}"}
    monkeypatch.setitem(REMOTE, "resources", [{**file, "mimetype": nik, "hash": nik}])
    harvest(city, portal)
    mine = city.act("produsen", "package_show", id=REMOTE["id"])
    assert mine["title"] == "Curah Hujan Bulanan"
    assert mine["resources"][0]["name"] == "Curah hujan"
    assert nik not in json.dumps(mine)
    rows = model.Session.execute(
        sa.text(
            "SELECT (SELECT string_agg(p::text, ' ') FROM package p), "
            "(SELECT string_agg(r::text, ' ') FROM resource r)"
        )
    ).one()
    assert nik not in "".join(rows)
    (error,) = model.Session.scalars(sa.select(HarvestObjectError.message)).all()
    for key in (
        "lampiran",
        "license_id",
        "extras.catatan",
        "resources.name_translated",
        "resources.format",
    ):
        assert key in error
    assert nik not in error


def test_a_text_without_bound_is_refused_and_reported(city, portal, monkeypatch) -> None:
    monkeypatch.setitem(REMOTE, "notes", "x" * 20_001)
    harvest(city, portal, ("ERROR",))
    with pytest.raises(tk.ObjectNotFound):
        city.act("admin", "package_show", id=REMOTE["id"])
    told = " ".join(model.Session.scalars(sa.select(HarvestObjectError.message)))
    assert "notes" in told
    assert "xxx" not in told


def test_an_undeclared_text_without_bound_is_dropped_and_keeps_nothing_out(
    city, portal, monkeypatch
) -> None:
    monkeypatch.setitem(REMOTE, "lampiran", "x" * 300_000)
    harvest(city, portal)
    assert city.act("produsen", "package_show", id=REMOTE["id"])["title"] == REMOTE["title"]
    (error,) = model.Session.scalars(sa.select(HarvestObjectError.message)).all()
    assert "lampiran" in error
