"""The search engine."""

from __future__ import annotations

from ckan.lib.redis import connect_to_redis

from ckanext.satudata_pontianak.access.search import fields
from ckanext.satudata_pontianak.classification.records import stale_index

from ..site import Pair, Site, ago, as_before


def answers_all(site: Site) -> None:
    """As a core does whose configuration is CKAN's own: it answers what ours refuses."""
    refused = fields.NEVER_ASKED
    fields.NEVER_ASKED = ({"q": "*:*"},)
    site.kept.callback(setattr, fields, "NEVER_ASKED", refused)


def caught_up(_site: Site) -> None:
    stale_index.catch_up()


def waits_for_hours(site: Site) -> None:
    dataset = site.city.publish()
    long_ago = ago(hours=2).timestamp()
    connect_to_redis().zadd(stale_index._key(), {dataset["id"]: long_ago})


PAIRS = {
    "search_guarded": Pair(as_before, answers_all),
    "index_current": Pair(caught_up, waits_for_hours),
}
