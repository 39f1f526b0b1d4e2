"""Addresses of linked data: what ckanext-dcat cannot answer is answered before it is asked.

It tells of a wrong form or parameter with 409 and the program's own words.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from .reading import problems
from .search import parameters

CATALOGUE, DATASETS = "dcat.read_catalog", ("dcat.read_dataset", "dcat.read_dataset_series")
JSON, LINKED_JSON = "json", "jsonld"
PARAMETERS = ("page", "modified_since", "q", "fq", "profiles")


def before_view() -> Any:
    """Lead who asks for JSON to JSON-LD, and say which forms there are where one is unknown."""
    request = flask.request
    if request.endpoint != CATALOGUE and request.endpoint not in DATASETS:
        return None
    named = dict(request.view_args or {})
    form = named.get("_format")
    if form == JSON:
        # What programs that read JSON want is there under the name of its kind.
        address = flask.url_for(request.endpoint, **{**named, "_format": LINKED_JSON})
        query = request.query_string.decode("ascii", "ignore")
        return flask.redirect(f"{address}?{query}" if query else address)
    if form is not None and form not in forms():
        text = tk._("There is no such format here. There are: %(known)s.")
        return tk.abort(404, text % {"known": ", ".join(forms())})
    return _checked() if request.endpoint == CATALOGUE else None


def forms() -> list[str]:
    """Return the endings of addresses that there are."""
    from ckanext.dcat.utils import CONTENT_TYPES

    return sorted(CONTENT_TYPES)


def _checked() -> Any:
    """Answer 400 with the parameter's own words where ckanext-dcat would say 409."""
    asked: dict[str, Any] = {
        name: flask.request.args[name] for name in PARAMETERS if flask.request.args.get(name)
    }
    if "profiles" in asked:
        asked["profiles"] = asked["profiles"].split(",")
    try:
        parameters.taken("dcat_catalog_show", asked)
    except tk.ValidationError as problem:
        return tk.abort(400, problems.told(problem))
    if set(asked.get("profiles", ())) - profiles():
        text = tk._("profiles: choose from %(known)s.")
        return tk.abort(400, text % {"known": ", ".join(sorted(profiles()))})
    if "modified_since" in asked and not _is_moment(asked["modified_since"]):
        return tk.abort(400, tk._("modified_since: give a day or a moment, such as 2026-11-24."))
    return None


@cache
def profiles() -> frozenset[str]:
    """Return the names of the vocabularies that data are written in."""
    return frozenset(each.name for each in entry_points(group="ckan.rdf.profiles"))


def _is_moment(text: str) -> bool:
    """Tell whether it is a moment without a zone, as those that CKAN keeps are."""
    try:
        return dt.datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
