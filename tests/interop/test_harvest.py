"""What comes from another portal is unseen here until a decision opens it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

import ckan.plugins.toolkit as tk
from ckanext.harvest.harvesters import CKANHarvester
from ckanext.harvest.model import HarvestJob
from ckanext.harvest.tests.lib import run_harvest_job

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


def harvest(city, portal) -> None:
    """Bring what the other portal has."""
    source = city.act(
        "admin",
        "harvest_source_create",
        url=portal,
        name="portal-lain",
        title="Portal lain",
        source_type="ckan",
        owner_org=city.orgs["dinkes"]["id"],
        frequency="MANUAL",
        config="",
    )
    job = city.act("admin", "harvest_job_create", source_id=source["id"], run=False)
    results = run_harvest_job(HarvestJob.get(job["id"]), CKANHarvester())
    assert [r["state"] for r in results.values()] == ["COMPLETE"]


def test_a_record_with_an_identifier_is_kept_as_a_draft(city, portal, monkeypatch) -> None:
    nik = "6171014101900001"
    monkeypatch.setitem(REMOTE, "notes", f"Laporan tentang pemilik NIK {nik}.")
    harvest(city, portal)
    mine = city.act("produsen", "package_show", id=REMOTE["id"])
    assert mine["state"] == "draft"
    shown = city.act("produsen", "satudata_classification_show", id=REMOTE["id"])
    assert [f["key"]["table"] for f in shown["metadata"]["findings"]] == ["metadata:notes"]
    with pytest.raises(tk.ValidationError):
        city.act("produsen", "package_patch", id=mine["id"], notes=f"NIK {nik}")
    assert city.act("produsen", "package_patch", id=mine["id"], notes="Laporan.")


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
