"""Pages of tasks that agencies hand to one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...smki.cooperation.handed import LONGEST, LONGEST_SUBJECT
from ...surface import page_names
from ..smki.pages import called, form, paged, stepped
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed

HOME = "/satudata/kerja-sama"
together = flask.Blueprint("satudata_cooperation", __name__)


def tasks() -> Any:
    """List the tasks of the reader's agencies, and hand one over."""
    if not call.logged_in():
        return call.log_in()
    found = paged("satudata_agency_task_list", "tasks", "satudata_cooperation.tasks")
    senders = called("satudata_agency_task_list", limit=0)["senders"]
    road = _handing(senders) if senders else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_cooperation.task", number=attempt.result["number"])
    return form("satudata/cooperation/tasks.html", road, attempt, **found)


def task(number: str) -> Any:
    """Show a task, and take the steps that are the reader's."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_agency_task_show", task=number)
    roads = {step["name"]: _stepping(found, step) for step in found["may"]}
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_cooperation.task", number=found["number"])
    body = tk.render("satudata/cooperation/task.html", {"task": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def agency_choices(but: tuple[str, ...] = ()) -> list[Choice]:
    """Return the agencies as choices, by title, without those that are named."""
    known = sorted(registry.load_agencies().values(), key=lambda agency: agency.title.lower())
    return [Choice(each.name, each.title) for each in known if each.name not in but]


def _text(label: str) -> Field:
    said = tk._("Name no person and none of the data.")
    return field("text", "text", label, help=said, max_length=LONGEST)


def _handing(senders: list[dict[str, Any]]) -> Road:
    mine = [Choice(each["name"], each["title"]) for each in senders]
    but = (senders[0]["name"],) if len(senders) == 1 else ()
    return Road(
        title=tk._("Hand a task to another agency"),
        intro=tk._(
            "It takes the task or sends it back with a reason, and owes an answer. A case stays "
            "where it is: only work is handed over."
        ),
        button=tk._("Hand it over"),
        fields=[
            field("sender", "choice", tk._("From which agency"), choices=mine),
            field("agency", "choice", tk._("To which agency"), choices=agency_choices(but)),
            field("subject", "line", tk._("About what"), max_length=LONGEST_SUBJECT),
            _text(tk._("What is asked for")),
        ],
        call=lambda values: call.call("satudata_agency_task_create", **values),
        done=tk._("The task is handed over."),
    )


def _stepping(found: dict[str, Any], step: dict[str, Any]) -> Road:
    fields: list[Field] = []
    if step["agency"]:
        choices = agency_choices((found["sender"]["name"], found["receiver"]["name"]))
        fields.append(field("agency", "choice", tk._("To which agency"), choices=choices))
    if step["text"]:
        fields.append(_text(tk._("Text")))
    if step["dataset"]:
        fields.append(
            field(
                "id",
                "line",
                tk._("Dataset"),
                help=tk._(
                    "Its name, as it stands in the address of its page. The note is then shown "
                    "only to who may know of the dataset."
                ),
                max_length=100,
                required=False,
            )
        )

    def take(values: Mapping[str, Any]) -> Any:
        given = {key: value for key, value in values.items() if value}
        try:
            return call.call(
                "satudata_agency_task_step", **given, task=found["id"], step=step["name"]
            )
        except tk.ObjectNotFound as refusal:
            raise tk.ValidationError({"id": [str(refusal.message or "")]}) from None

    return Road(
        title=step["label"],
        intro="",
        button=step["label"],
        fields=fields,
        call=take,
        done=tk._("It is recorded."),
    )


BOTH = ["GET", "POST"]
together.add_url_rule(HOME, "tasks", tasks, methods=BOTH)
together.add_url_rule(f"{HOME}/tugas/<number>", "task", task, methods=BOTH)
page_names.known_as(
    agency_tasks="satudata_cooperation.tasks", agency_task="satudata_cooperation.task"
)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [together]
