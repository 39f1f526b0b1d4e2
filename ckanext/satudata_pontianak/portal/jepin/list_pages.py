"""The list of apps as a whole: look at a sheet, take it over, get it back to change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...sop.files import official_files
from ..smki.pages import called
from ..web import call, form_page
from ..web.form_page import APPLY, Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed

lists = flask.Blueprint("satudata_app_lists", __name__)
PAGE = "/satudata/layanan"
ACCEPT, WITHOUT = "accept", "without_refused"
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
        "fields": _offered(form_page.again(road).fields, found) if found else attempt.fields,
        "errors": attempt.errors,
        "found": found,
    }
    status = 200 if attempt.done else attempt.status
    return closed(tk.render("satudata/jepin/app_list.html", shown), status)


def _offered(fields: Sequence[Field], found: Mapping[str, Any]) -> list[Field]:
    """Return the fields as they were filled in, with the entries that may be as the menu has."""
    chosen = next((f.value for f in fields if f.name == ACCEPT), None) or []
    differ = [
        Choice(row["name"], row["title"])
        for row in found["rows"]
        if row["outcome"] == "differs" or (row["name"] in chosen and not found["applied"])
    ]
    return [replace(f, choices=differ) if f.name == ACCEPT else f for f in fields]


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
        asked = {
            **values,
            "apply": values.get("apply") == APPLY,
            WITHOUT: bool(values.get(WITHOUT)),
        }
        return call.call("satudata_jepin_import", **asked)

    return Road(
        title=tk._("Bring a list of apps"),
        intro=tk._(
            "A workbook or CSV as the sheet below has it, or the menu of the city's app "
            "(menu_services) as CSV or JSON. Look first: nothing is written, and every row says "
            "what it would become. New apps wait as drafts without a classification. A list lands "
            "whole or not at all."
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
            form_page.look_first(),
            field(
                WITHOUT,
                "agencies",
                tk._("Rows that are refused"),
                choices=[Choice("true", tk._("Go on without the rows that are refused"))],
                required=False,
            ),
            field(
                ACCEPT,
                "agencies",
                tk._("Shall be as the menu has them"),
                help=tk._("People changed these since. What is not ticked stays as it is."),
                required=False,
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
        "rows": [found["help"], *found["rows"]],
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
