"""News as feeds: Atom (RFC 4287, paged by RFC 5005) and JSON Feed 1.1, of all that may be followed.

An entry is something that happened to a dataset, as the reader may know it; it names the agency.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import config
from ...access.following import news, targets
from ...access.following.rules import AGENCY, DATASET, EVERYTHING, SEARCH, TOPIC, following
from ...access.following.targets import Target
from ...agencies import registry
from ...agencies.helpers import satudata_agency_named, satudata_agency_title
from ...msgids import N_
from ...surface.formulas import CONTROL
from ..desk.queues import page_number
from ..web import call
from . import following_pages

of_news = flask.Blueprint("satudata_news_feeds", __name__)

BEGINNING = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
ALL = N_("News of all datasets")
TITLE = N_("News: {title}")
ATOM, JSON = "application/atom+xml", "application/feed+json"


def atom(word: str, target: str) -> Any:
    """Give news of something as an Atom feed."""
    return _atom(following_pages.named(word, target))


def atom_of_all() -> Any:
    """Give news of all datasets as an Atom feed."""
    return _atom(targets.EVERYTHING)


def json(word: str, target: str) -> Any:
    """Give news of something as a JSON Feed."""
    return _json(following_pages.named(word, target))


def json_of_all() -> Any:
    """Give news of all datasets as a JSON Feed."""
    return _json(targets.EVERYTHING)


def _atom(target: Target) -> Any:
    body = CONTROL.sub("", tk.render("satudata/following/news_atom.xml", _told(target, "atom")))
    return flask.Response(body, mimetype=ATOM)


def _json(target: Target) -> Any:
    told = _told(target, "json")
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": told["title"],
        "home_page_url": told["page"],
        "feed_url": told["links"]["self"],
        "language": told["language"],
        "authors": [{"name": told["site"]}],
        "items": [
            {
                "id": entry["id"],
                "url": entry["url"],
                "title": entry["title"],
                "content_text": entry["text"],
                "date_published": entry["at"],
                "authors": [{"name": entry["agency"]}],
                "tags": [entry["kind"]],
            }
            for entry in told["entries"]
        ],
    }
    if "next" in told["links"]:
        feed["next_url"] = told["links"]["next"]
    response = flask.jsonify(feed)
    response.mimetype = JSON
    return response


def _told(target: Target, form: str) -> dict[str, Any]:
    """Return what a page of a feed says, for both forms.

    A page past the last one is the last one.
    """
    actor, each = registry.actor_from_context(call.context()), following().feed.entries
    found = news.of(actor, target.kind, target.key)
    pages = max(1, -(-len(found) // each))
    page = min(page_number(flask.request.args.get("page")), pages)
    entries = [_entry(item) for item in news.shown(found[(page - 1) * each : page * each])]
    at = {"self": page, "first": 1, "last": pages, "previous": page - 1, "next": page + 1}
    links = {rel: _address(target, form, n) for rel, n in at.items() if 1 <= n <= pages}
    title = tk._(ALL)
    if target.kind != EVERYTHING:
        whose = satudata_agency_title(target.name) if target.kind == AGENCY else target.title
        title = tk._(TITLE).format(title=whose)
    return {
        "title": title,
        "site": str(tk.config.get("ckan.site_title") or ""),
        "language": str(tk.h.lang()),
        "page": _site(page_of(target)),
        "id": _address(target, form, 1),
        "links": links,
        "updated": (found[0].at if found else BEGINNING).isoformat(),
        "entries": entries,
    }


def _entry(item: Mapping[str, Any]) -> dict[str, str]:
    dataset, agency = item["dataset"], item["agency"]
    text = f"{item['kind_label']}: {dataset['title']}."
    whose = satudata_agency_named(agency) if agency else str(tk.config.get("ckan.site_title") or "")
    return {
        "id": f"urn:satudata:{item['id']}",
        "kind": item["kind_label"],
        "url": _site(tk.url_for(f"{dataset['type']}.read", id=dataset["name"])),
        "title": f"{dataset['title']}: {item['kind_label']}, {tk.h.satudata_day(item['at'])}",
        "text": f"{text} {whose}.",
        "agency": whose,
        "at": item["at"],
    }


def page_of(target: Target) -> str:
    """Return the address of the page of what a feed is of."""
    if target.kind == EVERYTHING:
        return str(tk.h.url_for("dataset.search"))
    return following_pages.satudata_page_of(target.kind, target.name)


def _address(target: Target, form: str, page: int) -> str:
    return _site(address_of(target.kind, target.name, form, page=page if page > 1 else None))


def address_of(kind: str, name: str, form: str, **more: Any) -> str:
    """Return the address of a feed.

    :param form: ``atom`` or ``json``.
    """
    if kind == EVERYTHING:
        return str(tk.h.url_for(f"satudata_news_feeds.{form}_of_all", **more))
    word = following().kinds[kind].word  # type: ignore[index]
    return str(tk.h.url_for(f"satudata_news_feeds.{form}", word=word, target=name, **more))


def _site(path: str) -> str:
    return path if "://" in path else config.site_url().rstrip("/") + path


def satudata_feeds() -> list[tuple[str, str, str]]:
    """Return the feeds that tell of what this page shows: type, title and address of each."""
    if not flask.has_request_context():
        return []
    found = [] if (own := _of_page()) is None else [own]
    found.append((EVERYTHING, "", tk._(ALL)))
    return [
        (mime, title, address_of(kind, name, form))
        for kind, name, title in found
        for mime, form in ((ATOM, "atom"), (JSON, "json"))
    ]


def satudata_follow_here() -> str | None:
    """Return the address at which what this page shows is followed, if it may be."""
    own = _of_page() if flask.has_request_context() else None
    if own is None:
        return None
    word = following().kinds[own[0]].word  # type: ignore[index]
    return str(tk.h.url_for("satudata_follow.form", word=word, target=own[1]))


def _of_page() -> tuple[str, str, str] | None:
    """Return of what this page is, if it may be followed: kind, name, title of its feed."""
    endpoint, given = flask.request.endpoint or "", flask.request.view_args or {}
    kinds = {
        "dataset.read": (DATASET, "id"),
        "organization.read": (AGENCY, "id"),
        "satudata_portal.topic": (TOPIC, "code"),
        "satudata_portal.region": ("region", "code"),
    }
    if endpoint == "dataset.search":
        kept = following().search_of(flask.request.query_string.decode("utf-8", "replace"))
        return (SEARCH, kept, tk._("News of this search")) if kept else None
    if endpoint not in kinds:
        return None
    kind, key = kinds[endpoint]
    return kind, str(given.get(key) or ""), tk._("News of this page")


of_news.add_url_rule("/umpan.atom", "atom_of_all", atom_of_all)
of_news.add_url_rule("/umpan.json", "json_of_all", json_of_all)
of_news.add_url_rule("/umpan/<word>/<target>.atom", "atom", atom)
of_news.add_url_rule("/umpan/<word>/<target>.json", "json", json)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of this module."""
    return [of_news]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of pages by name."""
    return {"satudata_feeds": satudata_feeds, "satudata_follow_here": satudata_follow_here}
