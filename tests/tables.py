"""Makes the tables of plugins, as `ckan db upgrade` and `ckan satudata init` do."""

from __future__ import annotations

import gc
import os

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.db import _run_migrations

from ckanext.satudata_pontianak.ledger import install, signing


def make(*plugins: str) -> None:
    """Make those of plugins by their migrations, and the ledger; CKAN's own are there."""
    engine = model.meta.engine
    for plugin in plugins:
        _run_migrations(plugin)
    # Migrations leave an engine that connects anew for each transaction.
    model.init_model(engine)
    role = sa.make_url(tk.config["sqlalchemy.url"]).username or ""
    install.install(os.environ["SATUDATA_ADMIN_URL"], role)
    signing.make_missing()


def settle_memory() -> None:
    """Look through what a test made for circles, not through the portal that stands for all.

    Half a million objects of CKAN and its plugins stay as long as the process; looking through
    them again and again took a quarter of the time of a write.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
