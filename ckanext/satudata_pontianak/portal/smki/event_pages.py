"""The page on which somebody says that the event of a task has come."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...smki.rules.definition import smki
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from ..web.request_forms import closed
from .pages import HOME

events = flask.Blueprint("satudata_smki_events", __name__)


def begin() -> Any:
    """Begin a task of an event, for who carries a role of information security."""
    if not call.logged_in():
        return call.log_in()
    try:
        tk.check_access("satudata_smki_task_begin", call.context(), {})
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal.message or ""))
    road = _road()
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki.tasks")
    said = {"road": road, "fields": attempt.fields, "errors": attempt.errors}
    return closed(tk.render("satudata/smki/begin.html", said), attempt.status)


def _road() -> Road:
    kinds = [
        Choice(spec.name, f"{tk._(spec.event)}: {tk._(spec.label)}") for spec in smki().tasks.begun
    ]
    return Road(
        title=tk._("Say what happened"),
        intro=tk._("The portal hands the task to whoever carries its role, and reminds of it."),
        button=tk._("Begin the task"),
        fields=[field("kind", "choice", tk._("Event and task"), choices=kinds)],
        call=lambda values: call.call("satudata_smki_task_begin", **values),
        done=tk._("The task is handed out."),
    )


events.add_url_rule(f"{HOME}/mulai", "begin", begin, methods=["GET", "POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [events]
