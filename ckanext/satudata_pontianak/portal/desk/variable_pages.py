"""The dictionary of a dataset: its columns, and a form for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...classification.rules import variables as rules
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice


def dictionary(id: str) -> Any:
    """Show the columns of the files that the reader may have, with what is said of each."""
    dataset = call.dataset(id)
    found = _listed(dataset)
    if found is None:
        return _closed(dataset)
    shown = {"pkg_dict": dataset, "dataset_type": dataset["type"], "found": found}
    return tk.render("satudata/variables.html", shown)


def _listed(dataset: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        return call.call("satudata_variable_list", id=dataset["id"])
    except tk.NotAuthorized:
        return None


def _closed(dataset: dict[str, Any]) -> Any:
    if not call.logged_in():
        return call.log_in()
    text = tk._("Only who may have a file reads what its columns are.")
    return form_page.closed(dataset, text)


def column(id: str, column: str) -> Any:
    """Show a column, or take what somebody says of it and go back to the list."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    found = _listed(dataset)
    if found is None:
        return _closed(dataset)
    if not found["may_say"]:
        text = tk._("Only who writes the dataset says what its columns are.")
        return form_page.closed(dataset, text)
    row = next((each for each in found["results"] if each["key"] == column), None)
    if row is None:
        return tk.abort(404, tk._("Not found"))
    road = _road(dataset, row)
    attempt = form_page.travel(road)
    if not attempt.done:
        return form_page.show(dataset, road, attempt)
    return flask.redirect(tk.url_for("satudata.variables", id=dataset["name"]), 303)


def _road(dataset: Mapping[str, Any], row: Mapping[str, Any]) -> Road:
    definition = rules.variables()
    public = [Choice(value, tk._(each.label)) for value, each in definition.public.items()]
    said = row["why"] or (rules.YES if row["public"] else None)
    fields = [
        field(
            "public",
            "choice",
            tk._("May everybody have it?"),
            required=False,
            help=tk._(
                "With no, a file that holds the column is not opened. What is open already stays "
                "open until a new decision: have it held back."
            ),
            choices=public,
            value=said,
        ),
        *(
            field(
                name,
                "choice" if spec.choices else "line" if spec.most < 1000 else "text",
                tk._(spec.label),
                required=False,
                help=tk._(spec.help) if spec.help else "",
                max_length=None if spec.choices else spec.most,
                choices=[Choice(code, tk._(each.label)) for code, each in spec.choices.items()],
                value=row[name] or None,
            )
            for name, spec in definition.fields.items()
        ),
    ]
    return Road(
        screen="variables",
        title=tk._("Column '%(column)s'") % {"column": row["name"]},
        intro=tk._("What is said holds for every file of the dataset that has this column."),
        button=tk._("Save"),
        fields=fields,
        links=[
            (
                tk._("All columns of the dataset"),
                tk.url_for("satudata.variables", id=dataset["name"]),
            )
        ],
        call=lambda values: _say(dataset["id"], row["name"], values),
        done=tk._("It is saved."),
    )


def _say(dataset_id: str, name: str, values: Mapping[str, str]) -> Any:
    said = values.get("public") or ""
    no = bool(said) and said != rules.YES
    given = {each: values.get(each) or "" for each in rules.FIELDS}
    return call.call(
        "satudata_variable_update",
        id=dataset_id,
        column=name,
        public=rules.NO if no else said,
        why=said if no else "",
        **given,
    )


def register(portal: flask.Blueprint) -> None:
    """Add the pages."""
    address = "/satudata/berkas/<id>/kamus"
    portal.add_url_rule(address, "variables", dictionary)
    portal.add_url_rule(f"{address}/<column>", "variable", column, methods=["GET", "POST"])
