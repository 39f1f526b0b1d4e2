"""Document control of the SOPs, for who carries a role of information security."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.reading.problems import CLOSED
from ...msgids import N_
from ...sop import printed_set
from ...sop.revisions import store
from ...surface import page_names
from ..offices import scans
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.request_forms import closed
from .pages import HOME

control = flask.Blueprint("satudata_sop_control", __name__)

STEPS: Mapping[str, tuple[str, str, str]] = {
    "draft": (
        "satudata_sop_revision_create",
        N_("Draft a revision"),
        N_(
            "The rows of today are kept with it. Somebody else checks it, and a third one approves."
        ),
    ),
    "check": (
        "satudata_sop_revision_check",
        N_("Record it as checked"),
        N_("Compare the document with how the work is done. Never by who drafted it."),
    ),
    "approve": (
        "satudata_sop_revision_approve",
        N_("Approve with the signed paper"),
        N_("The number, the days and the scan of the paper that was signed. Its hash is kept."),
    ),
    "review": (
        "satudata_sop_revision_review",
        N_("Record it as reviewed"),
        N_("It was looked at in its year and is still right."),
    ),
    "acknowledge": (
        "satudata_sop_acknowledge",
        N_("I have read this revision"),
        N_("Who read it is listed."),
    ),
}


def _of(name: str = "") -> list[dict[str, Any]]:
    asked = {"name": name} if name else {}
    try:
        return call.call("satudata_sop_control_list", **asked)
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or ""))
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("There is no such SOP."))


def index() -> Any:
    """List the SOPs with how each stands."""
    if not call.logged_in():
        return call.log_in()
    return closed(tk.render("satudata/smki/sop_list.html", {"documents": _of()}))


def show(name: str) -> Any:
    """Show the revisions of an SOP, where practice differs, and what the reader may do."""
    if not call.logged_in():
        return call.log_in()
    (document,) = _of(name)
    steps = [(step, tk._(STEPS[step][1])) for step, _ in _open(document)]
    shown = {"document": document, "steps": steps}
    return closed(tk.render("satudata/smki/sop_control.html", shown))


def step(name: str, step: str) -> Any:
    """Take a step of a revision."""
    if not call.logged_in():
        return call.log_in()
    (document,) = _of(name)
    ids = dict(_open(document))
    if step not in STEPS or step not in ids:
        return tk.abort(404, tk._("This step cannot be taken now."))
    road = _road(step, name, ids[step])
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_sop_control.show", name=name)
    shown = {"document": document, "road": road, "step": step}
    said = {"fields": attempt.fields, "errors": attempt.errors}
    return closed(tk.render("satudata/smki/sop_step.html", {**shown, **said}), attempt.status)


def printed() -> Any:
    """Give the whole set as one PDF: cover, decree, lists, documents, readers."""
    if not call.logged_in():
        return call.log_in()
    response = flask.Response(printed_set.pdf(_of()), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="sop.pdf"'
    response.headers["Cache-Control"] = CLOSED
    return response


def paper(name: str, revision: int) -> Any:
    """Send the signed paper of a revision."""
    if not call.logged_in():
        return call.log_in()
    (document,) = _of(name)
    ids = [each["id"] for each in document["revisions"] if each["revision"] == revision]
    content = store.paper_of(ids[0]) if ids else None
    if content is None:
        return tk.abort(404, tk._("Paper not found"))
    return scans.send(content, f"{name}-{revision}.pdf")


def _open(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the steps that the reader may take, each with the revision that it is on."""
    found = [("draft", "")] if document["may_draft"] else []
    return found + [(s, r["id"]) for r in document["revisions"] for s in r["steps"]]


def _road(step: str, name: str, id: str) -> Road:
    action, title, intro = STEPS[step]
    about = {"id": id} if id else {"name": name}
    fields = []
    if step == "approve":
        fields = [
            field("nomor", "line", tk._("Number of the SOP"), max_length=200),
            field("made", "date", tk._("Date made")),
            field("effective", "date", tk._("In force from")),
            field("office", "line", tk._("Office of who signed"), max_length=200),
            field("person", "line", tk._("Name of who signed"), max_length=200),
            field("nip", "line", tk._("NIP"), max_length=30, required=False),
            field("scan", "file", tk._("Signed paper"), help=tk._("A PDF of at most 10 MB.")),
        ]
    return Road(
        title=tk._(title),
        intro=tk._(intro),
        button=tk._(title),
        fields=fields,
        call=lambda values: call.call(action, **values, **about),
        done=tk._("Recorded; it stands in the ledger."),
    )


PAGE = f"{HOME}/sop"
control.add_url_rule(PAGE, "index", index)
control.add_url_rule(f"{PAGE}.pdf", "printed", printed)
control.add_url_rule(f"{PAGE}/<name>", "show", show)
control.add_url_rule(f"{PAGE}/<name>/<int:revision>.pdf", "paper", paper)
control.add_url_rule(f"{PAGE}/<name>/<step>", "step", step, methods=["GET", "POST"])
page_names.known_as(sop_control="satudata_sop_control.index")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [control]
