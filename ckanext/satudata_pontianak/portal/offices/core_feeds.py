"""CKAN's addresses of feeds lead to ours, for good: of news, by the policy, with the agency.

Never to a feed of more than somebody asked for: readers keep the new address.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import flask

import ckan.plugins.toolkit as tk

from ...access.following.rules import AGENCY, EVERYTHING, SEARCH, following
from . import news_feeds

core_feeds = flask.Blueprint("satudata_core_feeds", __name__)


def _lead() -> Any:
    """Lead from a feed of CKAN's to ours; what ours do not know is gone."""
    blueprint, _, view = (flask.request.endpoint or "").partition(".")
    if blueprint != "feeds" or flask.request.method not in ("GET", "HEAD"):
        return None
    named = str((flask.request.view_args or {}).get("id") or "")
    kind, target = EVERYTHING, ""
    if view == "organization":
        kind, target = AGENCY, named
    elif view == "tag":
        kind, target = SEARCH, urlencode({"tags": named})
    elif view == "custom":
        asked = flask.request.query_string.decode("utf-8", "replace")
        kept = following().search_of_core(asked)
        if kept is None:
            return _gone()
        kind, target = (SEARCH, kept) if kept else (EVERYTHING, "")
    elif view == "group":
        return _gone()
    return flask.redirect(news_feeds.address_of(kind, target, "atom"), 301)


core_feeds.before_app_request(_lead)


def _gone() -> Any:
    return tk.abort(410, tk._("There is no such feed any more. Search, and follow the search."))


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of this module."""
    return [core_feeds]
