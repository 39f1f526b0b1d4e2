"""How often the dataset that somebody means is among the first five: by our search and by CKAN's.

The made-up catalogue is written into a Solr core as the portal would index it, under a site of
its own, and asked through CKAN's own query and ours on top of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pysolr
import yaml

from . import corpus

SITE = "satudata_search_test"
TOP = 5
Hits = Callable[[str], list[str]]


def _agencies() -> dict[str, list[str]]:
    path = corpus.ROOT / "schemas" / "codes" / "agencies.yaml"
    listed = yaml.safe_load(path.read_text("utf-8"))["agencies"]
    return {a["name"]: [a["title"], a["nama_inggris"]] for a in listed}


def _open(dataset: corpus.Dataset) -> dict[str, Any]:
    """Return what is indexed of open data; each table has rows for all regions."""
    from ckanext.satudata_pontianak.access.search import dictionary
    from ckanext.satudata_pontianak.metadata import codes

    regions = [c for c in codes.code_list("wilayah").codes.values() if c.level in dataset.columns]
    return {
        "satudata_data": "open",
        "satudata_columns": list(dataset.columns),
        "satudata_cells": [dictionary.token(region.code) for region in regions],
        "satudata_cell_names": [name for r in regions for name in (r.label, *r.aliases)],
    }


def documents(*, ours: bool) -> list[dict[str, Any]]:
    """Return the documents of the catalogue.

    :param ours: with the fields that ``access/search/fields.py`` adds; else what plain CKAN has.
    """
    from ckanext.satudata_pontianak.metadata import codes

    agencies, found = _agencies(), []
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for number, dataset in enumerate(corpus.datasets()):
        document: dict[str, Any] = {
            "index_id": f"{SITE}-{number}",
            "id": dataset.name,
            "site_id": SITE,
            "entity_type": "package",
            "dataset_type": "dataset",
            "state": "active",
            "capacity": "public",
            "permission_labels": ["public"],
            "name": dataset.name,
            "title": dataset.title,
            "title_string": dataset.title,
            "notes": dataset.notes,
            "tags": list(dataset.tags),
            "organization": dataset.agency,
            "res_name": [dataset.title],
            "res_format": ["CSV"],
            "metadata_created": now,
            "metadata_modified": now,
        }
        if ours:
            topic = codes.urusan(dataset.urusan)
            document |= {
                **({} if dataset.limited else _open(dataset)),
                "satudata_agency": agencies[dataset.agency],
                "satudata_topic": [topic.label, topic.english] if topic else [],
                "satudata_place": ["Kota Pontianak", "Pontianak"],
            }
        found.append(document)
    return found


@contextmanager
def indexed(url: str, *, ours: bool) -> Iterator[pysolr.Solr]:
    """Give a core that holds the catalogue beside what it holds already."""
    solr = pysolr.Solr(url, timeout=60)
    solr.delete(q=f"site_id:{SITE}", commit=True)
    solr.add(documents(ours=ours), commit=True)
    try:
        yield solr
    finally:
        solr.delete(q=f"site_id:{SITE}", commit=True)


@contextmanager
def asking(solr: pysolr.Solr) -> Iterator[Callable[[Any, dict[str, Any]], dict[str, Any]]]:
    """Give a function that searches this core as core's ``package_search`` does."""
    from ckan.lib.search import query as core
    from ckan.plugins import toolkit as tk

    def search(_context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
        asked = {k: v for k, v in data_dict.items() if k != "include_private"}
        asked.setdefault("df", "text")
        asked.setdefault("sort", "score desc, metadata_modified desc")
        run = core.PackageSearchQuery()
        answer = run.run({"fl": "id name", **asked}, permission_labels=["public"])
        return {**answer, "facets": run.facets, "search_facets": {}}

    patches = (
        mock.patch.object(core, "make_connection", return_value=solr),
        mock.patch.dict(tk.config, {"ckan.site_id": SITE}),
    )
    with patches[0], patches[1]:
        yield search


def plain(search: Callable[..., dict[str, Any]]) -> Hits:
    """Return CKAN's own search, without our fields and weights."""

    def hits(q: str) -> list[str]:
        return [hit["name"] for hit in search({}, {"q": q, "rows": TOP})["results"]]

    return hits


def forgiving(search: Callable[..., dict[str, Any]]) -> Hits:
    """Return the search of our page."""
    from ckanext.satudata_pontianak.access.search import forgiving as ours

    def hits(q: str) -> list[str]:
        answer = ours.run(search, {"for_view": True}, {"q": q, "rows": TOP})
        return [hit["name"] for hit in answer["results"]]

    return hits


def missed(hits: Hits, half: str) -> list[tuple[str, list[str]]]:
    """Return the queries of a half whose dataset is not among the first five, with what is."""
    found = []
    for query in corpus.queries(half):
        first = hits(query.q)
        if not query.want & set(first):
            found.append((query.q, first))
    return found


def limited_first(hits: Hits, half: str) -> list[tuple[str, list[str]]]:
    """Return the queries of a half by which a limited dataset comes before an open one.

    Both answer as well: the query means either.
    """
    limited = {dataset.name for dataset in corpus.datasets() if dataset.limited}
    found = []
    for query in corpus.queries(half):
        first = [name for name in hits(query.q) if name in query.want]
        ranks = [name in limited for name in first]
        if ranks != sorted(ranks) or (any(ranks) and all(ranks) and query.want - limited):
            found.append((query.q, first))
    return found


def rate(hits: Hits, half: str) -> float:
    """Return the part of a half's queries whose dataset is among the first five."""
    return 1 - len(missed(hits, half)) / len(corpus.queries(half))
