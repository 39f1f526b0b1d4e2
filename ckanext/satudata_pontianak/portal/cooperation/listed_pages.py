"""A list of many datasets, looked at on a page before ``satudata publish`` brings it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import config
from ...agencies import registry
from ...bulk import round_trip
from ...jepin.described import bringing, listed
from ...jepin.records import kept_file
from ...sop.files import official_files
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.request_forms import closed
from . import bring_page

data = flask.Blueprint("satudata_listed", __name__)
PAGE = "/satudata/banyak-dataset"
ACTION = "satudata_metadata_import"
"""Who may call it publishes for an agency: the same people bring lists."""
KIND = "listed"


def check() -> Any:
    """Show the form of a list, and what is to be done in which of its cells."""
    if not call.logged_in():
        return call.log_in()
    bring_page.refuse(ACTION)
    road = _road()
    attempt = form_page.travel(road)
    found, checked, name = attempt.result or (None, "", "")
    shown = {
        "road": road,
        "fields": road.fields if attempt.done else attempt.fields,
        "errors": attempt.errors,
        "found": found,
        "checked": checked,
        "command": f"satudata publish {shlex.quote(name)} --url {config.site_url()}",
    }
    status = 200 if attempt.done else attempt.status
    return closed(tk.render("satudata/cooperation/listed.html", shown), status)


def _road() -> Road:
    def send(values: Mapping[str, Any]) -> tuple[Mapping[str, Any], str, str]:
        upload = values.get(listed.LIST)
        found, book = listed.look(upload, values.get(listed.FILES), registry.current_actor())
        name = str(getattr(upload, "filename", "") or "")
        return found, kept_file.keep(_author(), KIND, name, book), name

    return Road(
        title=tk._("Check a list of many datasets"),
        intro=tk._(
            "A row is a dataset, a column a field; the column “Data file” names its file. Every "
            "row and cell is checked, and nothing is written."
        ),
        button=tk._("Check the list"),
        fields=[
            field(listed.LIST, "file", tk._("List (XLSX, CSV or JSONL)")),
            field(listed.FILES, "file", tk._("Files that it names (ZIP)"), required=False),
        ],
        call=send,
    )


def _author() -> str:
    return str(getattr(tk.current_user, "id", "") or "")


def form() -> Any:
    """Give a list without a row as a workbook: its columns, and what may be picked."""
    if not call.logged_in():
        return call.log_in()
    bring_page.refuse(ACTION)
    agencies = listed.agencies_of(registry.current_actor())
    return _book(round_trip.blank(tk._, bringing.licences(), agencies), "daftar.xlsx")


def _book(content: bytes, filename: str) -> flask.Response:
    response = flask.Response(content, mimetype=official_files.TYPES["xlsx"])
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def remarks(checked: str) -> Any:
    """Give the list that the reader had looked at, with remarks in its cells."""
    if not call.logged_in():
        return call.log_in()
    bring_page.refuse(ACTION)
    kept = kept_file.find(_author(), KIND, checked)
    if kept is None:
        return tk.abort(404, tk._("The list that was looked at is no longer kept. Check it again."))
    return _book(kept[1], "daftar-catatan.xlsx")


data.add_url_rule(PAGE, "check", check, methods=["GET", "POST"])
data.add_url_rule(f"{PAGE}/daftar.xlsx", "form", form)
data.add_url_rule(f"{PAGE}/catatan/<checked>", "remarks", remarks)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of these pages."""
    return [data]
