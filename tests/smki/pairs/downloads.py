"""The counter of downloads."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ckanext.satudata_pontianak import days

from ..site import Pair, Site


def _name() -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:clients:{days.today()}"


def key_forgotten(_site: Site) -> None:
    connect_to_redis().delete(_name())


def key_spoilt(_site: Site) -> None:
    connect_to_redis().set(_name(), b"bukan kunci", ex=600)


PAIRS = {"downloads_counted": Pair(key_forgotten, key_spoilt)}
