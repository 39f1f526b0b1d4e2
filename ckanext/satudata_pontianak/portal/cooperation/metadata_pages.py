"""Metadata of many datasets: downloaded as one sheet, changed, looked at and taken over."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import flask
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...jepin.described import bringing
from ...jepin.records import kept_file, list_file
from ...msgids import N_
from ...sop.files import official_files
from ..web import call, form_page
from ..web.form_page import APPLY, Road, field
from ..web.request_forms import closed
from . import bring_page

data = flask.Blueprint("satudata_metadata", __name__)
PAGE = "/satudata/metadata"
ACTION = "satudata_metadata_import"
KIND = "metadata"
CHECKED = "checked"
"""Of a form: the hash of the file that was looked at, in the place of the file."""
GONE = N_("The file that was looked at is no longer kept. Choose it again.")


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
        "found": attempt.result and attempt.result[0],
        "checked": attempt.result and attempt.result[1],
        "agencies": mine,
        "most": bringing.MOST,
        "minutes": kept_file.SECONDS // 60,
    }
    status = 200 if attempt.done else attempt.status
    return closed(tk.render("satudata/cooperation/metadata.html", shown), status)


def _road() -> Road:
    def send(values: Mapping[str, Any]) -> tuple[Any, str]:
        filename, content = _sent(values.get("upload"))
        upload = FileStorage(io.BytesIO(content), filename=filename) if content else None
        found = call.call(ACTION, upload=upload, apply=values.get("apply") == APPLY)
        if found["applied"]:
            kept_file.forget(_author(), KIND)
            return found, ""
        return found, kept_file.keep(_author(), KIND, filename, content)

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


def _sent(upload: Any) -> tuple[str, bytes]:
    """Return the file that came, or the one that this person had looked at before.

    :raises ckan.plugins.toolkit.ValidationError: that one is not kept.
    """
    digest = flask.request.form.get(CHECKED, "")
    if upload is None and digest:
        kept = kept_file.find(_author(), KIND, digest)
        if kept is None:
            raise tk.ValidationError({"upload": [tk._(GONE)]})
        return kept
    if upload is None:
        return "", b""
    content, filename = list_file.sent(upload)
    return filename, content


def _author() -> str:
    return str(getattr(tk.current_user, "id", "") or "")


def remarks(checked: str) -> Any:
    """Give the sheet that the reader had looked at, with what is wrong in its cells."""
    if not call.logged_in():
        return call.log_in()
    bring_page.refuse(ACTION)
    kept = kept_file.find(_author(), KIND, checked)
    if kept is None:
        return tk.abort(404, tk._(GONE))
    filename, content = kept
    asking = call.context()
    try:
        book = bringing.remarked(content, filename, asking, registry.current_actor())
    except tk.ValidationError:
        return tk.abort(404, tk._(GONE))
    response = flask.Response(book, mimetype=official_files.TYPES["xlsx"])
    response.headers["Content-Disposition"] = 'attachment; filename="metadata-catatan.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


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
data.add_url_rule(f"{PAGE}/catatan/<checked>", "remarks", remarks)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of these pages."""
    return [data]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_sees_metadata_sheet": satudata_sees_metadata_sheet}
