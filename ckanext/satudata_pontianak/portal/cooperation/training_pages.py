"""Pages of the guided tours: take one on a practice dataset, answer its quiz, print a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...classification.rules import indonesian
from ...classification.rules.axes import AXES, classification
from ...smki.rules.training import TEXTS, training
from ...sop.files import official_files
from ...sop.papers import desk_card
from ...surface import page_names
from ..smki.pages import called, stepped
from ..web import call
from ..web.form_page import Road, field
from ..web.forms import Choice, Field, axis_values
from ..web.request_forms import closed

HOME = "/satudata/pelatihan"
BUTTONS = ("axes", "submit")
tours = flask.Blueprint("satudata_training", __name__)


def index() -> Any:
    """List the tours, those of the reader's duties first."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_training_list")
    shown = {"courses": found["results"]}
    return closed(tk.render("satudata/cooperation/training.html", shown))


def course(name: str) -> Any:
    """Show a tour with the reader's practice dataset, and take its next step or its quiz."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_training_show", course=name)
    roads: dict[str, Road] = {}
    if found["quiz"]:
        roads["quiz"] = _quiz(found)
    elif found["begun"]:
        roads["step"] = _step(found)
    else:
        roads["begin"] = _beginning(found)
    if found["begun"] and found["step"]:
        roads["begin"] = _beginning(found)
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_training.course", name=name)
    body = tk.render("satudata/cooperation/course.html", {"course": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def card(name: str) -> Any:
    """Give the card of a desk as PDF: the steps of its tour, to be printed."""
    if not call.logged_in():
        return call.log_in()
    called("satudata_training_show", course=name)
    paper = desk_card.card(training().courses[name], indonesian.translator())
    response = flask.Response(official_files.pdf(paper), mimetype=official_files.TYPES["pdf"])
    response.headers["Content-Disposition"] = f'attachment; filename="kartu-meja-{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _beginning(found: dict[str, Any]) -> Road:
    return Road(
        title=tk._("Begin anew") if found["begun"] else tk._("Begin the tour"),
        intro=tk._("The practice dataset is made up. You alone see it, and nothing counts it."),
        button=tk._("Begin anew") if found["begun"] else tk._("Begin the tour"),
        fields=[],
        call=lambda values: call.call("satudata_training_begin", course=found["name"]),
    )


def _step(found: dict[str, Any]) -> Road:
    step = found["steps"][found["step"]]
    does = step["does"] or {}
    asked, label = does.get("field"), does.get("label", "")
    place = {"number": step["number"], "count": found["steps_count"]}

    def go_on(values: Mapping[str, Any]) -> Any:
        given = {"values": values} if asked == "axes" else values
        sent = {"course": found["name"], "step": step["number"], **given}
        return call.call("satudata_training_step", **sent)

    return Road(
        title=f"{tk._('Step {number} of {count}').format(**place)}: {step['label']}",
        intro="",
        button=label if asked in BUTTONS else tk._("Go on"),
        fields=_fields(asked, label, does.get("choices") or {}, found["dataset"] or {}),
        call=go_on,
    )


def _fields(
    asked: str | None, label: str, choices: Mapping[str, str], dataset: Mapping[str, Any]
) -> list[Field]:
    """Return what a step asks for, as the form of a real dataset or case asks for it."""
    if asked == "axes":
        return [
            field(
                axis,
                "axis",
                tk._(rules.axes[axis]["label"]),
                help=tk._(rules.axes[axis]["help"]),
                choices=[Choice(v, tk._(rules.label(axis, v))) for v in axis_values(axis, None)],
                value=dataset["axes"].get(axis, ""),
            )
            for rules in (classification(),)
            for axis in AXES
        ]
    if choices:
        return [field("value", "choice", label, choices=[Choice(*c) for c in choices.items()])]
    if asked in TEXTS:
        kind = "line" if asked == "title" else "text"
        return [field("value", kind, label, max_length=TEXTS[asked], value=dataset.get(asked, ""))]
    return []


def _quiz(found: dict[str, Any]) -> Road:
    fields = [
        field(
            f"q{question['number']}",
            "choice",
            question["label"],
            choices=[Choice(*item) for item in question["choices"].items()],
        )
        for question in found["quiz"]
    ]

    def answer(values: Mapping[str, Any]) -> Any:
        given = {name.removeprefix("q"): value for name, value in values.items()}
        said = call.call("satudata_training_quiz", course=found["name"], values=given)
        if not said["passed"]:
            raise tk.ValidationError({"": [said["said"]]})
        return said

    return Road(
        title=tk._("Quiz"),
        intro=tk._("Who passes it has it written in the register of people."),
        button=tk._("Answer"),
        fields=fields,
        call=answer,
        done=tk._("Passed. It is written in the register of people."),
    )


tours.add_url_rule(HOME, "index", index)
tours.add_url_rule(f"{HOME}/<name>", "course", course, methods=["GET", "POST"])
tours.add_url_rule(f"{HOME}/<name>/kartu.pdf", "card", card)
page_names.known_as(training="satudata_training.index")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [tours]
