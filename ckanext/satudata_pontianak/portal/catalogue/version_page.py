"""The page that shows two versions of a dataset side by side, without JavaScript."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.reading import serving
from ...classification.versions import cells
from ...surface.pages import page
from ..web import call

ASKED = {"before": "lama", "after": "baru", "resource": "berkas"}
"""Argument of the action → parameter of the address."""
of_versions = flask.Blueprint("satudata_versions", __name__)


def show(id: str) -> Any:
    """Show what differs between two versions; without a word in the address the last two."""
    dataset = call.dataset(id)
    named = {key: flask.request.args.get(word, "") for key, word in ASKED.items()}
    try:
        listed = call.call("satudata_version_list", id=dataset["id"])
    except tk.ObjectNotFound:  # of a type that nobody decides on
        return tk.abort(404, tk._("Dataset not found"))
    compared = None
    if listed["count"] > 1:
        try:
            compared = call.call("satudata_version_compare", id=dataset["id"], **named)
        except tk.ObjectNotFound:
            return tk.abort(404, tk._("There is no such version of this dataset."))
    elif any(named.values()):
        return tk.abort(404, tk._("There is no such version of this dataset."))
    if not tk.h.satudata_is_open(dataset):
        serving.keep_private()
    return tk.render(
        "satudata/versions.html",
        {
            "pkg_dict": dataset,
            "dataset_type": dataset["type"],
            "versions": listed["results"],
            "compared": compared,
            "shown_cells": cells.SHOWN_CELLS,
            "shown_rows": cells.SHOWN_ROWS,
        },
    )


of_versions.add_url_rule("/dataset/<id>/versi", "show", view_func=page(show, light=True))


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of this page."""
    return [of_versions]
