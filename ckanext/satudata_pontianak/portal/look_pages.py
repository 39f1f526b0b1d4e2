"""First rows of a waiting file, for exactly those who may have its bytes; all cells on demand."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ..access import reading, views
from ..agencies import registry
from ..classification import first_rows
from ..disclosure.readers.base import ReadError
from ..disclosure.reasons import explain
from . import asking
from .request_forms import closed

pages = flask.Blueprint("satudata_look", __name__)

PART = "bagian"
"""Asked for by a page that shows the rows in place."""


def show(version_id: str) -> Any:
    """Show the first rows; cells in which the check found something are covered."""
    return _show(version_id, revealed=False)


def reveal(version_id: str) -> Any:
    """Show the first rows with every cell."""
    return _show(version_id, revealed=True)


def _show(version_id: str, *, revealed: bool) -> Any:
    if not asking.logged_in():
        return asking.log_in()
    version, facts, pointer = views.found_version(version_id)
    answer, is_open = views.admitted(version, facts, pointer, door="look")
    look, problem = None, ""
    try:
        look = first_rows.look(version, revealed=revealed)
    except ReadError as error:
        problem = explain(error.reason.code, tk._)
    except FileNotFoundError:
        problem = tk._("The bytes of this file are not here.")
    if look is not None and not is_open:
        # As a download is: whoever sees rows of what is not open has read them.
        what = {"version": version.id, "sha256": version.sha256}
        actor = registry.current_actor()
        how = "look.revealed" if revealed else "look"
        reading.record(actor, answer, version.package_id, what, by=how)
    package = model.Package.get(version.package_id)
    shown = {
        "look": look,
        "problem": problem,
        "version": version.id,
        "file": version.filename,
        "revealed": revealed,
        "case": package.name if package else version.package_id,
    }
    part = flask.request.args.get(PART) == "1"
    name = "satudata/snippets/look_table.html" if part else "satudata/look.html"
    return closed(tk.render(name, shown))


BASE = "/satudata/versi/<version_id>/isi"
pages.add_url_rule(BASE, "show", show, methods=["GET"])
pages.add_url_rule(BASE, "reveal", reveal, methods=["POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [pages]
