"""Pages of data that the public asks for: ask, confirm, support, follow, accept and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.limits import rates
from ...agencies import registry
from ...classification.grants.request_definition import request_rules
from ...jepin.rules.wish_rules import ACCEPT, ANSWER, DECLINE, MERGE, wishes
from ...jepin.wishes.actions import LISTS
from ...surface import page_names
from ..smki.pages import called, paged, stepped
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import button, closed, note, tried

of_wishes = flask.Blueprint("satudata_wishes", __name__)


def listed() -> Any:
    """List what the public asks for and a person accepted, most wanted first."""
    found = paged("satudata_wish_list", "wishes", "satudata_wishes.listed")
    return closed(tk.render("satudata/wishes/listed.html", found))


def ask() -> Any:
    """Show the form for data that do not exist yet, or take it; nobody needs an account."""
    if flask.request.method == "POST":
        rates.admit("requests of the public")
    rules = wishes()
    sought = flask.request.args.get("judul", "").replace("\x00", "").strip()
    road = Road(
        title=tk._("Ask for data that do not exist yet"),
        intro=tk._(
            "Walidata reads it, accepts it into the public list within {accept} working days, and "
            "answers within {answer} more. Nothing is public before."
        ).format(accept=rules.accept_within, answer=rules.answer_within),
        button=tk._("Ask for it"),
        fields=[
            field(
                "title",
                "line",
                tk._("Which data"),
                max_length=rules.title.max_length,
                value=sought[: rules.title.max_length] or None,
            ),
            field(
                "text",
                "text",
                tk._("What for, and of which time and place"),
                help=tk._("Name no person and no number of a person."),
                max_length=rules.text.max_length,
            ),
            _mailbox(),
        ],
        call=lambda values: call.call("satudata_wish_create", **values),
    )
    return _asked("satudata/wishes/ask.html", road)


def _mailbox() -> Field:
    text = tk._(
        "A link is sent there. The mailbox serves this request alone, is shown to nobody, and is "
        "erased {days} days after the answer; without confirmation after {hours} hours."
    )
    kept = wishes().kept
    help_ = text.format(days=kept.ended_days, hours=kept.confirm_hours)
    return field("email", "email", tk._("Your e-mail address"), help=help_)


def _asked(template: str, road: Road, **shown: Any) -> Any:
    attempt = form_page.travel(road)
    if attempt.done:
        return note(tk._("Confirm what you ask for"), attempt.result["message"])
    said = {"road": road, "fields": attempt.fields, "errors": attempt.errors}
    return closed(tk.render(template, {**shown, **said}), attempt.status)


def one(number: str) -> Any:
    """Show what the public asks for, and take who asks for the same."""
    if flask.request.method == "POST":
        rates.admit("requests of the public")
    found = called("satudata_wish_show", wish=number)
    road = Road(
        title=tk._("I need these data too"),
        intro=tk._("It counts once you opened the link that is sent to your mailbox."),
        button=tk._("Support it"),
        fields=[_mailbox()],
        call=lambda values: call.call("satudata_wish_support", **values, wish=number),
    )
    return _asked("satudata/wishes/one.html", road, wish=found)


def confirm(token: str) -> Any:
    """Confirm a mailbox: looking at the link (GET, HEAD) changes nothing, the button does."""
    if flask.request.method != "POST":
        return button(
            tk._("Confirm what you ask for"),
            tk._("With this button your mailbox is counted, and your request is read."),
            tk._("Confirm"),
        )
    done, errors, _ = tried(lambda: call.call("satudata_wish_confirm", token=token), ())
    if done is None:
        return note(tk._("This is not possible"), " ".join(errors[""]), 409)
    return tk.redirect_to("satudata_wishes.mine", token=done["token"])


def mine(token: str) -> Any:
    """Show what a mailbox asked for, and what may be done with it."""
    found = called("satudata_wish_show", token=token)
    within = request_rules().states["open"].due_working_days
    roads: dict[str, Road] = {}
    if found["may_make_official"]:
        roads["official"] = Road(
            title=tk._("Make it a request for public information"),
            intro=tk._(
                "It is then a permohonan informasi under UU 14/2008: PPID answers within {days} "
                "working days, and you can object."
            ).format(days=within),
            button=tk._("Make it a request for public information"),
            fields=[],
            call=lambda _: call.call("satudata_wish_make_official", token=token),
            done=tk._("It is a request for public information now."),
        )
    if found["may_object"]:
        roads["object"] = Road(
            title=tk._("Object to the answer or the silence"),
            intro=tk._("PPID's superior looks at the answer, or at the silence."),
            button=tk._("Object to the answer or the silence"),
            fields=[],
            call=lambda _: call.call("satudata_wish_object", token=token),
            done=tk._("The objection is with PPID's superior."),
        )
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_wishes.mine", token=token)
    body = tk.render("satudata/wishes/mine.html", {"wish": found, "token": token, **drawn})
    return closed(body, attempt.status if attempt else 200)


def satudata_sees_wishes() -> bool:
    """Tell whether the reader has a desk of what the public asks for."""
    if not call.logged_in():
        return False
    actor, rules = registry.actor_from_context(call.context()), wishes()
    official = (*rules.official.answered_by, *rules.official.judged_by)
    return actor.active and bool(actor.duties & {*rules.answered_by, *rules.seen_by, *official})


def desk() -> Any:
    """List what the public asks for and waits for the reader's office."""
    if not call.logged_in():
        return call.log_in()
    if not satudata_sees_wishes():
        return tk.abort(403, tk._("This is for Walidata, PPID and the auditor."))
    asked = flask.request.args.get("list", "waiting")
    name = asked if asked in LISTS else "waiting"
    found = paged("satudata_wish_list", "wishes", "satudata_wishes.desk", list=name)
    return closed(tk.render("satudata/wishes/desk.html", {**found, "list": name}))


def judged(number: str) -> Any:
    """Show what the public asks for, and take the next step in it."""
    if not call.logged_in():
        return call.log_in()
    if not satudata_sees_wishes():
        return tk.abort(404, tk._("Not found"))
    found = called("satudata_wish_show", wish=number)
    made = {ACCEPT: _accepting, DECLINE: _declining, MERGE: _merging, ANSWER: _answering}
    roads = {step: made[step](found) for step in found.get("steps", [])}
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_wishes.judged", number=number)
    body = tk.render("satudata/wishes/judged.html", {"wish": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def _road(step: str, found: Mapping[str, Any], **more: Any) -> Road:
    return Road(
        call=lambda values: call.call(
            "satudata_wish_step", **values, step=step, wish=str(found["number"])
        ),
        done=tk._("The step is taken."),
        **more,
    )


def _accepting(found: Mapping[str, Any]) -> Road:
    rules = wishes()
    return _road(
        ACCEPT,
        found,
        title=tk._("Accept into the public list"),
        intro=tk._("These words become public. Reword what names somebody."),
        button=tk._("Accept"),
        fields=[
            field(
                "title",
                "line",
                tk._("Which data"),
                max_length=rules.title.max_length,
                value=found["title"],
            ),
            field(
                "text",
                "text",
                tk._("What for, and of which time and place"),
                max_length=rules.text.max_length,
                value=found["text"],
            ),
        ],
    )


def _answer_field() -> Field:
    return field(
        "answer",
        "text",
        tk._("Answer"),
        help=tk._(
            "Everybody reads it. Of data that exist and are hidden say what you would say if they "
            "did not exist."
        ),
        max_length=wishes().answer.max_length,
    )


def _declining(found: Mapping[str, Any]) -> Road:
    return _road(
        DECLINE,
        found,
        title=tk._("Do not accept"),
        intro=tk._("It is never public. Whoever asked reads why."),
        button=tk._("Do not accept"),
        fields=[_answer_field()],
    )


def _merging(found: Mapping[str, Any]) -> Road:
    return _road(
        MERGE,
        found,
        title=tk._("Merge with another"),
        intro=tk._("Its mailboxes are counted there, each once, and follow that one."),
        button=tk._("Merge"),
        fields=[field("into", "line", tk._("Number of the other"), max_length=9)],
    )


def _answering(found: Mapping[str, Any]) -> Road:
    choices = [Choice(name, tk._(each.label)) for name, each in wishes().outcomes.items()]
    return _road(
        ANSWER,
        found,
        title=tk._("Answer"),
        intro=tk._("Everybody who asked for it is told by e-mail that there is an answer."),
        button=tk._("Send the answer"),
        fields=[
            field("outcome", "choice", tk._("Outcome"), choices=choices),
            _answer_field(),
            field(
                "dataset",
                "line",
                tk._("Dataset"),
                help=tk._("Name of the dataset that is there now, from its address."),
                required=False,
                max_length=100,
            ),
        ],
    )


BOTH = ["GET", "POST"]
HOME, DESK = "/minta-data", "/satudata/minta-data"
of_wishes.add_url_rule(HOME, "listed", listed)
of_wishes.add_url_rule(f"{HOME}/baru", "ask", ask, methods=BOTH)
of_wishes.add_url_rule(f"{HOME}/konfirmasi/<token>", "confirm", confirm, methods=BOTH)
of_wishes.add_url_rule(f"{HOME}/saya/<token>", "mine", mine, methods=BOTH)
of_wishes.add_url_rule(f"{HOME}/<number>", "one", one, methods=BOTH)
of_wishes.add_url_rule(DESK, "desk", desk)
of_wishes.add_url_rule(f"{DESK}/<number>", "judged", judged, methods=BOTH)
page_names.known_as(
    wish_confirm="satudata_wishes.confirm",
    wish_mine="satudata_wishes.mine",
    wish_desk="satudata_wishes.judged",
)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [of_wishes]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_sees_wishes.__name__: satudata_sees_wishes}
