"""Backups, and the ledger."""

from __future__ import annotations

import os

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.ledger.cli import sign
from ckanext.satudata_pontianak.ledger.tables import entry_table

from ..site import Pair, Site, ago, as_before, superuser


def backed_up(site: Site) -> None:
    site.option(config.BACKUP_FOLDER, str(site.folder))
    (site.folder / "satudata.dump").write_bytes(b"x")


def backup_stopped(site: Site) -> None:
    old = ago(hours=26).timestamp()
    os.utime(site.folder / "satudata.dump", (old, old))


def signed(site: Site) -> None:
    as_before(site)
    sign()


def tampered(site: Site) -> None:
    entry = entry_table.c
    last = sa.select(entry.id, entry.text).order_by(entry.id.desc()).limit(1)
    number, text = model.Session.execute(last).one()
    model.Session.rollback()
    site.kept.callback(_rewritten, number, text)
    other = text.replace('"at":"2', '"at":"3')
    assert other != text
    _rewritten(number, other)


def _rewritten(number: int, text: str) -> None:
    change = sa.update(entry_table).where(entry_table.c.id == number)
    with superuser() as connection:
        connection.execute(change.values(text=text))


PAIRS = {
    "backup_fresh": Pair(backed_up, backup_stopped),
    "ledger_whole": Pair(signed, tampered),
}
