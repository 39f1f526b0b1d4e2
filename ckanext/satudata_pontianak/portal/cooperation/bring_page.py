"""A list that somebody brings: its page, what would become of each row, and a sheet of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...jepin.rules.columns import Column
from ...sop.files import official_files
from ..smki.pages import called
from ..web import call, form_page
from ..web.form_page import APPLY, Road, field
from ..web.forms import Field
from ..web.request_forms import closed


@dataclass(frozen=True)
class Bring:
    """A list of one kind: its words, its columns, and the action that takes it.

    ``back`` and ``sheet``: the words and address of the page of the lines, and of the list as it
    stands. ``entry``: what a row is of.
    """

    action: str
    title: str
    intro: str
    columns: Collection[Column]
    back: tuple[str, str]
    sheet: tuple[str, str]
    entry: str
    fields: Sequence[Field] = ()


def show(bring: Bring) -> Any:
    """Show the form of a list, and what would become of each of its rows, or became."""
    refuse(bring.action)
    road = _road(bring)
    attempt = form_page.travel(road)
    shown = {
        "bring": bring,
        "road": road,
        "fields": road.fields if attempt.done else attempt.fields,
        "errors": attempt.errors,
        "found": attempt.result,
    }
    status = 200 if attempt.done else attempt.status
    return closed(tk.render("satudata/cooperation/bring.html", shown), status)


def refuse(action: str) -> None:
    """Answer who brings no lists as the action does."""
    try:
        tk.check_access(action, call.context(), {})
    except tk.NotAuthorized as refusal:
        tk.abort(403, str(refusal.message or ""))


def _road(bring: Bring) -> Road:
    def send(values: Mapping[str, Any]) -> Any:
        asked = {**values, "apply": values.get("apply") == APPLY}
        return call.call(bring.action, **asked)

    return Road(
        title=bring.title,
        intro=bring.intro,
        button=tk._("Go on"),
        fields=[*bring.fields, field("upload", "file", tk._("File")), form_page.look_first()],
        call=send,
    )


def whole(action: str, most: int, part: int, **asked: Any) -> list[Mapping[str, Any]]:
    """Return everything that an action lists for the reader, part by part.

    :param most: rows that are wanted at all.
    :param part: rows that the action gives at once.
    """
    found: list[Mapping[str, Any]] = []
    for offset in range(0, most, part):
        page = called(action, limit=part, offset=offset, **asked)["results"]
        found += page
        if len(page) < part:
            break
    return found[:most]


def book(table: Mapping[str, Any], filename: str) -> flask.Response:
    """Return a table as a workbook for one reader alone."""
    response = flask.Response(official_files.workbook(table), mimetype=official_files.TYPES["xlsx"])
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
