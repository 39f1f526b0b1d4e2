"""Pages of the Forum Satu Data: agenda, meetings, what they decided, minutes as a paper."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...classification.rules import indonesian
from ...smki.cooperation import forum, handed
from ...sop.files import official_files, official_word
from ...sop.papers import forum_minutes
from ...surface import page_names
from ..smki.pages import called, form, paged
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from .task_pages import agency_choices

HOME = "/satudata/forum"
WRITERS = {"pdf": official_files.pdf, "docx": official_word.docx}
meetings = flask.Blueprint("satudata_forum", __name__)


def index() -> Any:
    """Show what the forum has to look at and its meetings; record that it met."""
    if not call.logged_in():
        return call.log_in()
    looked = called("satudata_forum_agenda")
    found = paged("satudata_forum_list", "held", "satudata_forum.index")
    road = _holding() if looked["leads"] else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_forum.meeting", number=attempt.result["number"])
    return form("satudata/cooperation/forum.html", road, attempt, agenda=looked["results"], **found)


def meeting(number: str) -> Any:
    """Show a meeting, and record what it decided."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_forum_show", meeting=number)
    road = _deciding(found) if found["decides"] else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_forum.meeting", number=found["number"])
    return form("satudata/cooperation/meeting.html", road, attempt, meeting=found)


def minutes(number: str, form: str) -> Any:
    """Give the minutes as PDF or DOCX, as their reader may know of them; a person signs them."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_forum_show", meeting=number)
    if form not in WRITERS:
        return tk.abort(404, tk._("Not found"))
    paper = forum_minutes.minutes(found, indonesian.translator())
    response = flask.Response(WRITERS[form](paper), mimetype=official_files.TYPES[form])
    named = f"forum-satu-data-{found['number']}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _holding() -> Road:
    return Road(
        title=tk._("Record that the forum met"),
        intro=tk._(
            "The agenda is kept as it stands now. Each decision is recorded on the page of the "
            "meeting and becomes a task of an agency."
        ),
        button=tk._("Record"),
        fields=[
            field("day", "date", tk._("Day of the meeting")),
            field("paper", "line", tk._("Number of the minutes"), max_length=forum.LONGEST_PAPER),
            field(
                "minutes",
                "text",
                tk._("What was said"),
                help=tk._("Name no person and no dataset of which not everybody may know."),
                max_length=forum.LONGEST,
            ),
        ],
        call=lambda values: call.call("satudata_forum_hold", **values),
        done=tk._("The meeting is recorded."),
    )


def _deciding(found: dict[str, Any]) -> Road:
    settled = [Choice("", tk._("Nothing of the agenda"))]
    for item in found["agenda"]:
        title = item["dataset"]["title"] if item["dataset"] else item["source_label"]
        settled.append(Choice(item["item"], f"{title}: {item['words']}"))
    return Road(
        title=tk._("Record a decision"),
        intro=tk._("It becomes a task of the agency that carries it out."),
        button=tk._("Record"),
        fields=[
            field(
                "text",
                "text",
                tk._("What was decided"),
                help=tk._("Name no person and none of the data."),
                max_length=handed.LONGEST,
            ),
            field("item", "choice", tk._("What it settles"), choices=settled, required=False),
            field("agency", "choice", tk._("Carried out by"), choices=agency_choices()),
            field("due", "date", tk._("Until when")),
        ],
        call=lambda values: call.call(
            "satudata_forum_decide", **{k: v for k, v in values.items() if v}, meeting=found["id"]
        ),
        done=tk._("The decision is recorded, and its task is handed out."),
    )


BOTH = ["GET", "POST"]
meetings.add_url_rule(HOME, "index", index, methods=BOTH)
meetings.add_url_rule(f"{HOME}/<number>", "meeting", meeting, methods=BOTH)
meetings.add_url_rule(f"{HOME}/<number>/notulen.<form>", "minutes", minutes)
page_names.known_as(forum="satudata_forum.index")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [meetings]
