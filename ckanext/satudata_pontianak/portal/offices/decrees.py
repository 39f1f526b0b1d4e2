"""Decrees (SK) on a page: who may records one, with its scan; the scan goes to the same few."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import decrees as kept
from ...agencies import registry
from ...agencies.changes import decree_actions
from ...agencies.rules import decree
from ...surface.decrees import decrees as bounds
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from . import scans

decrees = flask.Blueprint("satudata_decrees", __name__)


def satudata_may_see_decrees() -> bool:
    """Tell whether the reader sees recorded decrees, and may record one."""
    if not call.logged_in():
        return False
    actor = registry.actor_from_context(call.context())
    return decree.watches(actor) or bool(actor.administers)


def satudata_decree_choices(agency: str | None = None) -> list[Choice]:
    """Return the decrees that a change of an agency can name, the latest first.

    :param agency: its id or name; a new one has none yet.
    """
    if not satudata_may_see_decrees():
        return []
    known = {"organization": agency} if registry.agency(agency) else {}
    return [
        Choice(item["nomor_sk"], f"{tk.h.satudata_day(item['day'])}: {item['about']}")
        for item in call.call("satudata_decree_list", **known)
        if known or item["organization"] is None
    ]


def _bodies() -> tuple[list[Choice], bool]:
    """Return the agencies that the reader records decrees for, and whether the city is one."""
    actor = registry.actor_from_context(call.context())
    found = [
        Choice(a.name, a.title)
        for a in registry.load_agencies().values()
        if decree.may_record(actor, a.id)
    ]
    city = decree.may_record(actor, None)
    return sorted(found, key=lambda choice: choice.label.casefold()), city


def _road() -> Road | None:
    bodies, city = _bodies()
    if not bodies and not city:
        return None
    limit = bounds().scan_bytes // 1_000_000
    return Road(
        title=tk._("Record a decree"),
        intro=tk._(
            "A change of duties, of members or of the parent of an agency, and a delegation name "
            "the number of a decree that is recorded here."
        ),
        button=tk._("Record"),
        fields=[
            field("nomor_sk", "line", tk._("Decree number (SK)"), max_length=bounds().number),
            field("day", "date", tk._("Day of the decree")),
            field("about", "line", tk._("What it decides"), max_length=bounds().about),
            field(
                "organization",
                "choice",
                tk._("Agency"),
                help=tk._("Leave it open for a decree about the whole city.") if city else "",
                choices=bodies,
                required=not city,
            ),
            field(
                "scan",
                "file",
                tk._("Scan"),
                help=tk._(
                    "A PDF of at most {megabytes} MB. It is never public: Walidata, the auditor, "
                    "system administrators and the admins of its agency can have it."
                ).format(megabytes=limit),
            ),
        ],
        call=lambda values: call.call("satudata_decree_create", **values),
        done=tk._("The decree is recorded: its number can be named now."),
    )


def index() -> Any:
    """Show the recorded decrees, and record another one."""
    if not call.logged_in():
        return call.log_in()
    if not satudata_may_see_decrees():
        return tk.abort(
            403,
            tk._(
                "Decrees are for Walidata, the auditor, system administrators and the admins "
                "of an agency"
            ),
        )
    road = _road()
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_decrees.index")
    first = flask.request.args.get("offset", "")
    offset = int(first) if first.isascii() and first.isdigit() and len(first) < 7 else 0
    items = call.call("satudata_decree_list", offset=offset)
    shown = {
        "items": items,
        "after": offset + len(items) if len(items) == decree_actions.MOST else None,
        "road": road,
        "fields": attempt.fields,
        "errors": attempt.errors,
    }
    return flask.make_response(tk.render("satudata/decrees.html", shown), attempt.status)


def scan(id: str) -> Any:
    """Send the scan of a decree to whoever may see decisions on memberships of its agency."""
    if not call.logged_in():
        return call.log_in()
    actor = registry.actor_from_context(call.context())
    try:
        row = decree_actions.found(actor, id, to_read=True)
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Decree not found"))
    content = kept.scan_of(row)
    if content is None:
        return tk.abort(404, tk._("Decree not found"))
    return scans.send(content, f"sk-{row.day.isoformat()}-{row.id[:8]}.pdf")


decrees.add_url_rule(kept.PAGE, "index", index, methods=["GET", "POST"])
decrees.add_url_rule(f"{kept.PAGE}/<id>/pindaian.pdf", "scan", scan, methods=["GET"])


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {
        "satudata_may_see_decrees": satudata_may_see_decrees,
        "satudata_decree_choices": satudata_decree_choices,
    }


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [decrees]
