"""Posters of what is open, and the letter of a month: pages and PDF, the same for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import flask
from babel.dates import format_date

import ckan.plugins.toolkit as tk

from ...access.reading import guard
from ...classification.rules import indonesian
from ...ledger.canonical import digest_of
from ...msgids import N_
from ...smki.cooperation import letter as letters
from ...sop.files import code, kept, official_files
from ...sop.papers import poster as posters
from ...surface import page_names
from ...surface.pages import page
from ..web import call

printed = flask.Blueprint("satudata_poster", __name__)


def poster(id: str) -> Any:
    """Show the poster of an open dataset or app."""
    found = _public(id)
    paper = _poster(found)
    shown = {
        "title": tk._("Poster: {title}").format(title=found["title"]),
        "part": official_files.part(paper),
        "style": official_files.style(),
        "file": tk.h.url_for("satudata_poster.poster_file", id=found["name"]),
    }
    return tk.render("satudata/cooperation/printed.html", shown)


def poster_file(id: str) -> Any:
    """Give the poster of an open dataset or app as PDF."""
    found = _public(id)
    return _pdf(_poster(found), f"poster-{found['name']}.pdf")


def letter(month: str | None = None) -> Any:
    """Show the letter of a month."""
    found = _letter(month)
    paper = _written(found)
    shown = {
        "title": paper["title"],
        "part": official_files.part(paper),
        "style": official_files.style(),
        "file": tk.h.url_for("satudata_poster.letter_file", month=found["month"]),
        "months": [(each, _in_words(each)) for each in found["months"]],
        "month": found["month"],
        "rows": found["results"],
    }
    return tk.render("satudata/cooperation/printed.html", shown)


def letter_file(month: str) -> Any:
    """Give the letter of a month as PDF."""
    return _pdf(_written(_letter(month)), f"surat-bulanan-{month}.pdf")


def _public(named: str) -> dict[str, Any]:
    """Return what everybody may know of something open; else answer as for an unknown name."""
    id_ = guard.dataset_id_of(named)
    found = letters.public_of([id_]) if id_ else []
    if not found:
        return tk.abort(404, tk._("Dataset not found"))
    return {**found[0].__dict__, "decided": found[0].decided.isoformat()}


def _poster(found: Mapping[str, Any]) -> dict[str, Any]:
    address = tk.h.url_for(f"{found['type']}.read", id=found["name"], qualified=True)
    return posters.poster(found, address, code.picture(address), indonesian.translator())


def _letter(month: str | None) -> dict[str, Any]:
    try:
        return call.call("satudata_monthly_letter", **({"month": month} if month else {}))
    except tk.ValidationError:
        return tk.abort(404, tk._("There is no letter of this month."))


def _in_words(month: str) -> str:
    first = dt.date.fromisoformat(f"{month}-01")
    return format_date(first, "MMMM yyyy", locale="id")


def _written(found: Mapping[str, Any]) -> dict[str, Any]:
    address = tk.h.url_for("satudata_poster.letter", month=found["month"], qualified=True)
    words, rows = _in_words(found["month"]), found["results"]
    return posters.letter(words, rows, address, code.picture(address), indonesian.translator())


def _pdf(paper: Mapping[str, Any], name: str) -> Any:
    """Return a paper as PDF, written once for what it says; who asks was let through before."""
    said = kept.Said(digest_of(["printed", paper]), lambda: official_files.pdf(paper))
    response = flask.Response(kept.written(said), mimetype=official_files.TYPES["pdf"])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(said.digest)
    return response.make_conditional(flask.request)


printed.add_url_rule("/poster/<id>", "poster", poster)
printed.add_url_rule("/poster/<id>/poster.pdf", "poster_file", poster_file)
printed.add_url_rule(
    "/surat-bulanan",
    "letters",
    page(letter, light=True, about=N_("What the city opened in a month, as a letter.")),
)
printed.add_url_rule("/surat-bulanan/<month>", "letter", letter)
printed.add_url_rule("/surat-bulanan/<month>/surat.pdf", "letter_file", letter_file)
page_names.known_as(monthly_letter="satudata_poster.letters")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [printed]
