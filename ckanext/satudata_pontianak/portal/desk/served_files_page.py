"""What the check found in the files that are served now, with or without an open case."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ..classification import scans_shown
from . import answers, asking, roads, side_roads
from .answers import Said


def page(id: str) -> Any:
    """Show what was found in the served files, and take what somebody says of it."""
    if not asking.logged_in():
        return asking.log_in()
    dataset = asking.dataset(id)
    if not side_roads.may_look(dataset["id"]):
        text = tk._(
            "The findings in the served files are for Walidata, PPID and the owner agency's admins."
        )
        return roads.closed(dataset, text)
    if flask.request.method != "POST":
        return _draw(dataset)
    status, said = answers.say(
        dataset["id"], scans_shown.served_scans(dataset["id"]), flask.request.form
    )
    if said is not None:
        return _draw(dataset, said, status)
    tk.h.flash_success(tk._("What you said of the finding is recorded."))
    return tk.redirect_to("satudata.served", id=dataset["name"])


def _draw(dataset: dict[str, Any], said: Said | None = None, status: int = 200) -> Any:
    found = scans_shown.served_scans(dataset["id"])
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "scans": found,
        "names": {resource["id"]: resource for resource in dataset.get("resources", ())},
        "holds": asking.shown(dataset["id"])["holds"],
        "roads": side_roads.roads(dataset["id"]),
        "may_resolve": side_roads.may_resolve(dataset, without_case=True),
        "said": said or Said(),
    }
    return flask.make_response(tk.render("satudata/served.html", shown), status)


def register(portal: flask.Blueprint) -> None:
    """Add the page of what is served."""
    both = ["GET", "POST"]
    portal.add_url_rule("/satudata/berkas/<id>/tersaji", "served", page, methods=both)
