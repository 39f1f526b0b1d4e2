"""The database and the ledger's guards."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import config
from ckanext.satudata_pontianak.ledger import signing

from ..site import Pair, Site, as_before, superuser

VERSIONS = sa.table("satudata_pontianak_alembic_version", sa.column("version_num"))
TRIGGER = "ALTER TABLE satudata_ledger.entry {} TRIGGER refuse"


def older(site: Site) -> None:
    """Say that the last migration was not made."""
    number = model.Session.scalar(sa.select(VERSIONS.c.version_num))
    model.Session.rollback()
    site.kept.callback(site.write, sa.update(VERSIONS).values(version_num=number))
    site.write(sa.update(VERSIONS).values(version_num="001_cases"))


def guard_off(site: Site) -> None:
    model.Session.rollback()
    site.kept.callback(_by_superuser, TRIGGER.format("ENABLE"))
    _by_superuser(TRIGGER.format("DISABLE"))


def _by_superuser(statement: str) -> None:
    model.Session.rollback()
    with superuser() as connection:
        connection.execute(sa.text(statement))


def key_private(site: Site) -> None:
    key = site.folder / "ledger.pem"
    site.option(config.LEDGER_KEY_FILE, str(key))
    if not key.exists():
        signing.make_missing()
    key.chmod(0o600)


def key_open(site: Site) -> None:
    (site.folder / "ledger.pem").chmod(0o644)


PAIRS = {
    "database_current": Pair(as_before, older),
    "ledger_protected": Pair(as_before, guard_off),
    "ledger_key_private": Pair(key_private, key_open),
}
