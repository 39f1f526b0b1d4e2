"""What the site writes is closed to other accounts of the server, and its log names no mailbox."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from ckan.lib import mailer

from ckanext.satudata_pontianak.portal.web import own_files


def test_files_and_folders_of_the_site_are_not_for_everybody(city, ckan_config, make_upload):
    begun = set(Path(ckan_config["ckan.storage_path"]).rglob("*"))
    former = os.umask(0o022)
    try:
        own_files.close_to_others()
        content = f"kecamatan,penduduk\n{secrets.token_hex(4)},145200\n"
        city.publish(file=make_upload(content.encode()))
        mask = os.umask(0o077)
    finally:
        os.umask(former)
    assert mask == 0o027
    made = [p for p in Path(ckan_config["ckan.storage_path"]).rglob("*") if p not in begun]
    assert [p for p in made if p.is_file()]
    assert [str(p) for p in made if p.stat().st_mode & 0o007] == []


def test_a_stricter_mask_is_kept():
    former = os.umask(0o077)
    try:
        own_files.close_to_others()
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(former)


def test_the_application_starts_with_such_a_mask(app):
    former = os.umask(0o077)
    os.umask(former)
    assert former & 0o007 == 0o007


class Refusing:
    """A mail server that takes no mail."""

    async def handle_RCPT(self, _server, _session, _envelope, address, _options):
        return f"550 no mailbox {address} here"


class FreePort(Controller):
    """A server on whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def refusing(monkeypatch, ckan_config):
    """The site's mail server, which refuses."""
    server = FreePort(Refusing(), hostname="127.0.0.1", port=0)
    server.start()
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{server.port}")
    yield
    server.stop()


def test_a_refused_mail_leaves_no_mailbox_in_the_log(city, refusing, tmp_path, monkeypatch):
    handler = logging.FileHandler(tmp_path / "log")
    handler.setFormatter(logging.Formatter("%(message)s"))
    loggers = [mailer.log, logging.getLogger("gunicorn.access")]
    for logger in loggers:
        monkeypatch.setattr(logger, "disabled", False)
        monkeypatch.setattr(logger, "level", logging.INFO)
        logger.addHandler(handler)
    try:
        with pytest.raises(mailer.MailerException):
            mailer.mail_recipient("Budi", "budi@contoh.example", "Hal", "Isi")
        loggers[1].info("%(r)s", {"r": "GET /?q=siti%40contoh.example"})
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    text = (tmp_path / "log").read_text()
    assert text.count("[mailbox]") >= 2
    assert "contoh.example" not in text
