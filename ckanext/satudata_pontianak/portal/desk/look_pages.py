"""Rows of a waiting file, for exactly those who may have its bytes; covered cells on demand."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ...access import views
from ...access.reading import record
from ...agencies import registry
from ...classification.desk import first_rows
from ...disclosure.readers.base import ReadError
from ...disclosure.sentences import explain
from ..web import call
from ..web.request_forms import closed
from . import cell_words

LONGEST = 6
pages = flask.Blueprint("satudata_look", __name__)

PART = "bagian"
"""Asked for by a page that shows the rows in place."""
SHEET, ROW, COLUMN = "lembar", "baris", "kolom"
"""Which sheet, and from which row and column on: numbers from 1; what is none is the first."""


def show(version_id: str) -> Any:
    """Show the first rows; cells in which the check found something are covered."""
    return _show(version_id, revealed=False)


def reveal(version_id: str) -> Any:
    """Show the first rows with every cell."""
    return _show(version_id, revealed=True)


def _show(version_id: str, *, revealed: bool) -> Any:
    if not call.logged_in():
        return call.log_in()
    version, facts, pointer = views.found_version(version_id)
    answer, is_open = views.admitted(version, facts, pointer, door="look")
    look, problem = None, ""
    try:
        look = first_rows.look(version, _asked(), revealed=revealed)
    except ReadError as error:
        problem = explain(error.reason.code, tk._)
    except FileNotFoundError:
        problem = tk._("The bytes of this file are not here.")
    if look is not None and not is_open:
        # As a download is: whoever sees rows of what is not open has read them.
        what = {"version": version.id, "sha256": version.sha256}
        actor = registry.current_actor()
        how = "look.revealed" if revealed else "look"
        record.record(actor, answer, version.package_id, what, by=how)
    package = model.Package.get(version.package_id)
    shown = {
        "look": look,
        "ways": _ways(version.id, look) if look else {},
        "unknown": cell_words.of_look(look) if look else None,
        "problem": problem,
        "version": version.id,
        "file": version.filename,
        "revealed": revealed,
        "case": package.name if package else version.package_id,
    }
    part = flask.request.args.get(PART) == "1"
    name = "satudata/snippets/look_table.html" if part else "satudata/look.html"
    return closed(tk.render(name, shown))


def _asked() -> first_rows.Part:
    sheet = _number(SHEET)
    return first_rows.Part(sheet, (_number(ROW) or 1) - 1, (_number(COLUMN) or 1) - 1)


def _number(name: str) -> int | None:
    """Return a number from 1 that the address gives, ``None`` where it gives none."""
    said = flask.request.args.get(name, "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST else 0
    return number or None


def _ways(version_id: str, look: first_rows.Rows) -> dict[str, Any]:
    """Return the addresses of what else may be looked at: parts beside, above and below, sheets."""
    part = look.part

    def way(**change: int | None) -> str:
        place = {SHEET: part.sheet, ROW: part.row + 1, COLUMN: part.column + 1, **change}
        told = {name: number for name, number in place.items() if number and number > 1}
        if place[SHEET]:
            told[SHEET] = place[SHEET]
        return tk.url_for("satudata_look.show", version_id=version_id, **told)

    rows, columns = first_rows.ROWS, first_rows.COLUMNS
    more = part.column + len(look.columns) < look.all_columns
    return {
        "here": way(),
        "before": way(**{ROW: max(1, part.row + 1 - rows)}) if part.row else "",
        "after": way(**{ROW: part.row + 1 + rows}) if look.more_rows else "",
        "left": way(**{COLUMN: max(1, part.column + 1 - columns)}) if part.column else "",
        "right": way(**{COLUMN: part.column + 1 + columns}) if more else "",
        "sheets": [
            (name or tk._("Table without a name"), way(**{SHEET: number, ROW: 1, COLUMN: 1}))
            for number, name in enumerate(look.sheets, start=1)
            if name != look.sheet
        ],
    }


BASE = "/satudata/versi/<version_id>/isi"
pages.add_url_rule(BASE, "show", show, methods=["GET"])
pages.add_url_rule(BASE, "reveal", reveal, methods=["POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [pages]
