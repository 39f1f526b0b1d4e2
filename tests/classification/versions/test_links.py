"""Links: what is behind them is fetched, kept and served as a version, or is not served at all."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from rq import SimpleWorker

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs

from ckanext.satudata_pontianak.classification import cli
from ckanext.satudata_pontianak.classification.records.model import Scan
from ckanext.satudata_pontianak.classification.versions import fetching
from ckanext.satudata_pontianak.ledger.service import entry_table

ROWS = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"
LATER = b"kecamatan,penduduk\nPontianak Kota,145999\nPontianak Barat,156999\n"
NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
ODD = {
    "/kosong.csv": b"",
    "/nik.csv": NIKS,
    "/gambar.csv": PICTURE,
    "/nama?gambar": PICTURE,
    "/halaman.xlsx": b"<html><body><table><tr><td>7</td></tr></table></body></html>",
    "/?tabel": b'[{"kecamatan": "Pontianak Kota", "penduduk": 7}]',
}
"""What another site gives at an address that promises something else."""
WHY = "Alasan yang cukup panjang"


class Elsewhere(BaseHTTPRequestHandler):
    """Another site, with files, pages and bad manners."""

    content: ClassVar[bytes] = ROWS
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        if self.path == "/ke-dalam.csv":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/data.csv")
            self.end_headers()
            return
        if self.path == "/putaran.csv":
            self.send_response(302)
            self.send_header("Location", "/putaran.csv")
            self.end_headers()
            return
        if self.path == "/lambat.csv":
            time.sleep(3)
        status = 404 if self.path == "/hilang.csv" else 200
        body = ODD.get(self.path, self.content)
        size = 10**12 if self.path == "/raksasa.csv" else len(body)
        kind = "text/html; charset=utf-8" if self.path == "/halaman" else "text/csv"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(size))
        if self.path.startswith("/nama") and self.path != "/nama-jahat":
            self.send_header("Content-Disposition", 'attachment; filename="penduduk 2025.csv"')
        if self.path == "/nama-jahat":
            self.send_header("Content-Disposition", 'attachment; filename="../../etc/passwd"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Return the address of another site."""
    Elsewhere.content, Elsewhere.asked = ROWS, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def work() -> None:
    """Let a real worker do what waits."""
    queue = jobs.get_queue("default")
    SimpleWorker([queue], connection=queue.connection).work(burst=True)


def linked(city: Any, url: str) -> dict[str, Any]:
    """Return a dataset with a link, after the worker has looked at it."""
    jobs.get_queue("default").empty()
    dataset = city.dataset(file=False)
    city.act("produsen", "resource_create", package_id=dataset["id"], name="Tautan", url=url)
    work()
    return city.act("produsen", "package_show", id=dataset["id"])


def scan_of(city: Any, dataset: dict[str, Any]) -> dict[str, Any]:
    """Return the scan of the dataset's only file."""
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    return shown["scans"][0]


def approve(city: Any, dataset: dict[str, Any], who: str = "walidata") -> dict[str, Any]:
    """Submit and approve; return what everybody is shown."""
    city.step("produsen", dataset, "submit")
    city.step(who, dataset, "approve")
    return city.act(None, "package_show", id=dataset["id"])


def check_links() -> str:
    """Run the nightly command."""
    result = CliRunner().invoke(cli.check_links, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_links_target_is_kept_and_served_whatever_becomes_of_it(city, app, elsewhere) -> None:
    dataset = linked(city, f"{elsewhere}/penduduk.csv")
    assert scan_of(city, dataset)["verdict"] == "clear"
    (resource,) = approve(city, dataset)["resources"]
    assert resource["url"].endswith(f"/resource/{resource['id']}/download/penduduk.csv")
    assert resource["satudata_source"] == f"{elsewhere}/penduduk.csv"
    assert "satudata_external" not in resource
    assert app.get(resource["url"]).data == ROWS
    assert "same: 1" in check_links()
    Elsewhere.content = LATER
    assert app.get(resource["url"]).data == ROWS
    assert "changed: 1" in check_links()
    assert "same: 1" in check_links()
    case = city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"]
    assert (case["state"], case["reason"]) == ("draft", "link_changed")
    assert app.get(resource["url"]).data == ROWS
    approve(city, dataset)
    assert app.get(resource["url"]).data == LATER
    Elsewhere.content = b""
    assert "link_empty: 1" in check_links()
    assert app.get(resource["url"]).data == LATER


def test_a_change_while_a_case_is_checked_waits_for_the_next(city, app, elsewhere) -> None:
    dataset = linked(city, f"{elsewhere}/penduduk.csv")
    (resource,) = approve(city, dataset)["resources"]
    city.act("produsen", "package_patch", id=dataset["id"], jenis_informasi="setiap_saat")
    city.step("produsen", dataset, "submit")
    Elsewhere.content = LATER
    assert "changed: 1" in check_links()
    city.step("walidata", dataset, "approve")
    assert app.get(resource["url"]).data == ROWS
    case = city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"]
    assert case["reason"] == "waiting_versions"


@pytest.mark.ckan_config("ckanext.satudata_pontianak.fetch_timeout_seconds", 1)
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/hilang.csv", "link_refused"),
        ("/halaman", "link_page"),
        ("/lambat.csv", "link_slow"),
        ("/raksasa.csv", "link_too_large"),
        ("/kosong.csv", "link_empty"),
        ("/gambar.csv", "link_misleading"),
        ("/nama?gambar", "link_misleading"),
        ("/halaman.xlsx", "link_page"),
        ("/ke-dalam.csv", "link_forbidden"),
        ("/putaran.csv", "link_unreachable"),
        ("http://10.0.0.1/data.csv", "link_forbidden"),
        ("http://[::ffff:10.0.0.1]/data.csv", "link_forbidden"),
        ("http://169.254.169.254/latest/meta-data", "link_forbidden"),
        ("http://127.0.0.1:9/data.csv", "link_unreachable"),
    ],
)
def test_what_cannot_be_kept_is_not_opened_and_says_why(city, elsewhere, path, code) -> None:
    dataset = linked(city, path if path.startswith("http") else elsewhere + path)
    scan = scan_of(city, dataset)
    assert scan["verdict"] == "failed"
    assert scan["reason"] == tk._(fetching.FAILURES[code])
    city.step("produsen", dataset, "submit")
    with pytest.raises(tk.ValidationError) as refused:
        city.step("walidata", dataset, "approve")
    assert refused.value.error_dict["code"] == ["scans_clear"]
    with pytest.raises(tk.ValidationError) as refused:
        city.act(
            "walidata",
            "satudata_finding_resolve",
            id=dataset["id"],
            version=scan["version"],
            resolution="inspected",
            reason=WHY,
        )
    assert refused.value.error_dict["code"] == ["no_finding"]


def test_what_a_link_leads_to_is_scanned_like_a_file(city, elsewhere) -> None:
    dataset = linked(city, f"{elsewhere}/nik.csv")
    scan = scan_of(city, dataset)
    assert [f["kind"] for f in scan["findings"]] == ["nik"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/nama", "penduduk 2025.csv"),
        ("/nama-jahat", "data.csv"),
        ("/", "data.csv"),
        ("/?tabel", "data.json"),
    ],
)
def test_the_kept_file_has_a_safe_name(city, elsewhere, path, name) -> None:
    dataset = linked(city, elsewhere + path)
    assert scan_of(city, dataset)["file"] == name


@pytest.mark.ckan_config("ckanext.satudata_pontianak.external_hosts", ["127.0.0.1"])
def test_a_page_of_a_listed_host_stays_a_link_after_somebody_inspected_it(
    city, app, elsewhere
) -> None:
    dataset = linked(city, f"{elsewhere}/halaman")
    scan = scan_of(city, dataset)
    assert scan["inspectable"]
    city.step("produsen", dataset, "submit")
    city.act(
        "walidata",
        "satudata_finding_resolve",
        id=dataset["id"],
        version=scan["version"],
        resolution="inspected",
        reason=WHY,
    )
    with pytest.raises(tk.NotAuthorized):
        city.step("walidata", dataset, "approve")
    city.step("walidata_2", dataset, "approve")
    (resource,) = city.act(None, "package_show", id=dataset["id"])["resources"]
    assert resource["url"] == f"{elsewhere}/halaman"
    assert resource["satudata_external"] is True
    download = f"/dataset/{dataset['id']}/resource/{resource['id']}/download"
    answer = app.get(download, follow_redirects=False)
    assert answer.headers["Location"] == f"{elsewhere}/halaman"
    assert answer.headers["Cache-Control"].startswith("private, no-store")
    page = app.get(f"/dataset/{dataset['name']}/resource/{resource['id']}")
    assert "tidak dipatok" in page.body
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=WHY)
    (hidden,) = city.act(None, "package_show", id=dataset["id"])["resources"]
    assert hidden["url"] == ""
    assert "satudata_source" not in hidden
    assert app.get(download, follow_redirects=False, status=None).status_code == 403
    reads = sa.select(sa.func.count()).where(entry_table.c.event == "data.read")
    before = model.Session.scalar(reads)
    answer = app.get(download, headers=city.token("ppid"), follow_redirects=False)
    assert answer.headers["Location"] == f"{elsewhere}/halaman"
    assert model.Session.scalar(reads) == before + 1


def test_a_link_that_is_sent_back_is_no_change(city, elsewhere) -> None:
    dataset = linked(city, f"{elsewhere}/penduduk.csv")
    approve(city, dataset)
    shown = city.act("produsen", "package_show", id=dataset["id"])
    city.act("produsen", "package_update", **shown)
    source = shown["resources"][0]["satudata_source"]
    shown["resources"][0].update({"url": source, "url_type": ""})
    city.act("produsen", "package_update", **shown)
    assert city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"] is None
    shown["resources"][0]["url"] = "http://contoh.invalid/lain/penduduk.csv"
    city.act("produsen", "package_update", **shown)
    case = city.act("produsen", "satudata_classification_show", id=dataset["id"])["case"]
    assert case["reason"] == "new_bytes"


def test_a_link_that_failed_is_fetched_again_when_it_is_submitted_later(city, elsewhere) -> None:
    dataset = linked(city, f"{elsewhere}/hilang.csv")
    asked = len(Elsewhere.asked)
    assert city.step("produsen", dataset, "submit")["scan_pending"] is False
    city.step("produsen", dataset, "recall", catatan="tautan keliru")
    earlier = sa.update(Scan).values(finished=Scan.finished - dt.timedelta(hours=1))
    model.Session.execute(earlier)
    model.Session.commit()
    assert city.step("produsen", dataset, "submit")["scan_pending"] is True
    work()
    assert len(Elsewhere.asked) == asked + 1
    assert city.step("produsen", dataset, "submit")["case"]["state"] == "verification"
