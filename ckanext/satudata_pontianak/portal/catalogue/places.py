"""What the pages around datasets share: one search as the reader, a page of it, its counts.

Every page here asks ``package_search`` as whoever asks for the page, so that what they may not
know of neither appears nor counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError

from ...access.search import parameters, rules
from ...agencies import registry
from ...agencies.helpers import called
from ...surface import search_query
from ..desk.queues import page_number
from ..web import call

PER_PAGE = 20
LONGEST = 200
DATASETS = "+dataset_type:dataset"
NEWEST = "metadata_modified desc"

blueprint = flask.Blueprint("satudata_portal", __name__)


@dataclass(frozen=True)
class Found:
    """A page of datasets.

    :ivar facets: for each field its values and how many of the datasets have them.
    :ivar failed: the search engine did not answer; nothing can be said of what there is.
    """

    datasets: Sequence[Mapping[str, Any]] = ()
    count: int = 0
    page: int = 1
    pages: int = 1
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    failed: bool = False


def find(
    *queries: str,
    q: str = "",
    page: int = 1,
    rows: int | None = None,
    sort: str = NEWEST,
    facets: Sequence[str] = (),
) -> Found:
    """Return the datasets that fit all queries, as the reader may see them.

    A page past the last one gives the last one.

    :param queries: filter queries of Solr; values in them are from our code lists or escaped by
        :func:`phrase`.
    :param q: words that somebody typed.
    :param rows: datasets of a page; 0 asks for counts only.
    """
    rows = PER_PAGE if rows is None else rows
    q = q[:LONGEST]
    asked: dict[str, Any] = {
        "fq": " ".join([DATASETS, *queries]),
        "include_private": True,
        "rows": rows,
        "start": (page - 1) * rows,
        "sort": sort,
    }
    if facets:
        asked |= {"facet.field": list(facets), "facet.limit": -1}
    # Signs are text here as on the page of a search; signs alone find nothing.
    for said in dict.fromkeys([_said(q) if q else "*:*", phrase(q) if q else "*:*"]):
        try:
            return _found({**asked, "q": said}, page, rows)
        except (SearchError, tk.ValidationError):
            continue
    return Found(failed=True)


def _said(q: str) -> str:
    """Return words as they are searched: in quotes as they stand, else without any sign."""
    if rules.is_language(q) or rules.with_phrases(q):
        return q
    return rules.as_words(q).lower() or phrase(q)


def _found(asked: dict[str, Any], page: int, rows: int) -> Found:
    # A page counts all values of its facets.
    context = parameters.marked(call.context(), parameters.VALUES)
    search = tk.get_action("package_search")
    answer = search(context, dict(asked))
    pages = max(1, math.ceil(answer["count"] / rows)) if rows else 1
    if page > pages:
        page = pages
        answer = search(context, {**asked, "start": (page - 1) * rows})
    return Found(answer["results"], answer["count"], page, pages, answer.get("facets") or {})


def phrase(text: str) -> str:
    """Return a value as a phrase of Solr's query language, whatever stands in it."""
    return search_query.quoted(text)


def one_of(field_name: str, values: Iterable[str]) -> str:
    """Return the query of what has one of these values in a field."""
    return f"{field_name}:({' OR '.join(phrase(value) for value in values)})"


def words() -> str:
    """Return the words that the address of this page asks for."""
    return flask.request.args.get("q", "").replace("\x00", "").strip()[:LONGEST]


def number() -> int:
    """Return the number of the page that the address asks for; what is none is the first."""
    return page_number(flask.request.args.get("page"))


def agencies(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return name, title and count of agencies, the most datasets first.

    :param counts: the facet ``organization``.
    """
    titles = {a.name: called(a) for a in registry.load_agencies().values()}
    known = [
        {"name": name, "title": titles[name], "count": count}
        for name, count in counts.items()
        if name in titles
    ]
    return sorted(known, key=lambda a: (-a["count"], a["title"].casefold()))


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint, to which each module of this folder adds its own pages."""
    return [blueprint]
