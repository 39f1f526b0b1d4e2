"""The door for citizens: the list of apps as page, JSON, badge and without a network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import flask
from markupsafe import escape

import ckan.plugins.toolkit as tk
from ckanext.dcat.utils import CONTENT_TYPES, url_to_rdflib_format

from ...access import catalogue_views
from ...agencies import registry
from ...jepin.door import cpsv, listing
from ...jepin.door.actions import answered, categories, told
from ...jepin.door.listing import TOPIC, Listed
from ...jepin.rules.door import LONGEST_QUESTION, WORDS, door
from ...metadata import codes
from ...msgids import N_
from ...surface import page_names
from ...surface.pages import page
from ..catalogue import places
from ..web import call
from .report_pages import of_jepin

TAGS = ("jepin", "aplikasi")
ABOUT = N_(
    "The city’s apps and online services: which can be opened, and what to do when one is down."
)
WORKER = Path(__file__).parents[1] / "assets" / "js" / "jepin-worker.js"
SIGN, PADDING, NAME = 7, 8, "Jepin"
ICONS = (
    ("/satudata/ikon.svg", "any", "image/svg+xml", "any"),
    ("/satudata/ikon-192.png", "192x192", "image/png", "any"),
    ("/satudata/ikon-512.png", "512x512", "image/png", "any"),
    ("/satudata/ikon-maskable-512.png", "512x512", "image/png", "maskable"),
)
"""The pictures are drawn from the SVG by ``tests/icons.py``."""


def show() -> str:
    """Show the apps behind Jepin of which the reader may know, and what to do when one is down."""
    args, apps = flask.request.args, listing.listed(registry.actor_from_context(call.context()))
    asked = {
        "q": args.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION],
        "topic": args.get("topic", ""),
        "category": args.get("category", ""),
        "word": args.get("word", ""),
    }
    found, most = listing.chosen(apps, **asked), door().most.page
    pages = max(1, -(-len(found) // most))
    number = min(places.number(), pages)
    kept = {key: value for key, value in asked.items() if value}
    shown = {
        **asked,
        "apps": [told(app) for app in found[(number - 1) * most : number * most]],
        "count": len(found),
        "all": len(apps),
        "page": number,
        "pages": pages,
        "query": lambda page: tk.h.url_for("satudata_jepin.door", page=page, **kept),
        "topics": _topics(apps),
        "categories": categories(),
        "words": [(word, tk._(door().look(word).label), _count(apps, word)) for word in WORDS],
        "found": places.find(f"+{places.one_of('tags', TAGS)}", page=1),
        "tags": TAGS,
    }
    return tk.render("satudata/jepin/door.html", shown)


def _count(apps: Sequence[Listed], word: str) -> int:
    return sum(app.word == word for app in apps)


def _topics(apps: Sequence[Listed]) -> list[tuple[str, str]]:
    """Return the affairs that apps serve, by their names."""
    found = {app.said(TOPIC) for app in apps}
    labels = [(code, topic.label) for code in found if (topic := codes.urusan(code))]
    return sorted(labels, key=lambda item: item[1].casefold())


def as_json() -> flask.Response:
    """Give the public list to programs, the same to everybody."""
    apps = listing.listed()
    return flask.jsonify(answered(apps, apps[: door().most.answer]))


def badge(name: str) -> flask.Response:
    """Give how an app stands as a picture; of an unknown and a hidden one the same."""
    app = listing.one(name)
    look = door().look(app.word if app else None)
    response = flask.Response(_drawn(tk._(look.label), look.colour), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def linked_data(name: str, form: str) -> flask.Response:
    """Give an app in the words of CPSV-AP; of an unknown and a hidden one the same answer."""
    known = catalogue_views.forms()
    if form not in known:
        text = tk._("There is no such format here. There are: %(known)s.")
        return tk.abort(404, text % {"known": ", ".join(known)})
    app = listing.one(name, registry.actor_from_context(call.context()))
    if app is None:
        return tk.abort(404, tk._("App not found"))
    said = cpsv.graph(app).serialize(format=url_to_rdflib_format(form))
    return flask.Response(said, content_type=f"{CONTENT_TYPES[form]}; charset=utf-8")


def _drawn(said: str, colour: str) -> str:
    left, right = (len(text) * SIGN + 2 * PADDING for text in (NAME, said))
    text = escape(f"{NAME}: {said}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="22" role="img" '
        f'aria-label="{text}"><title>{text}</title>'
        f'<rect width="{left}" height="22" fill="#073b57"/>'
        f'<rect x="{left}" width="{right}" height="22" fill="{colour}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" '
        'text-anchor="middle">'
        f'<text x="{left / 2}" y="15">{NAME}</text>'
        f'<text x="{left + right / 2}" y="15">{escape(said)}</text></g></svg>'
    )


def offline() -> str:
    """Show the public list with its date, which a browser keeps for when there is no network."""
    apps = listing.listed()
    shown = answered(apps, apps[: door().most.answer])
    return tk.render("satudata/jepin/offline.html", {**shown})


def manifest() -> flask.Response:
    """Say how the door is installed as an app."""
    start = tk.url_for("satudata_jepin.door")
    said = {
        "name": tk._("Jepin: the city’s apps"),
        "short_name": NAME,
        "description": tk._(ABOUT),
        "lang": str(tk.h.lang()),
        "start_url": start,
        "scope": start,
        "id": start,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#073b57",
        "icons": [
            {"src": tk.h.url_for_static(path), "sizes": sizes, "type": kind, "purpose": purpose}
            for path, sizes, kind, purpose in ICONS
        ],
    }
    response = flask.jsonify(said)
    response.mimetype = "application/manifest+json"
    return response


@cache
def _worker() -> str:
    return WORKER.read_text(encoding="utf-8")


def worker() -> flask.Response:
    """Give the script that keeps the page for when there is no network, and nothing else."""
    response = flask.Response(_worker(), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = tk.url_for("satudata_jepin.door")
    response.headers["Cache-Control"] = "no-cache"
    return response


of_jepin.add_url_rule("/jepin", "door", page(show, kept=True, light=True, about=ABOUT))
of_jepin.add_url_rule("/jepin.json", "json", as_json)
of_jepin.add_url_rule("/jepin/lencana/<name>.svg", "badge", badge)
of_jepin.add_url_rule("/layanan/<name>.<form>", "linked_data", linked_data)
of_jepin.add_url_rule("/jepin/luring", "offline", offline)
of_jepin.add_url_rule("/jepin/aplikasi.webmanifest", "manifest", manifest)
of_jepin.add_url_rule("/jepin/pekerja.js", "worker", worker)
page_names.known_as(jepin="satudata_jepin.door")
