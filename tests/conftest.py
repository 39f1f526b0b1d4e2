"""Fixtures of the tests that need services. Pure tests (tests/unit) do not load this file."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

import ckan.plugins as p
from ckan import model
from ckan.cli.db import _resolve_alembic_config, _run_migrations
from ckan.common import config
from ckan.tests import factories

from ckanext.satudata_pontianak.ledger import install
from ckanext.satudata_pontianak.ledger.service import SCHEMA

# Plugins whose tables this run has made. None: the database of an earlier run is still there.
_migrated: set[str] | None = None


def _migrate() -> None:
    """Make the tables of CKAN once, and those of each plugin the first time it is loaded."""
    global _migrated  # noqa: PLW0603 - one database for the whole run
    if _migrated is None:
        model.repo.clean_db()
        model.repo.session.remove()
        model.repo.init_db()
        _migrated = set()
    for name in config["ckan.plugins"]:
        if name in _migrated or not p.plugin_loaded(name):
            continue
        if os.path.exists(_resolve_alembic_config(name)):  # noqa: PTH110
            _run_migrations(name)
        _migrated.add(name)


@pytest.fixture(scope="session")
def admin_engine() -> Iterator[sa.Engine]:
    """A connection of the database's administrator, which `ckan satudata init` would have."""
    url = os.environ.get("SATUDATA_ADMIN_URL")
    if not url:
        pytest.fail("SATUDATA_ADMIN_URL is not set: run the tests with bin/test services")
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def ledger_schema(admin_engine: sa.Engine) -> None:
    """The ledger's schema, made as in production."""
    role = sa.engine.make_url(config["sqlalchemy.url"]).username
    install.install(admin_engine.url.render_as_string(hide_password=False), role or "")


@pytest.fixture
def clean_db(with_plugins: None, ledger_schema: None, admin_engine: sa.Engine) -> None:
    """Empty every table, the ledger's too. Tables are made once: CKAN's own fixture drops them."""
    factories.fake.unique.clear()
    model.Session.rollback()
    model.Session.remove()
    _migrate()
    model.Session.remove()
    with admin_engine.begin() as connection:
        # The administrator may do what triggers and grants refuse the application.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        connection.execute(sa.text("SET LOCAL lock_timeout = '15s'"))
        tables = connection.execute(
            sa.text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname IN ('public', :ledger)"
                " AND tablename NOT LIKE '%alembic_version'"
            ),
            {"ledger": SCHEMA},
        ).scalars()
        connection.execute(sa.text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
