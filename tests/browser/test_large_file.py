"""A file of 200 MB is scanned by the site's own worker, and the case waits for it."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
import requests
from redis import Redis
from rq.command import send_stop_job_command
from rq.job import Job

pytestmark = pytest.mark.xdist_group("produsen_disdukcapil")  # whose files it brings

MEGABYTES = 200
BLOCK = b"".join(
    b"%d,Pontianak Kota,%d,contoh keterangan baris\n" % (n, n * 7 % 1000) for n in range(20_000)
)
PATIENCE = 240
PAUSE = 0.5


@pytest.fixture
def big_file(tmp_path: Path) -> Path:
    """Return a CSV of 200 MB without personal data."""
    path = tmp_path / "besar.csv"
    with path.open("wb") as file:
        file.write(b"nomor,kecamatan,jumlah,keterangan\n")
        while file.tell() < MEGABYTES * 1024**2:
            file.write(BLOCK)
    return path


def test_200_megabytes_are_scanned_in_the_background(big_file: Path) -> None:
    site = os.environ["SATUDATA_SITE_URL"]
    tokens = json.loads(Path(os.environ["SATUDATA_RUN_DIR"], "demo-tokens.json").read_text())
    session = requests.Session()
    session.headers["Authorization"] = tokens["produsen_disdukcapil"]

    def call(action: str, **params: object) -> dict:
        answer = session.post(f"{site}/api/3/action/{action}", json=params, timeout=120)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    known = call("package_show", id="jumlah-penduduk-menurut-kecamatan")
    left_out = ("id", "name", "resources", "organization", "metadata_created", "num_resources")
    fields = {k: v for k, v in known.items() if k not in left_out and v is not None}
    name = f"{known['organization']['name']}-berkas-besar-{time.time_ns()}"
    dataset = call("package_create", **{**fields, "name": name, "title": "Berkas besar (contoh)"})
    with big_file.open("rb") as file:
        answer = session.post(
            f"{site}/api/3/action/resource_create",
            data={"package_id": dataset["id"], "name": "Besar"},
            files={"upload": (big_file.name, file)},
            timeout=300,
        )
    assert answer.status_code == 200, answer.text
    assert answer.json()["result"]["satudata_waiting"]["verdict"] == "pending"
    first = call("satudata_classification_transition", id=name, transition="submit")
    assert first["scan_pending"] is True
    assert first["case"]["state"] == "draft"
    deadline = time.monotonic() + PATIENCE
    answered = first
    while answered["scan_pending"] and time.monotonic() < deadline:
        time.sleep(PAUSE)  # the scan has the processor
        answered = call("satudata_classification_transition", id=name, transition="submit")
    assert answered["case"]["state"] == "verification"
    assert [s["verdict"] for s in answered["scans"]] == ["clear"]
    _stop_table(answered["scans"][0]["version"])


def _stop_table(version: str) -> None:
    """Let the worker leave its table, which nobody here reads and which takes minutes."""
    options = Path(os.environ["CKAN_INI"]).read_text("utf-8")
    url = re.search(r"(?m)^ckan\.redis\.url = (.+)$", options)
    assert url
    connection, name = Redis.from_url(url[1]), f"satudata-table-{version}"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if Job.exists(name, connection):
            job = Job.fetch(name, connection)
            if job.is_started:
                send_stop_job_command(connection, name)
                return
        time.sleep(PAUSE)
    pytest.fail("no table was asked for")
