"""Pages of the management review: the year's numbers, reviews that were held, what they decided."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.rules import indonesian
from ...messages import Translate
from ...smki.reviewing import meeting
from ...smki.reviewing.meeting import LONGEST, LONGEST_PAPER
from ...smki.rules.definition import smki
from ...sop.audit import evidence, reading, reports
from ...sop.audit.evidence_tables import evidence_tables
from ...sop.audit.tables import Language
from ...sop.files import official_files, official_word
from ...sop.papers import review_minutes
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice
from .pages import HOME, called, form, paged, security

WRITERS = {"pdf": official_files.pdf, "docx": official_word.docx}
INDICATOR = "IK-"
"""How the codes of the indicators begin that a review looks at."""


def reviewed() -> Any:
    """Show the numbers of a year, the reviews that were held, and record that one was."""
    if not call.logged_in():
        return call.log_in()
    this = days.today().year
    asked = flask.request.args.get("year", this, type=int)
    year = asked if this - 5 <= asked <= this else this
    numbers = called("satudata_smki_review", year=year)
    found = paged("satudata_smki_review_list", "held", "satudata_smki.reviewed")
    leads = called("satudata_smki_review_list", limit=0)["leads"]
    road = _holding(year) if leads else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki.review", number=attempt.result["number"])
    shown = {
        **found,
        "query": lambda page: tk.h.url_for("satudata_smki.reviewed", year=year, page=page),
        "review": numbers,
        "rows": review_minutes.numbers(numbers, tk._),
        "indicators": indicators(year, registry.actor_from_context(call.context()), tk._),
        "this": this,
    }
    return form("satudata/smki/review.html", road, attempt, **shown)


def review(number: str) -> Any:
    """Show a review that was held, and record what it decided."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_review_show", review=number)
    road = _deciding(found) if found["decides"] else None
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_smki.review", number=found["number"])
    rows = review_minutes.numbers(found["numbers"], tk._)
    return form("satudata/smki/review_held.html", road, attempt, review=found, rows=rows)


def minutes(number: str, form: str) -> Any:
    """Give the record of a review as PDF or DOCX; a person signs it."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_smki_review_show", review=number)
    if form not in WRITERS:
        return tk.abort(404, tk._("Not found"))
    said = indonesian.translator()
    kept = meeting.indicators(found["number"]) if _reads_evidence(call.context()) else []
    paper = review_minutes.minutes(found, kept, said)
    response = flask.Response(WRITERS[form](paper), mimetype=official_files.TYPES[form])
    named = f"tinjauan-manajemen-{found['number']}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _reads_evidence(context: types.Context) -> bool:
    try:
        return tk.check_access("satudata_evidence", context, {})
    except tk.NotAuthorized:
        return False


def keep() -> None:
    """Have a review keep the indicators as they stand on the day on which it is recorded."""
    if measured not in meeting.INDICATORS:
        meeting.INDICATORS.append(measured)


def measured(year: int, actor: Actor) -> list[list[str]]:
    """Return the indicators of a year in Indonesian, as its minutes give them."""
    return [list(row) for row in indicators(year, actor, indonesian.translator())]


def indicators(year: int, actor: Actor, translate: Translate) -> list[tuple[str, str, str]]:
    """Return the indicators of a year for who may read the evidence: code, question, measured."""
    today = days.today()
    if not _reads_evidence({"user": actor.name or ""}) or year < reading.first_year(today.year):
        return []
    language = Language(translate)
    basis = reports.evidence(actor, year, today)
    values = evidence.measured(basis)
    return [
        (str(row[0]), language.said(row[1]), language.said(row[3]))
        for table in evidence_tables(values, language)
        for row in table.rows
        if str(row[0]).startswith(INDICATOR) and row[3]
    ]


def _holding(year: int) -> Road:
    return Road(
        title=tk._("Record that the review was held"),
        intro=tk._(
            "The numbers of the year are kept as they stand now. Each decision is recorded on the "
            "page of the review and becomes a task."
        ),
        button=tk._("Record"),
        fields=[
            field("day", "date", tk._("Day of the review")),
            field("paper", "line", tk._("Number of the minutes"), max_length=LONGEST_PAPER),
            field(
                "opinion",
                "text",
                tk._("Opinion of whoever led it"),
                help=tk._("Name no person and none of the data."),
                max_length=LONGEST,
            ),
        ],
        call=lambda values: call.call("satudata_smki_review_hold", **values, year=year),
        done=tk._("The review is recorded."),
    )


def _deciding(found: dict[str, Any]) -> Road:
    held = [Choice(name, tk._(role.label)) for name, role in smki().roles.roles.items()]
    return Road(
        title=tk._("Record a decision"),
        intro=tk._("It becomes a task: handed out, reminded of, and shown at the next review."),
        button=tk._("Record"),
        fields=[
            field(
                "text",
                "text",
                tk._("What was decided"),
                help=tk._("Name no person and none of the data."),
                max_length=LONGEST,
            ),
            field("role", "choice", tk._("Carried out by"), choices=held),
            field("due", "date", tk._("Until when")),
        ],
        call=lambda values: call.call("satudata_smki_review_decide", **values, review=found["id"]),
        done=tk._("The decision is recorded, and its task is handed out."),
    )


BOTH = ["GET", "POST"]
security.add_url_rule(f"{HOME}/tinjauan", "reviewed", reviewed, methods=BOTH)
security.add_url_rule(f"{HOME}/tinjauan/<number>", "review", review, methods=BOTH)
security.add_url_rule(f"{HOME}/tinjauan/<number>/notulen.<form>", "minutes", minutes)
