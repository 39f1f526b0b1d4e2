"""The operator's page, and what ``satudata check`` knows of relay, clock, backup, certificate."""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import threading

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.agencies.checks import Level
from ckanext.satudata_pontianak.classification.clock import clock_runs
from ckanext.satudata_pontianak.portal.operator import (
    checks,
    left_over_checks,
    upkeep,
    upkeep_checks,
)

in_words = pytest.mark.usefixtures("with_request_context")

PAGE = "/ckan-admin/keadaan"
NOW = dt.datetime.now(dt.UTC)


def said(findings) -> str:
    return " ".join(checks.text(f.problem, f.params) for f in findings)


@pytest.fixture
def reached(ckan_config, monkeypatch, city):
    """A site that others reach."""
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://data.contoh.example")
    return ckan_config


@in_words
def test_a_relay_that_does_not_answer_is_an_error(city, ckan_config, monkeypatch) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    monkeypatch.setitem(ckan_config, "smtp.server", "")
    assert upkeep_checks.check_relay() == []
    for server in (f"127.0.0.1:{port}", "127.0.0.1:bukan"):
        monkeypatch.setitem(ckan_config, "smtp.server", server)
        (error,) = upkeep_checks.check_relay()
        assert (error.level, server in said([error])) == (Level.ERROR, True)
    relay = Controller(object(), hostname="127.0.0.1", port=port)
    relay.start()
    try:
        monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{port}")
        assert upkeep_checks.check_relay() == []
    finally:
        relay.stop()


@in_words
def test_a_clock_that_has_not_run_is_told(reached, cli, monkeypatch) -> None:
    model.Session.query(model.TaskStatus).delete()
    model.Session.commit()
    (never,) = upkeep_checks.check_clock()
    assert (never.level, "belum pernah" in said([never])) == (Level.ERROR, True)
    result = cli.invoke(ckan, ["satudata", "clock"])
    assert result.exit_code == 0, result.output
    assert upkeep_checks.check_clock() == []
    clock_runs.ran(NOW - dt.timedelta(hours=24))
    assert upkeep_checks.check_clock(NOW) == []
    clock_runs.ran(NOW - dt.timedelta(hours=26))
    (late,) = upkeep_checks.check_clock(NOW)
    assert "Penjadwal tidak berjalan sejak" in said([late])
    monkeypatch.setitem(reached, "ckan.site_url", "http://127.0.0.1:5000")
    assert upkeep_checks.check_clock(NOW)[0].level is Level.WARNING


@in_words
def test_a_backup_that_is_missing_or_old_is_an_error(reached, monkeypatch, tmp_path) -> None:
    assert "foldernya belum disebut" in said(upkeep_checks.check_backup())
    monkeypatch.setitem(reached, config.BACKUP_FOLDER, str(tmp_path / "tiada"))
    assert upkeep_checks.check_backup()[0].level is Level.ERROR
    monkeypatch.setitem(reached, config.BACKUP_FOLDER, str(tmp_path))
    (tmp_path / "kosong.dump").touch()
    assert "Tidak ada cadangan" in said(upkeep_checks.check_backup())
    dump = tmp_path / "satudata.dump"
    dump.write_bytes(b"x")
    assert upkeep_checks.check_backup() == []
    old = (NOW - dt.timedelta(hours=26)).timestamp()
    os.utime(dump, (old, old))
    assert "Cadangan terbaru" in said(upkeep_checks.check_backup())
    monkeypatch.setitem(reached, config.BACKUP_FOLDER, "")
    monkeypatch.setitem(reached, "ckan.site_url", "http://127.0.0.1:5000")
    assert upkeep_checks.check_backup() == []


@in_words
@pytest.mark.parametrize(("days", "level"), [(60, None), (20, "warning"), (3, "error")])
def test_a_certificate_about_to_end_is_told(city, tmp_path, days, level) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "data.contoh.example")])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), NOW, NOW + dt.timedelta(days)
    ).sign(key, hashes.SHA256())
    pem = tmp_path / "kunci.pem"
    plain = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, plain[1], plain[0])
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def answer() -> None:
            taken, _ = server.accept()
            context.wrap_socket(taken, server_side=True).close()

        hand = threading.Thread(target=answer)
        hand.start()
        found = upkeep_checks.of_certificate("127.0.0.1", port, NOW)
        hand.join()
    assert [f.level.value for f in found] == ([level] if level else [])
    assert "tidak dapat dibaca" in said(upkeep_checks.of_certificate("127.0.0.1", port))


def test_the_page_of_the_operator_says_how_the_site_stands(desk, city, monkeypatch) -> None:
    upkeep.forget()
    pages = [desk.get("admin", path) for path in (PAGE, "/ckan-admin/")]
    assert [page.status for page in pages] == [200, 200]
    for word in ("Pekerja yang berjalan", "Server surel", "Penjadwal terakhir berjalan", "PostgreSQL", "ckan jobs worker priority default bulk"):  # fmt: skip  # noqa: E501
        assert [page for page in pages if word not in page.body] == [], word
    for path in ("/ckan-admin/config", "/satudata/meja"):
        assert f'href="{PAGE}"' in desk.get("admin", path).body
    for who in ("walidata", "pengawas", "warga"):
        assert desk.get(who, PAGE).status == 403
        assert PAGE not in desk.get(who, "/satudata/meja").body
    assert "came_from" in desk.get(None, PAGE).location


def test_the_page_runs_each_check_once_a_minute_and_names_no_dataset(
    desk, city, monkeypatch
) -> None:
    dataset = city.dataset()
    package = model.Package.get(dataset["id"])
    package.extras = {**package.extras, "catatan": "x"}
    model.Session.commit()
    asked = []

    def broken():
        asked.append(1)
        raise RuntimeError("rusak")

    monkeypatch.setattr(checks, "CHECKS", (broken, left_over_checks.check_stored_keys))
    upkeep.forget()
    body = desk.get("admin", PAGE).body
    assert "satu pemeriksaan" in body.lower()
    assert dataset["id"] not in body
    assert "disebut oleh ckan satudata check" in body
    (named,) = left_over_checks.check_stored_keys()
    assert dataset["id"] in named.params["ids"]
    desk.get("admin", PAGE)
    assert len(asked) == 1
    upkeep.forget()
