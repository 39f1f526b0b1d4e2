"""Signed papers on a page: what is missing, bring it, and have it where one may."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...access.hidden import signed_papers as kept
from ...access.papers import paper_actions
from ...access.reading import removals
from ...access.reading.removals import Removal
from ...agencies import registry, words
from ...agencies.rules import decree
from ...agencies.rules.duties import Actor
from ...surface.decrees import decrees as bounds
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from . import scans

papers = flask.Blueprint("satudata_papers", __name__)


def satudata_may_bring_papers() -> bool:
    """Tell whether the reader brings signed papers."""
    return call.logged_in() and kept.may_bring(registry.actor_from_context(call.context()))


def satudata_signed_paper(number: str | None) -> dict[str, Any] | None:
    """Return hash and size of the paper of a number; its address for who may have it."""
    row = kept.of_number(number)
    if row is None:
        return None
    reads = kept.may_read(registry.actor_from_context(call.context()))
    address = tk.h.url_for("satudata_papers.paper", id=row.id) if reads else None
    return {"sha256": row.sha256, "size": row.size, "url": address}


def refused_file(sent: Any) -> list[str]:
    """Return what speaks against the file that came with a step; it may be read again after."""
    wrong = decree.scan_objections(paper_actions.read_scan(sent))
    sent.stream.seek(0)
    errors: Any = words.refused(wrong).error_dict if wrong else {"scan": []}
    return list(errors["scan"])


def _road(items: list[dict[str, Any]]) -> Road:
    waiting = [item for item in items if not item["paper"]] + [i for i in items if i["paper"]]
    megabytes = bounds().scan_bytes // 1_000_000
    return Road(
        title=tk._("Bring a signed paper"),
        intro=tk._(
            "The scan of the signed paper, or the PDF with an electronic signature. One serves "
            "everything that was decided under its number."
        ),
        button=tk._("Upload"),
        fields=[
            field(
                "nomor",
                "choice",
                tk._("Decision number"),
                choices=[
                    Choice(i["nomor"], f"{i['nomor']} ({tk.h.satudata_day(i['day'])})")
                    for i in waiting
                ],
            ),
            field(
                "scan",
                "file",
                tk._("Signed paper"),
                help=tk._(
                    "A PDF of at most {megabytes} MB. It is never public: PPID, its superior and "
                    "the auditor can have it."
                ).format(megabytes=megabytes),
            ),
        ],
        call=lambda values: call.call("satudata_signed_paper_create", **values),
        done=tk._("The signed paper is kept; its hash stands in the ledger."),
    )


def _removals(actor: Actor) -> list[tuple[Removal, kept.Numbered]]:
    """Return removals with their records: what has no signed one comes first."""
    return [(removal, kept.numbered(removal)) for removal in removals.recent(actor)]


def index() -> Any:
    """Show which papers are there and which are missing; bring one.

    Papers of removals lead to their own page: nothing else does once the dataset is gone.
    """
    if not call.logged_in():
        return call.log_in()
    actor = registry.actor_from_context(call.context())
    lists = tk.h.check_access("satudata_signed_paper_list")
    if not lists and not kept.may_read_removals(actor):
        call.call("satudata_signed_paper_list")  # says in words why not
    items = call.call("satudata_signed_paper_list") if lists else []
    road = _road(items) if satudata_may_bring_papers() and items else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_papers.index")
    shown = {
        "items": items,
        "lists": lists,
        "removals": _removals(actor) if kept.may_read_removals(actor) else None,
        "today": days.today(),
        "road": road,
        "fields": attempt.fields,
        "errors": attempt.errors,
        "reads": kept.may_read(actor),
    }
    return flask.make_response(tk.render("satudata/signed_papers.html", shown), attempt.status)


def paper(id: str) -> Any:
    """Send a signed paper to PPID, its superior or the auditor; to others there is none."""
    if not call.logged_in():
        return call.log_in()
    content = kept.content_of(registry.actor_from_context(call.context()), id)
    if content is None:
        return tk.abort(404, tk._("Paper not found"))
    return scans.send(content, f"penetapan-{id[:8]}.pdf")


papers.add_url_rule(kept.PAGE, "index", index, methods=["GET", "POST"])
papers.add_url_rule(f"{kept.PAGE}/<id>.pdf", "paper", paper, methods=["GET"])


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {f.__name__: f for f in (satudata_may_bring_papers, satudata_signed_paper)}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [papers]
