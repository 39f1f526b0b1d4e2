"""Pages of the help desk: texts of help, and questions with their answers."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...smki.cooperation import help_desk as texts
from ...smki.cooperation.help_actions import LONGEST
from ...smki.cooperation.help_showing import label
from ...smki.rules.help_desk import help_desk
from ...surface import page_names
from ..smki.pages import called, form, paged, stepped
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import closed

HOME = "/satudata/bantuan"
desk = flask.Blueprint("satudata_help", __name__)


def index() -> Any:
    """Show the texts of help; search them by words, and by duty."""
    if not call.logged_in():
        return call.log_in()
    q = flask.request.args.get("q", "")[:LONGEST].replace("\x00", "").strip()
    asked = {name: value for name, value in (("q", q), ("topic", _topic())) if value}
    found = paged("satudata_help_list", "texts", "satudata_help.index", **asked)
    known = called("satudata_help_list", limit=0)
    shown = {"q": q, "topic": _topic(), "topics": known["topics"], "all": known["count"]}
    return closed(tk.render("satudata/cooperation/help.html", {**found, **shown}))


def questions() -> Any:
    """List the questions that the reader asked or answers, and ask one."""
    if not call.logged_in():
        return call.log_in()
    asked = flask.request.args.get("state", "")
    state = {"state": asked} if asked in ("open", "answered") else {}
    found = paged("satudata_question_list", "questions", "satudata_help.questions", **state)
    road = _asking()
    attempt = form_page.offered(road)
    if attempt.done:
        return tk.redirect_to("satudata_help.question", number=attempt.result["number"])
    template = "satudata/cooperation/questions.html"
    return form(template, road, attempt, **found, state=state.get("state", ""))


def question(number: str) -> Any:
    """Show a question; answer it, make a text of help of it, or take that back."""
    if not call.logged_in():
        return call.log_in()
    found = called("satudata_question_show", question=number)
    making = {"answer": _answering, "accept": _accepting, "withdraw": _withdrawing}
    roads = {name: made(found) for name, made in making.items() if found["may"][name]}
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_help.question", number=found["number"])
    body = tk.render("satudata/cooperation/question.html", {"question": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def _topic() -> str:
    asked = flask.request.args.get("topic", "")
    return asked if asked in help_desk().topics else ""


def _about(value: str = "") -> Field:
    choices = [Choice(name, label(name)) for name in help_desk().topics]
    return field("topic", "choice", tk._("About which duty"), choices=choices, value=value)


def _text(label: str, longest: int, value: str = "") -> Field:
    said = tk._("Name no person, and no dataset of which not everybody inside may know.")
    return field("text", "text", label, help=said, max_length=longest, value=value)


def _asking() -> Road:
    bounds = help_desk().bounds
    return Road(
        title=tk._("Ask the help desk"),
        intro=tk._(
            "Look first whether a text of help says it. Who answers sees who asks; a text of help "
            "that becomes of it names nobody."
        ),
        button=tk._("Ask"),
        fields=[
            _about(_topic()),
            field("subject", "line", tk._("Question in short"), max_length=bounds.subject),
            _text(tk._("Question"), bounds.question),
            field(
                "address",
                "line",
                tk._("Address of the page that it is about"),
                help=tk._("As it stands in the browser, of a page of this portal."),
                max_length=bounds.address,
                required=False,
                value=flask.request.args.get("address", "")[: bounds.address],
            ),
        ],
        call=lambda values: call.call(
            "satudata_question_create", **{k: v for k, v in values.items() if v}
        ),
        done=tk._("The question is asked."),
    )


def _answering(found: dict[str, Any]) -> Road:
    title = tk._("Answer it better") if found["answered"] else tk._("Answer it")
    return Road(
        title=title,
        intro=tk._("Who asked is told."),
        button=title,
        fields=[_text(tk._("Answer"), help_desk().bounds.answer, found["answer"] or "")],
        call=lambda values: call.call("satudata_question_answer", **values, question=found["id"]),
        done=tk._("The answer is recorded."),
    )


def _accepting(found: dict[str, Any]) -> Road:
    bounds, made = help_desk().bounds, found["help"]
    stands = made or {
        "topic": found["topic"],
        "title": found["subject"] or "",
        "text": found["answer"] or "",
    }
    shown = made is not None and made["shown"]
    title = tk._("Write the text of help anew") if shown else tk._("Make a text of help of it")
    return Road(
        title=title,
        intro=tk._(
            "Everybody inside reads it, on the page as well that the question is about. Write it "
            "so that it helps whoever asks the same."
        ),
        button=title,
        fields=[
            _about(stands["topic"]),
            field(
                "title", "line", tk._("Heading"), max_length=bounds.subject, value=stands["title"]
            ),
            _text(tk._("Text of help"), bounds.answer, stands["text"]),
        ],
        call=lambda values: call.call("satudata_question_accept", **values, question=found["id"]),
        done=tk._("The text of help is shown to everybody inside."),
    )


def _withdrawing(found: dict[str, Any]) -> Road:
    return Road(
        title=tk._("Take the text of help back"),
        intro=tk._("Question and answer stay."),
        button=tk._("Take it back"),
        fields=[],
        call=lambda values: call.call("satudata_help_withdraw", question=found["id"]),
        done=tk._("The text of help is taken back."),
    )


def satudata_help_here() -> list[dict[str, Any]]:
    """Return the texts of help about the page that is shown, for members of an agency."""
    page = flask.request.endpoint if flask.has_request_context() else None
    if not page or not call.logged_in():
        return []
    try:
        tk.check_access("satudata_help_list", call.context(), {})
    except tk.NotAuthorized:
        return []
    found = texts.texts_at(registry.actor_from_context(call.context()), page)
    return [{"number": number, "title": row.title, "text": row.text} for row, number in found]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_help_here": satudata_help_here}


BOTH = ["GET", "POST"]
desk.add_url_rule(HOME, "index", index)
desk.add_url_rule(f"{HOME}/pertanyaan", "questions", questions, methods=BOTH)
desk.add_url_rule(f"{HOME}/pertanyaan/<number>", "question", question, methods=BOTH)
page_names.known_as(help="satudata_help.index", help_question="satudata_help.question")


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [desk]
