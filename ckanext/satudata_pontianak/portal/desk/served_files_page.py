"""What the check found in the files that are served now, with or without an open case."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...classification.cases import show_scans
from ..web import call, form_page
from . import findings_form, holds
from .findings_form import Said


def page(id: str) -> Any:
    """Show what was found in the served files, and take what somebody says of it."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    if not holds.may_look(dataset["id"]):
        text = tk._(
            "The findings in the served files are for Walidata, PPID and the owner agency's admins."
        )
        return form_page.closed(dataset, text)
    if flask.request.method != "POST":
        return _draw(dataset)
    status, said = findings_form.say(
        dataset["id"], show_scans.served_scans(dataset["id"]), flask.request.form
    )
    if said is not None:
        return _draw(dataset, said, status)
    tk.h.flash_success(tk._("What you said of the finding is recorded."))
    return tk.redirect_to("satudata.served", id=dataset["name"])


def _draw(dataset: dict[str, Any], said: Said | None = None, status: int = 200) -> Any:
    found = show_scans.served_scans(dataset["id"])
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "scans": found,
        "names": {resource["id"]: resource for resource in dataset.get("resources", ())},
        "holds": call.shown(dataset["id"])["holds"],
        "roads": holds.roads(dataset["id"]),
        "may_resolve": holds.may_resolve(dataset, without_case=True),
        "said": said or Said(),
    }
    return flask.make_response(tk.render("satudata/served.html", shown), status)


def register(portal: flask.Blueprint) -> None:
    """Add the page of what is served."""
    both = ["GET", "POST"]
    portal.add_url_rule("/satudata/berkas/<id>/tersaji", "served", page, methods=both)
