"""The page of what apps lack: the Forum reads it, and the owner answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ...jepin.rules.door import door
from ...surface import page_names
from ..smki.pages import form, paged
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from .report_pages import of_jepin


def forum() -> Any:
    """List the apps that lack something for long, with what switching them off would touch."""
    if not call.logged_in():
        return call.log_in()
    found = paged("satudata_jepin_forum_list", "apps", "satudata_jepin.forum")
    mine = [app for app in found["apps"] if app["answers"]]
    road = _answering(mine) if mine else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_jepin.forum")
    return form("satudata/jepin/forum.html", road, attempt, **found)


def _answering(mine: list[dict[str, Any]]) -> Road:
    rules = door().forum
    lacked = [
        Choice(f"{app['name']} {lack['lack']}", f"{app['title']}: {lack['label']}")
        for app in mine
        for lack in app["lacks"]
    ]
    return Road(
        title=tk._("Answer for an app of my agency"),
        intro=tk._("The Forum reads the answer beside what is lacking."),
        button=tk._("Send the answer"),
        fields=[
            field("of", "choice", tk._("What is lacking"), choices=lacked),
            field(
                "answer",
                "text",
                tk._("Answer"),
                help=tk._("Why it is so, and what is done until when. Name no person."),
                max_length=rules.answer.max_length,
            ),
        ],
        call=_answer,
        done=tk._("The answer is sent."),
    )


def _answer(values: Mapping[str, Any]) -> Any:
    name, _, lack = str(values.get("of") or "").partition(" ")
    if not name:
        raise tk.ValidationError({"of": [tk._("Missing value")]})
    try:
        return call.call(
            "satudata_jepin_lack_answer", id=name, lack=lack, answer=values.get("answer", "")
        )
    except tk.ObjectNotFound as missing:
        raise tk.ValidationError({"of": [str(missing.message)]}) from None


of_jepin.add_url_rule("/satudata/jepin/forum", "forum", forum, methods=["GET", "POST"])
page_names.known_as(jepin_forum="satudata_jepin.forum")
