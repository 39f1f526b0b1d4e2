"""Settings and plugins."""

from __future__ import annotations

import ckan.plugins as p
from ckan import model

from ckanext.satudata_pontianak.classification.writes import moved_keys
from ckanext.satudata_pontianak.portal.operator.exposure_checks import DATABASES, SECRETS

from ..site import Pair, Site, as_before

OWN = "kQ3vR8sT1wX5yZ7aB9cD2eF4"


def own_secrets(site: Site) -> None:
    for name in SECRETS:
        site.option(name, OWN)
    for name in DATABASES:
        site.option(name, f"postgresql://x:{OWN}@127.0.0.1/x")


def default_secret(site: Site) -> None:
    site.option("SECRET_KEY", "change-me")


def door_shut(site: Site) -> None:
    site.option("ckan.auth.anon_create_dataset", False)


def door_open(site: Site) -> None:
    site.option("ckan.auth.anon_create_dataset", True)


def another_loader(site: Site) -> None:
    site.option("ckan.datapusher.url", "http://127.0.0.1:9")
    site.option("ckan.datapusher.api_token", "x")
    site.option("ckan.datapusher.formats", ["csv"])
    site.kept.callback(p.unload, "datapusher")
    p.load("datapusher")


def sql_off(site: Site) -> None:
    site.option("ckan.datastore.sqlsearch.enabled", False)


def sql_on(site: Site) -> None:
    site.option("ckan.datastore.sqlsearch.enabled", True)


def moved_away(_site: Site) -> None:
    moved_keys.move_all()


def undeclared(site: Site) -> None:
    package = model.Package.get(site.city.publish()["id"])
    assert package is not None
    package.extras = {**package.extras, "catatan": "x"}
    model.Session.commit()


PAIRS = {
    "secrets_own": Pair(own_secrets, default_secret),
    "options_off": Pair(door_shut, door_open),
    "plugins_in_order": Pair(as_before, another_loader),
    "datastore_guarded": Pair(sql_off, sql_on),
    "nothing_left_over": Pair(moved_away, undeclared),
}
