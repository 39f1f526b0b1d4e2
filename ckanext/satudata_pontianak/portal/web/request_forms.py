"""Forms of the pages of requests, and answers that no cache keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.reading import problems
from . import call as asking
from .forms import Field, line_ends


def field(name: str, type: str, label: str, **more: Any) -> Field:
    """Return a field of one of these forms."""
    return Field(
        name=name,
        type=type,
        label=label,
        help=more.get("help", ""),
        required=more.get("required", True),
        max_length=more.get("max_length"),
        choices=more.get("choices", ()),
        value=more.get("value"),
        errors=more.get("errors", ()),
        id=f"{more.get('form', 'ask')}-{name}",
    )


def read(fields: Sequence[Field]) -> dict[str, Any]:
    """Return what a browser sent for these fields; what is empty is left out."""
    sent, values = flask.request.form, {}
    for each in fields:
        if each.type == "agencies":
            values[each.name] = [v for v in sent.getlist(each.name) if v.strip()]
        elif each.type == "password":
            values[each.name] = sent.get(each.name, "")
        else:
            values[each.name] = line_ends(sent.get(each.name, "").replace("\x00", ""))
    return {name: value for name, value in values.items() if value}


def filled(
    fields: Sequence[Field], values: Mapping[str, Any], errors: Mapping[str, Sequence[str]]
) -> list[Field]:
    """Return the fields with what was typed, and what was wrong with it."""
    return [
        Field(
            **{
                **each.__dict__,
                "value": values.get(each.name),
                "errors": list(errors.get(each.name, ())),
            }
        )
        for each in fields
    ]


def tried(call: Callable[[], Any], names: Sequence[str]) -> tuple[Any, dict[str, list[str]], int]:
    """Return what a call gives, or what was wrong by field, with the status of the page."""
    try:
        return call(), {}, 200
    except tk.NotAuthorized as refusal:
        text = str(refusal.message or tk._("You may not take this step."))
        return None, {"": [text]}, 403
    except tk.ValidationError as refusal:
        return None, asking.errors_by_field(refusal.error_dict, names), 422


def closed(body: str, status: int = 200) -> Any:
    """Return a page that no cache keeps and whose address is told to no other site."""
    response = flask.make_response(body, status)
    response.headers["Cache-Control"] = problems.CLOSED
    return response


def note(title: str, text: str, status: int = 200, *, links: Sequence[tuple[str, str]] = ()) -> Any:
    """Say something on a page of its own.

    :param links: where to go on: label and address.
    """
    shown = {"title": title, "text": text, "refused": status >= 400, "links": links}
    return closed(tk.render("satudata/note.html", shown), status)


def button(title: str, text: str, label: str, screen: str = "") -> Any:
    """Return a page with one button, which does what the address is for.

    :param screen: its name among the ``screens`` of ``sop.yaml``, where an SOP tells of it.
    """
    clause = tk.h.satudata_sop_screen(screen) if screen else None
    shown = {"title": title, "text": text, "button": label, "clause": clause}
    return closed(tk.render("satudata/note.html", shown))
