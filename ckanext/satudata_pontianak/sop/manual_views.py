"""The manual of information-security management, as a page and as files."""

from __future__ import annotations

from typing import Any

import flask
from markupsafe import Markup

import ckan.plugins.toolkit as tk

from ..access.reading.problems import CLOSED
from ..agencies import registry
from ..classification.rules import indonesian
from ..ledger.canonical import digest_of
from ..msgids import N_
from ..smki.records import roles
from ..smki.rules.definition import smki
from ..surface.pages import page
from . import readers
from .documents import library
from .documents.definition import definitions
from .files import kept, official_files, official_word
from .papers.manual import manual_paper

WRITERS = {"pdf": official_files.pdf, "docx": official_word.docx}
manual_pages = flask.Blueprint("satudata_sop_manual", __name__)


def _paper() -> tuple[dict[str, Any], bool]:
    """Return the manual as its reader gets it, and whether it is the whole one."""
    actor = registry.current_actor()
    inside = roles.inside(actor)
    documents = {name: library.documents()[name] for name in readers.names(actor)}
    made = manual_paper(
        smki(),
        documents,
        inside=inside,
        institution=definitions().sop.institution,
        translate=indonesian.translator(),
    )
    return made, inside


def show() -> Any:
    """Show the manual."""
    paper, inside = _paper()
    shown = {
        "paper": paper,
        "inside": inside,
        "part": Markup(official_files.part(paper)),  # noqa: S704
        "style": Markup(official_files.style()),  # noqa: S704
    }
    response = flask.make_response(tk.render("satudata/manual.html", shown))
    if inside:
        response.headers["Cache-Control"] = CLOSED
    return response


def file(form: str) -> Any:
    """Give the manual as a file."""
    paper, inside = _paper()
    said = kept.Said(digest_of(["manual", form, paper]), lambda: WRITERS[form](paper))
    response = flask.Response(kept.written(said), mimetype=official_files.TYPES[form])
    named = f'inline; filename="manual-smki.{form}"'
    response.headers["Content-Disposition"] = named
    response.headers["Cache-Control"] = CLOSED if inside else "no-cache"
    response.set_etag(said.digest)
    return response.make_conditional(flask.request)


PAGE = "/satudata/keamanan/manual"
manual_pages.add_url_rule(
    PAGE,
    "show",
    page(show, light=True, about=N_("The manual of information security in six chapters.")),
)
for _form in WRITERS:
    manual_pages.add_url_rule(f"{PAGE}.{_form}", "file", file, defaults={"form": _form})


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [manual_pages]
