"""The dictionary of a dataset: its columns in one table to write in, and a form for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...classification.rules import variables as rules
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field, line_ends

IN_TABLE = 100
"""As many columns are written in one table: more make a form that a browser does not bear."""
CELLS = ("meaning", "unit", "type")
"""What a table has room for; the rest stands on the page of the column."""
PUBLIC = "public"
REST = "rest"
"""Stands for all columns of the table of which nobody said whether everybody may have them."""
MANY = 2
LONG = 1000
"""From here on a text may have several lines."""


@dataclass(frozen=True)
class Line:
    """A column of the dataset as a line of the form."""

    row: Mapping[str, Any]
    cells: Sequence[Field]


def dictionary(id: str) -> Any:
    """Show the columns of the files that the reader may have, with what is said of each.

    Who writes the dataset says it in one table; what is right is saved, also beside what is not.
    """
    sent = flask.request.method == "POST"
    if sent and not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    found = _listed(dataset)
    if found is None:
        return _closed(dataset)
    if sent and not found["may_say"]:
        return _not_theirs(dataset)
    lines = [_line(row) for row in found["results"][:IN_TABLE]] if found["may_say"] else []
    wrong: list[str] = []
    if sent:
        lines, wrong = _take_all(dataset, lines)
        if not wrong and not any(cell.errors for line in lines for cell in line.cells):
            tk.h.flash_success(tk._("It is saved."))
            return flask.redirect(tk.url_for("satudata.variables", id=dataset["name"]), 303)
        found = _listed(dataset) or found
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "found": found,
        "lines": lines,
        "rest": found["results"][len(lines) :],
        "wrong": wrong,
        "unsaid": _unsaid(lines),
    }
    status = 422 if sent else 200
    return flask.make_response(tk.render("satudata/variables.html", shown), status)


def _line(row: Mapping[str, Any]) -> Line:
    definition = rules.variables()
    cells = [
        field(
            f"{name}-{row['key']}",
            _type(spec),
            tk._(spec.label),
            required=False,
            max_length=None if spec.choices else spec.most,
            choices=_choices(spec.choices),
            value=row[name] or row["offered"].get(name),
        )
        for name in CELLS
        if (spec := definition.fields[name])
    ]
    said = _said(row, PUBLIC) or None
    public = field(
        f"{PUBLIC}-{row['key']}",
        "choice",
        tk._("May everybody have it?"),
        required=False,
        choices=_choices(definition.public),
        value=said,
    )
    return Line(row, [*cells, public])


def _unsaid(lines: Sequence[Line]) -> Field | None:
    """Return the one choice for columns of which nobody said who may have them; of two or more."""
    if sum(not _said(line.row, PUBLIC) for line in lines) < MANY:
        return None
    return field(
        f"{PUBLIC}-{REST}",
        "choice",
        tk._("Whether everybody may have the columns of which nothing is chosen"),
        required=False,
        choices=_choices(rules.variables().public),
    )


def _type(spec: rules.VariableField) -> str:
    return "choice" if spec.choices else "line" if spec.most < LONG else "text"


def _choices(choices: Mapping[str, Any]) -> list[Choice]:
    return [Choice(value, tk._(each.label)) for value, each in choices.items()]


def _take_all(dataset: Mapping[str, Any], lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
    """Say what was written of each column, where it is not what was said before.

    :returns: the lines as they were sent, with what was wrong in them, and what is wrong otherwise.
    """
    kept: list[Line] = []
    wrong: list[str] = []
    rest = flask.request.form.get(f"{PUBLIC}-{REST}", "")
    for line in lines:
        values: dict[str, str] = {}
        cells: list[Field] = []
        for cell in line.cells:
            # A cell that the browser did not send stays what it is.
            text = flask.request.form.get(cell.name)
            name = cell.name.partition("-")[0]
            if text is None:
                cells.append(cell)
                continue
            text = line_ends(text.replace("\x00", "")) or (rest if name == PUBLIC else "")
            # What is offered stands in the cell and is said by whoever saves it.
            if text != _said(line.row, name):
                values[name] = text
            cells.append(replace(cell, value=text or None))
        errors = _tried(dataset["id"], line.row["name"], values) if values else {}
        wrong += [text for text in errors.pop("", []) if text not in wrong]
        told = [replace(c, errors=errors.get(c.name.partition("-")[0], ())) for c in cells]
        kept.append(Line(line.row, told))
    return kept, wrong


def _said(row: Mapping[str, Any], name: str) -> str:
    """Return what is said of a column already, as a cell of the form says it."""
    if name == PUBLIC:
        return row["why"] or (rules.YES if row["public"] else "")
    return str(row[name])


def _tried(dataset_id: str, name: str, values: Mapping[str, str]) -> dict[str, list[str]]:
    try:
        call.call("satudata_variable_update", id=dataset_id, column=name, **_given(values))
    except tk.NotAuthorized as refusal:
        return {"": [str(refusal.message or tk._("You may not take this step."))]}
    except tk.ValidationError as refusal:
        errors = {"public" if k == "why" else k: v for k, v in refusal.error_dict.items()}
        return call.errors_by_field(errors, (*CELLS, PUBLIC))
    return {}


def _given(values: Mapping[str, str]) -> dict[str, str]:
    """Return what a form says as the action takes it: yes or no, and why."""
    said = values.get(PUBLIC)
    if said is None:
        return dict(values)
    no = said not in ("", rules.YES)
    return {**values, PUBLIC: rules.NO if no else said, "why": said if no else ""}


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


def _not_theirs(dataset: dict[str, Any]) -> Any:
    text = tk._("Only who writes the dataset says what its columns are.")
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
        return _not_theirs(dataset)
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
    public = _choices(definition.public)
    said = _said(row, PUBLIC) or None
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
                _type(spec),
                tk._(spec.label),
                required=False,
                help=tk._(spec.help) if spec.help else "",
                max_length=None if spec.choices else spec.most,
                choices=_choices(spec.choices),
                value=row[name] or row["offered"].get(name),
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
    given = _given({each: values.get(each) or "" for each in (*rules.FIELDS, PUBLIC)})
    return call.call("satudata_variable_update", id=dataset_id, column=name, **given)


def register(portal: flask.Blueprint) -> None:
    """Add the pages."""
    address = "/satudata/berkas/<id>/kamus"
    portal.add_url_rule(address, "variables", dictionary, methods=["GET", "POST"])
    portal.add_url_rule(f"{address}/<column>", "variable", column, methods=["GET", "POST"])
