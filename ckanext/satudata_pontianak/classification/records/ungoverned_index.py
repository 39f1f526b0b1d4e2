"""Which documents of the search index were made by the policy, and which are from before."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
from ckan.lib import search
from ckan.lib.search.common import SearchError, make_connection

from ... import config
from . import job_queue

log = logging.getLogger(__name__)

# Stands in every document that was made by the policy.
MARK = "satudata_governed"
ROWS = 1_000_000


def before_policy() -> str:
    """Return the Solr query of governed datasets whose document is from before the switch.

    Empty while no type is governed.
    """
    types = sorted(config.governed_types())
    named = " OR ".join(f'"{name}"' for name in types)
    return f"(+dataset_type:({named}) -{MARK}:true)" if types else ""


def stale_ids() -> list[str]:
    """Return the ids of the datasets whose document is from before the switch.

    :raises ckan.lib.search.SearchError: the search engine does not answer.
    """
    query = before_policy()
    if not query:
        return []
    site = f'+site_id:"{tk.config["ckan.site_id"]}"'
    found = make_connection().search(q=query, fq=[site], fl="id", rows=ROWS)
    return [doc["id"] for doc in found.docs]


def refresh_stale() -> int:
    """Ask the worker to index what was indexed before the switch; return how many.

    Until that is done these datasets are left out of every search: too little is seen, never
    too much. If the search engine does not answer now, the next start asks again.
    """
    try:
        ids = stale_ids()
    except (SearchError, search.SearchIndexError, OSError) as error:
        log.warning("the index could not be checked: %s", error)
        return 0
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        job_queue.ask("reindex", part, queue="bulk")
    return len(ids)
