"""Which documents of the search index were made by today's policy, and which are from before.

Each document says by which rule it was made: which row of ``schemas/classification.yaml`` gave its
labels, and what stood there. One that names no rule of today, because its type came under
decisions since, or because the file was changed, is left out of every search, in the query itself,
until a job has made it anew. So what a changed file closes is found by nobody from the first
request on, and what it did not change is found all the time.
"""

from __future__ import annotations

import logging
import time

import ckan.plugins.toolkit as tk
from ckan.lib import search
from ckan.lib.search.common import SearchError, make_connection

from ... import config
from ..rules.axes import classification
from ..rules.policy import rule_marks
from . import job_queue, stale_index

log = logging.getLogger(__name__)

# Stands in every document that was made by the policy: of which rule.
MARK = "satudata_governed"
ROWS = 1_000_000
CHUNK, CHUNK_SECONDS = 100, 120


def before_policy() -> str:
    """Return the Solr query of governed datasets whose document is not of today's rules.

    Empty while no type is governed.
    """
    types = sorted(config.governed_types())
    named = " OR ".join(f'"{name}"' for name in types)
    marks = " OR ".join(f'"{mark}"' for mark in sorted(rule_marks(classification())))
    return f"(+dataset_type:({named}) -{MARK}:({marks}))" if types else ""


def stale_ids(after: str = "") -> list[str]:
    """Return the ids of the datasets whose document is not of today's rules, in their order.

    :param after: only ids behind this one.
    :raises ckan.lib.search.SearchError: the search engine does not answer.
    """
    query = before_policy()
    if not query:
        return []
    site = f'+site_id:"{tk.config["ckan.site_id"]}"'
    found = make_connection().search(q=query, fq=[site], fl="id", rows=ROWS, sort="id asc")
    return [doc["id"] for doc in found.docs if doc["id"] > after]


def refresh_stale() -> int:
    """Ask the worker to index what is not of today's rules; return how many datasets that are.

    Until that is done these datasets are left out of every search: too little is seen, never
    too much. If the search engine does not answer now, the next start or the clock asks again.
    """
    try:
        ids = stale_ids()
    except (SearchError, search.SearchIndexError, OSError) as error:
        log.warning("the index could not be checked: %s", error)
        return 0
    if ids:
        ask_worker()
    return len(ids)


def ask_worker(after: str = "") -> None:
    """Ask the worker to go on behind this id, unless it was asked already."""
    once = f"satudata-index-{after or 'begin'}"
    timeout = CHUNK_SECONDS * 5
    job_queue.ask("follow_definition", after, queue="bulk", timeout=timeout, once=once)


def rebuild_stale(after: str, seconds: float) -> str:
    """Make documents anew that are not of today's rules, for a while.

    What is done is done: whoever begins again finds what is left. A dataset that cannot be
    indexed is passed over, stays left out, and is tried again when somebody next asks.

    :returns: the id behind which to go on; empty where nothing is left.
    """
    until = time.monotonic() + seconds
    ids = stale_ids(after)
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        for dataset_id in part:
            try:
                stale_index.rebuild(dataset_id, commit=False)
            except Exception:  # Solr's client lets many kinds of errors through
                log.exception("dataset %s could not be indexed by the rules of today", dataset_id)
        stale_index.commit_all()
        if part[-1] != ids[-1] and time.monotonic() > until:
            return part[-1]
    return ""
