"""Metadata of many datasets: downloaded as one sheet, changed, looked at and taken over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...jepin.described import bringing
from ...sop.files import official_files
from ..web import call, form_page
from ..web.form_page import APPLY, Road, field
from ..web.request_forms import closed
from . import bring_page

data = flask.Blueprint("satudata_metadata", __name__)
PAGE = "/satudata/metadata"
ACTION = "satudata_metadata_import"


def bring() -> Any:
    """Show the form of a sheet, and what each of its rows would change, or changed."""
    if not call.logged_in():
        return call.log_in()
    bring_page.refuse(ACTION)
    road = _road()
    attempt = form_page.travel(road)
    actor = registry.current_actor()
    agencies = registry.load_agencies()
    mine = sorted(
        (agencies[each] for each in actor.publishes_for if each in agencies),
        key=lambda each: each.title.casefold(),
    )
    shown = {
        "road": road,
        "fields": road.fields if attempt.done else attempt.fields,
        "errors": attempt.errors,
        "found": attempt.result,
        "agencies": mine,
        "most": bringing.MOST,
    }
    status = 200 if attempt.done else attempt.status
    return closed(tk.render("satudata/cooperation/metadata.html", shown), status)


def _road() -> Road:
    def send(values: Mapping[str, Any]) -> Any:
        return call.call(ACTION, upload=values.get("upload"), apply=values.get("apply") == APPLY)

    return Road(
        title=tk._("Change the metadata of many datasets"),
        intro=tk._(
            "Download the sheet, change cells, and bring it back. Look first: every row says what "
            "it would change. Nothing is changed while a row is wrong."
        ),
        button=tk._("Go on"),
        fields=[field("upload", "file", tk._("File")), form_page.look_first()],
        call=send,
    )


def sheet() -> Any:
    """Give the metadata of the datasets that the reader may edit as a workbook."""
    if not call.logged_in():
        return call.log_in()
    bring_page.refuse(ACTION)
    actor = registry.current_actor()
    name = flask.request.args.get("agency", "").replace("\x00", "").strip()
    agency = registry.agency(name) if name else None
    # An agency of others gives what an unknown one gives: none of theirs.
    of = None if not name else agency.id if agency else ""
    found = bringing.editable(call.context(), actor, of)
    response = flask.Response(bringing.workbook(found), mimetype=official_files.TYPES["xlsx"])
    response.headers["Content-Disposition"] = 'attachment; filename="metadata.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def satudata_sees_metadata_sheet() -> bool:
    """Tell whether the reader may change datasets by a sheet."""
    return call.may(ACTION)


data.add_url_rule(PAGE, "bring", bring, methods=["GET", "POST"])
data.add_url_rule(f"{PAGE}/metadata.xlsx", "sheet", sheet)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of these pages."""
    return [data]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_sees_metadata_sheet": satudata_sees_metadata_sheet}
