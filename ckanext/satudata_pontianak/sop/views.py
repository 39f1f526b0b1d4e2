"""Pages of the SOPs, for everyone: UU 14/2008 Article 11 makes procedures public."""

from __future__ import annotations

from typing import Any

import flask
from markupsafe import Markup

import ckan.plugins.toolkit as tk

from ..access.reading.problems import CLOSED
from ..agencies import registry
from ..agencies.rules.duties import Actor
from ..msgids import N_
from ..surface import page_names
from ..surface.pages import page
from . import readers
from .documents import library, unconfirmed
from .files import sheets

FILES = ("pdf", "docx", "json")
sop = flask.Blueprint("satudata_sop", __name__)


def index() -> str:
    """List the SOPs."""
    shown = {
        "documents": [library.shown(name) for name in readers.names(_reader())],
        "unconfirmed": _unconfirmed(),
    }
    return tk.render("satudata/sop_index.html", shown)


def _reader() -> Actor:
    return registry.current_actor()


def _unconfirmed() -> list[dict[str, str]]:
    """Return what somebody with a duty is to confirm; nothing for others, who see a mark."""
    user: Any = tk.current_user
    if not user.is_authenticated or not registry.actor_from_context({"user": user.name}).duties:
        return []
    return [
        {"text": fact.text, "known": tk._(unconfirmed.SOURCES[fact.status])}
        for fact in unconfirmed.facts()
    ]


def show(name: str) -> str:
    """Show one SOP as it would be printed."""
    document = _shown(name)
    parts = {"part": Markup(sheets.part(document)), "style": Markup(sheets.style())}  # noqa: S704
    return tk.render("satudata/sop.html", {"document": document, "files": FILES, **parts})


def file(name: str, form: str) -> Any:
    """Give one SOP as a file. Its ETag changes with what stands in it, and only then."""
    document = _shown(name)
    response = flask.Response(library.written(name, form), mimetype=library.TYPES[form])
    if form != "json":
        named = f'inline; filename="{document["code"]}-{name}.{form}"'
        response.headers["Content-Disposition"] = named
    response.set_etag(library.mark(name, form))
    # A copy may be kept, and is asked for each time whether it is still right. Pages are no such
    # files: each carries a token of its own.
    response.headers["Cache-Control"] = "no-cache" if document["public"] else CLOSED
    return response.make_conditional(flask.request)


def _shown(name: str) -> dict[str, Any]:
    if not readers.sees(_reader(), name):
        return tk.abort(404, tk._("There is no such SOP."))
    return library.shown(name)


sop.add_url_rule(
    "/satudata/sop",
    "index",
    page(
        index, light=True, about=N_("The standard operating procedures that the portal enforces.")
    ),
)
sop.add_url_rule("/satudata/sop/<name>", "show", page(show, light=True))
for _form in FILES:
    sop.add_url_rule(f"/satudata/sop/<name>.{_form}", "file", file, defaults={"form": _form})


page_names.known_as(sops="satudata_sop.index")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this room."""
    return [sop]
