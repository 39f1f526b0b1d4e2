"""One form on a page of its own: what it asks, what it calls, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as field_of
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from . import call as asking
from .forms import Choice, Field, line_ends

LOOK, APPLY = "look", "apply"
MAX_REASON = 4000


@dataclass(frozen=True)
class Road:
    """A form: its words, its fields, and what it calls with what was filled in.

    ``call`` gets the fields that were filled in: a text for each, for a file what the browser
    sent. It raises CKAN's errors; they are shown at their fields.
    """

    title: str
    intro: str
    button: str
    fields: Sequence[Field]
    call: Callable[[Mapping[str, Any]], Any]
    done: str = ""
    hidden: Mapping[str, str] = field_of(default_factory=dict)
    """What a browser sends with it as it was drawn, and nobody fills in."""
    screen: str = ""
    """Its name among the ``screens`` of ``sop.yaml``: which row of an SOP it carries out."""
    facts: Sequence[tuple[str, str]] = ()
    """What somebody has to know before they answer: label and text."""
    links: Sequence[tuple[str, str]] = ()
    other: tuple[str, str] = ("", "")
    """A second button: the name that a browser sends of it, and its words."""
    previews: Sequence[Mapping[str, Any]] = ()
    """What would come out, each with its words: ``snippets/mask_previews.html``."""

    @property
    def with_file(self) -> bool:
        """Does the form send a file?"""
        return any(field.type == "file" for field in self.fields)


@dataclass(frozen=True)
class Attempt:
    """What became of a form: drawn for the first time, refused, or done."""

    fields: Sequence[Field]
    errors: Mapping[str, Sequence[str]]
    status: int
    done: bool = False
    result: Any = None


def look_first() -> Field:
    """Return what asks whether a list is looked at only, as it is until somebody says otherwise."""
    return field(
        "apply",
        "choice",
        tk._("What to do"),
        choices=[Choice(LOOK, tk._("Look only")), Choice(APPLY, tk._("Apply the changes"))],
        value=LOOK,
    )


def mailbox_notice(said: str = "") -> str:
    """Return what is said wherever a mailbox is asked for: what for, and how long.

    A field of this kind leads to the page that says more.

    :param said: what for and how long, where it is not to answer somebody.
    """
    return said or tk._(
        "Purpose: to answer you. It is shown to nobody but who answers, and erased afterwards."
    )


def field(name: str, type: str, label: str, **more: Any) -> Field:
    """Return one field of a form; whatever can be left open is left out.

    The only choice of a required field is chosen already.
    """
    choices: Sequence[Choice] = more.get("choices", ())
    only = choices[0].value if len(choices) == 1 and more.get("required", True) else None
    return Field(
        name=name,
        type=type,
        label=label,
        help=more.get("help", ""),
        required=more.get("required", True),
        max_length=more.get("max_length", MAX_REASON if type == "text" else None),
        choices=choices,
        value=more.get("value") or only,
        errors=(),
        id=f"road-{name}",
        suggestions=more.get("suggestions", ()),
    )


def travel(road: Road) -> Attempt:
    """Draw the form for a GET; for a POST, call what it calls and gather what was wrong."""
    if flask.request.method != "POST":
        return Attempt(road.fields, {}, 200)
    values = {f.name: sent for f in road.fields if (sent := _sent(f))}
    try:
        result = road.call(values)
    except tk.NotAuthorized as refusal:
        errors = {"": [str(refusal.message or tk._("You may not take this step."))]}
        return Attempt(_filled(road.fields, values, errors), errors, 403)
    except tk.ValidationError as refusal:
        errors = asking.errors_by_field(refusal.error_dict, [f.name for f in road.fields])
        return Attempt(_filled(road.fields, values, errors), errors, 422)
    if road.done:
        tk.h.flash_success(road.done)
    return Attempt(road.fields, {}, 302, done=True, result=result)


def again(road: Road) -> Attempt:
    """Return the form as it was filled in, where nothing was done with it yet."""
    values = {f.name: sent for f in road.fields if (sent := _sent(f))}
    return Attempt(_filled(road.fields, values, {}), {}, 200)


def offered(road: Road | None) -> Attempt:
    """Travel a road that stands on a list for some; whoever sends its form otherwise is refused."""
    if road is not None:
        return travel(road)
    if flask.request.method == "POST":
        return Attempt((), {"": [tk._("You may not take this step.")]}, 403)
    return Attempt((), {}, 200)


def _sent(field: Field) -> Any:
    """Return what a browser sent for a field: a file with a name, or a text without blanks."""
    if field.type == "file":
        file = flask.request.files.get(field.name)
        return file if file is not None and file.filename else None
    if field.type == "agencies":
        return [value.replace("\x00", "") for value in flask.request.form.getlist(field.name)]
    return line_ends(flask.request.form.get(field.name, "").replace("\x00", ""))


def _filled(
    fields: Sequence[Field], values: Mapping[str, Any], errors: Mapping[str, Collection[str]]
) -> list[Field]:
    """Return the fields with what was typed, and what was wrong with each."""
    return [
        replace(
            f,
            value=None if f.type == "file" else values.get(f.name),
            errors=list(errors.get(f.name, ())),
        )
        for f in fields
    ]


def show(dataset: dict[str, Any], road: Road, attempt: Attempt) -> Any:
    """Return the page of a form that belongs to a dataset."""
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "road": road,
        "fields": attempt.fields,
        "errors": attempt.errors,
    }
    return flask.make_response(tk.render("satudata/side_road.html", shown), attempt.status)


def closed(dataset: dict[str, Any], text: str, status: int = 403) -> Any:
    """Say that this form is not for this person, who may see the dataset."""
    shown = {
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "road": None,
        "fields": [],
        "errors": {"": [text]},
    }
    return flask.make_response(tk.render("satudata/side_road.html", shown), status)


def after(dataset: dict[str, Any], endpoint: str) -> Any:
    """Go on to the dataset or its case, or to the queue where it is out of this person's sight."""
    try:
        asking.call("package_show", id=dataset["id"])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.redirect_to("satudata.queue")
    return tk.redirect_to(endpoint, id=dataset["name"])
