"""Figures that do not agree with others: those that wait for an answer, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ... import days
from ...metadata.quality.definition import Answer, quality
from ...surface import page_names
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from ..web.request_forms import closed

PER_PAGE = 20
LAST = 10**9


def figures() -> Any:
    """List the figures that wait for the answer of the reader's agencies, what is due first."""
    if not call.logged_in():
        return call.log_in()
    page = max(1, flask.request.args.get("page", 1, type=int))
    offset = min((page - 1) * PER_PAGE, LAST)
    found = call.call("satudata_figure_list", limit=PER_PAGE, offset=offset)
    shown = {
        "rows": found["results"],
        "count": found["count"],
        "page": page,
        "pages": -(-found["count"] // PER_PAGE) or 1,
        "query": lambda number: tk.h.url_for("satudata.figures", page=number),
        "today": days.today(),
    }
    return closed(tk.render("satudata/figures.html", shown))


def figure(id: str, figure: str) -> Any:
    """Show a figure that does not agree, or take what its agency says of it."""
    if not call.logged_in():
        return call.log_in()
    dataset = call.dataset(id)
    asked = call.call("satudata_quality_show", id=dataset["id"])["asked"]
    found = next((each for each in asked if each["id"] == figure), None)
    if found is None:
        return tk.abort(404, tk._("Not found"))
    if not found["url"]:
        text = tk._("Only who publishes for the agency answers for its figures.")
        return form_page.closed(dataset, text)
    road = _road(dataset, found)
    attempt = form_page.travel(road)
    if not attempt.done:
        return form_page.show(dataset, road, attempt)
    page = "satudata.case" if found["waits"] else f"{dataset['type']}.read"
    return flask.redirect(tk.url_for(page, id=dataset["name"]), 303)


def _road(dataset: Mapping[str, Any], found: Mapping[str, Any]) -> Road:
    rules = quality().answering
    choices = [Choice(each.value, tk._(rules.answers[each].label)) for each in Answer]
    until = tk._("Answer until %(day)s.") % {"day": tk.h.satudata_day(found["due"])}
    return Road(
        title=tk._("A figure that does not agree"),
        intro=" ".join(
            [
                found["text"],
                found["help"],
                until if found["due"] else "",
                tk._("Where the data are open, everybody reads your answer beside the figure."),
            ]
        ),
        button=tk._("Answer"),
        fields=[
            field(
                "answer",
                "choice",
                tk._("What do you say of it?"),
                choices=choices,
                value=found["answer"],
            ),
            field(
                "reason",
                "text",
                tk._("Why"),
                required=False,
                max_length=rules.reason,
                value=found["reason"],
                help=tk._(
                    "Needed where it is right as it is, for example: a new clinic opened in March. "
                    "Name no person."
                ),
            ),
        ],
        call=lambda values: call.call(
            "satudata_figure_answer",
            id=dataset["id"],
            figure=found["id"],
            answer=values.get("answer", ""),
            reason=values.get("reason", ""),
        ),
        done=tk._("It is saved."),
    )


def register(portal: flask.Blueprint) -> None:
    """Add the pages."""
    portal.add_url_rule("/satudata/angka", "figures", figures)
    address = "/satudata/berkas/<id>/angka/<figure>"
    portal.add_url_rule(address, "figure", figure, methods=["GET", "POST"])
    page_names.known_as(figure="satudata.figure", figures="satudata.figures")
