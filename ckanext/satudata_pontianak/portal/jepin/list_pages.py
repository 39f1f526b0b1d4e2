"""The list of apps as a whole: look at a sheet, take it over, get it back to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...sop.files import official_files
from ..smki.pages import called
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from ..web.request_forms import closed

lists = flask.Blueprint("satudata_app_lists", __name__)
PAGE = "/satudata/layanan"
LOOK, APPLY = "look", "apply"
WIDTHS = (24,) * 26


def bring() -> Any:
    """Show the form of a list, and what each of its rows would become."""
    if not call.logged_in():
        return call.log_in()
    refused = _refused()
    if refused is not None:
        return refused
    road = _road()
    attempt = form_page.travel(road)
    found: Mapping[str, Any] | None = attempt.result
    shown = {
        "road": road,
        "fields": road.fields if attempt.done else attempt.fields,
        "errors": attempt.errors,
        "found": found,
    }
    status = 200 if attempt.done else attempt.status
    return closed(tk.render("satudata/jepin/app_list.html", shown), status)


def _refused() -> Any:
    try:
        tk.check_access("satudata_jepin_sheet", call.context(), {})
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or ""))
    return None


def _road() -> Road:
    actor = registry.actor_from_context(call.context())
    bodies = registry.load_agencies()
    agencies = [
        Choice(bodies[id_].name, bodies[id_].title)
        for id_ in sorted(actor.publishes_for, key=lambda id_: bodies[id_].title)
        if id_ in bodies
    ]

    def send(values: Mapping[str, Any]) -> Any:
        asked = {**values, "apply": values.get("apply") == APPLY}
        return call.call("satudata_jepin_import", **asked)

    return Road(
        title=tk._("Bring a list of apps"),
        intro=tk._(
            "A workbook or CSV as the sheet below has it, or the menu of the city's app "
            "(menu_services) as CSV or JSON. Look first: nothing is written, and every row says "
            "what it would become. New apps wait as drafts without a classification."
        ),
        button=tk._("Go on"),
        fields=[
            field("upload", "file", tk._("File")),
            field(
                "agency",
                "choice",
                tk._("Agency of rows that name none"),
                choices=agencies,
                required=False,
            ),
            field(
                "apply",
                "choice",
                tk._("What to do"),
                choices=[Choice(LOOK, tk._("Look only")), Choice(APPLY, tk._("Take it over"))],
                value=LOOK,
            ),
        ],
        call=send,
    )


def sheet() -> Any:
    """Give the apps that the reader may change as a workbook."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_jepin_sheet")
    table = {
        "caption": tk._("Apps"),
        "heads": found["headings"],
        "rows": found["rows"],
        "widths": WIDTHS,
    }
    response = flask.Response(official_files.workbook(table), mimetype=official_files.TYPES["xlsx"])
    response.headers["Content-Disposition"] = 'attachment; filename="aplikasi.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


lists.add_url_rule(f"{PAGE}/daftar", "bring", bring, methods=["GET", "POST"])
lists.add_url_rule(f"{PAGE}/aplikasi.xlsx", "sheet", sheet)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of the list of apps."""
    return [lists]
