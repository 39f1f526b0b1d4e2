"""Pages of works made of the data: list, propose, confirm, withdraw, accept and decline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...access.limits import rates
from ...access.reading import problems
from ...agencies import registry
from ...jepin.reports import photos
from ...jepin.reuses import actions, proposing
from ...jepin.rules.point_definition import common
from ...jepin.rules.report_rules import reports
from ...jepin.rules.reuse_rules import ACCEPT, DECLINE, REMOVE, reuses
from ...surface import page_names
from ..smki.pages import called, paged, stepped
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.forms import Choice, Field
from ..web.request_forms import button, closed, note, tried
from . import report_pages

of_reuses = flask.Blueprint("satudata_reuses", __name__)

ON_A_DATASET = 5
"""So many stand on the page of a dataset; the others behind a link."""


def listed() -> Any:
    """List works that a person accepted, newest first, or those made of one dataset."""
    named = _named()
    asked = {"dataset": named} if named else {}
    found = paged("satudata_reuse_list", "reuses", "satudata_reuses.listed", **asked)
    return closed(tk.render("satudata/reuses/listed.html", {**found, "dataset": named}))


def _named() -> str:
    return flask.request.args.get("dataset", "").replace("\x00", "").strip()


def propose() -> Any:
    """Show the form for a work, or take it; nobody needs an account."""
    if flask.request.method == "POST":
        rates.admit("requests of the public")
    road = _proposing()
    attempt = form_page.travel(road)
    if attempt.done and attempt.result["token"]:
        return tk.redirect_to("satudata_reuses.mine", token=attempt.result["token"])
    if attempt.done:
        return note(tk._("Open the link that was sent to you"), attempt.result["message"])
    shown = {"road": road, "fields": attempt.fields, "errors": attempt.errors}
    return closed(tk.render("satudata/reuses/propose.html", shown), attempt.status)


def _proposing() -> Road:
    rules = reuses()
    megabytes = common().photos.bytes // 1_000_000
    fields = [
        *_words({}),
        field(
            "kind",
            "choice",
            tk._("What it is"),
            choices=[Choice(name, tk._(each.label)) for name, each in rules.kinds.items()],
        ),
        field(
            "url",
            "line",
            tk._("Its page"),
            help=tk._("An address that begins with https://. It is shown, and never fetched."),
            max_length=rules.url,
        ),
        field(
            "datasets",
            "text",
            tk._("Datasets of which it was made"),
            help=tk._("One a line: its name, or the address of its page."),
            value=_named()[:200] or None,
        ),
        field(
            photos.FIELD,
            "file",
            tk._("An image of it"),
            help=tk._(
                "JPEG, PNG or WebP, at most %(megabytes)s MB, with nobody in it. It is drawn anew "
                "and holds nothing but what is seen."
            )
            % {"megabytes": megabytes},
            required=False,
        ),
    ]
    if not call.logged_in():
        why = tk._(
            "Purpose: to confirm the proposal, to answer it, and to withdraw it. It is shown to "
            "nobody, and erased when you withdraw it, or {days} days after it was declined; "
            "without confirmation after {hours} hours."
        ).format(days=rules.kept.ended_days, hours=rules.kept.confirm_hours)
        help_ = f"{tk._('A link is sent there.')} {form_page.mailbox_notice(why)}"
        fields.append(field("email", "email", tk._("Your e-mail address"), help=help_))
    return Road(
        title=tk._("Propose a work"),
        intro=tk._(
            "Walidata reads it and accepts or declines it within {days} working days. Nothing is "
            "public before, and who proposed it is shown to nobody."
        ).format(days=rules.accept_within),
        button=tk._("Propose it"),
        fields=fields,
        call=_send,
    )


def _send(values: Mapping[str, Any]) -> Any:
    lines = str(values.get("datasets", "")).split()
    names = [line.partition("?")[0].rstrip("/").rpartition("/")[2] for line in lines]
    return call.call("satudata_reuse_create", **{**values, "datasets": names})


def _words(stands: Mapping[str, Any]) -> list[Field]:
    rules = reuses()
    return [
        field(
            "title",
            "line",
            tk._("Name of the work"),
            max_length=rules.title.max_length,
            value=stands.get("title"),
        ),
        field(
            "text",
            "text",
            tk._("What it shows"),
            help=tk._("Name no person and no number of a person."),
            max_length=rules.text.max_length,
            value=stands.get("text"),
        ),
        field(
            "maker",
            "line",
            tk._("Public name of who made it"),
            help=tk._("It stands beside the work. Leave it empty to stay unnamed."),
            required=False,
            max_length=rules.maker.max_length,
            value=stands.get("maker"),
        ),
    ]


def one(number: str) -> Any:
    """Show a work of the public list."""
    found = called("satudata_reuse_show", reuse=number)
    if found["state"] != "public" or found["withheld"]:
        return tk.abort(404, tk._("Not found"))
    return closed(tk.render("satudata/reuses/one.html", {"reuse": found}))


def report(number: str) -> Any:
    """Show the form of a report of a work in the public list, or take it; nobody is named."""
    found = called("satudata_reuse_show", reuse=number)
    if found["state"] != "public" or found["withheld"]:
        return tk.abort(404, tk._("Not found"))
    if flask.request.method == "POST":
        rates.admit("citizens' reports")
    road = Road(
        title=tk._("Report that something is not right"),
        intro=tk._(
            "Walidata looks at it, answers, and may take the work off the list. You need no "
            "account and give no name: you get an address at which the answer stands."
        ),
        button=tk._("Send the report"),
        fields=report_pages.asked_of(reports().kinds_of("", work=True)),
        call=lambda values: call.call("satudata_reuse_report", **values, reuse=number),
        done=tk._("The report is with Walidata. Keep the address of this page."),
    )
    attempt = form_page.travel(road)
    if attempt.done:
        return tk.redirect_to("satudata_jepin.followed", code=attempt.result["code"])
    of = {"title": found["title"], "url": tk.h.url_for("satudata_reuses.one", number=number)}
    return report_pages.reporting_page(of, attempt, road)


def picture(number: str) -> Any:
    """Give the picture of a work to who may see it; no cache keeps it."""
    try:
        row, _, known = actions.found(call.context(), {"reuse": number})
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Not found"))
    if not row.pictured or known is None:
        return tk.abort(404, tk._("Not found"))
    response = flask.Response(row.picture, mimetype="image/jpeg")
    response.headers["Cache-Control"] = problems.CLOSED
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Content-Disposition"] = "inline"
    return response


def confirm(token: str) -> Any:
    """Confirm a mailbox: looking at the link (GET, HEAD) changes nothing, the button does."""
    if flask.request.method != "POST":
        return button(
            tk._("Confirm your proposal"),
            tk._("With this button Walidata reads your proposal."),
            tk._("Confirm the proposal"),
        )
    done, errors, _ = tried(lambda: call.call("satudata_reuse_confirm", token=token), ())
    if done is None:
        return note(tk._("This is not possible"), " ".join(errors[""]), 409)
    return tk.redirect_to("satudata_reuses.mine", token=done["token"])


def mine(token: str) -> Any:
    """Show a work to who proposed it, and withdraw it."""
    found = called("satudata_reuse_show", token=token)
    road = Road(
        title=tk._("Withdraw the work"),
        intro=tk._("It leaves the list, and your address is erased. This cannot be undone."),
        button=tk._("Withdraw it and erase my address"),
        fields=[],
        call=lambda _: call.call("satudata_reuse_withdraw", token=token),
    )
    attempt, drawn = stepped({"withdraw": road}, "act")
    if attempt is not None and attempt.done:
        text = tk._("The work is withdrawn, and nothing is kept of who proposed it.")
        return note(tk._("The work is withdrawn"), text)
    body = tk.render("satudata/reuses/mine.html", {"reuse": found, "token": token, **drawn})
    return closed(body, attempt.status if attempt else 200)


def own() -> Any:
    """List the works that the reader proposed with their account."""
    if not call.logged_in():
        return call.log_in()
    found = paged("satudata_reuse_list", "reuses", "satudata_reuses.own", list=actions.MINE)
    return closed(tk.render("satudata/reuses/own.html", found))


def satudata_sees_reuses() -> bool:
    """Tell whether the reader has a desk of proposed works."""
    if not call.logged_in():
        return False
    return proposing.sees_desk(registry.actor_from_context(call.context()))


def desk() -> Any:
    """List works that wait to be accepted, were declined, or are public."""
    if not call.logged_in():
        return call.log_in()
    if not satudata_sees_reuses():
        return tk.abort(403, tk._("This is for Walidata and the auditor."))
    asked = flask.request.args.get("list", "waiting")
    name = asked if asked in actions.DESKS else "waiting"
    found = paged("satudata_reuse_list", "reuses", "satudata_reuses.desk", list=name)
    return closed(tk.render("satudata/reuses/desk.html", {**found, "list": name}))


def judged(number: str) -> Any:
    """Show a proposed work, and take the next step in it."""
    if not call.logged_in():
        return call.log_in()
    if not satudata_sees_reuses():
        return tk.abort(404, tk._("Not found"))
    found = called("satudata_reuse_show", reuse=number)
    made = {ACCEPT: _accepting, DECLINE: _declining, REMOVE: _removing}
    roads = {step: made[step](found) for step in found["steps"]}
    attempt, drawn = stepped(roads, "act")
    if attempt is not None and attempt.done:
        return tk.redirect_to("satudata_reuses.desk")
    body = tk.render("satudata/reuses/judged.html", {"reuse": found, **drawn})
    return closed(body, attempt.status if attempt else 200)


def _road(step: str, found: Mapping[str, Any], **more: Any) -> Road:
    return Road(
        call=lambda values: call.call(
            "satudata_reuse_step", **values, step=step, reuse=str(found["number"])
        ),
        done=tk._("The step is taken."),
        **more,
    )


def _accepting(found: Mapping[str, Any]) -> Road:
    pictures = [
        Choice(proposing.KEEP, tk._("Show it")),
        Choice(proposing.LEAVE_OUT, tk._("Leave it out")),
    ]
    asked = field("picture", "choice", tk._("Image"), choices=pictures, value=proposing.KEEP)
    return _road(
        ACCEPT,
        found,
        title=tk._("Accept into the public list"),
        intro=tk._(
            "These words become public. Open its page first: it has to be what it says it is, and "
            "to name the source of its data."
        ),
        button=tk._("Accept"),
        fields=[*_words(found), *([asked] if found["picture"] else [])],
    )


def _why() -> Field:
    return field(
        "answer",
        "text",
        tk._("Why"),
        help=tk._("Who proposed it reads it."),
        max_length=reuses().answer.max_length,
    )


def _declining(found: Mapping[str, Any]) -> Road:
    return _road(
        DECLINE,
        found,
        title=tk._("Do not accept"),
        intro=tk._("It is never public. Who proposed it is told by e-mail and reads why."),
        button=tk._("Do not accept"),
        fields=[_why()],
    )


def _removing(found: Mapping[str, Any]) -> Road:
    return _road(
        REMOVE,
        found,
        title=tk._("Take it off the public list"),
        intro=tk._("Nobody finds it any more. Who proposed it is told by e-mail and reads why."),
        button=tk._("Take it off"),
        fields=[_why()],
    )


def satudata_reuses(package_id: str) -> dict[str, Any]:
    """Return the works that stand on the page of a dataset, and how many there are."""
    return call.call("satudata_reuse_list", dataset=package_id, limit=ON_A_DATASET)


BOTH = ["GET", "POST"]
HOME, DESK = "/karya", "/satudata/karya"
of_reuses.add_url_rule(HOME, "listed", listed)
of_reuses.add_url_rule(f"{HOME}/baru", "propose", propose, methods=BOTH)
of_reuses.add_url_rule(f"{HOME}/konfirmasi/<token>", "confirm", confirm, methods=BOTH)
of_reuses.add_url_rule(f"{HOME}/saya", "own", own)
of_reuses.add_url_rule(f"{HOME}/saya/<token>", "mine", mine, methods=BOTH)
of_reuses.add_url_rule(f"{HOME}/<number>", "one", one)
of_reuses.add_url_rule(f"{HOME}/<number>/gambar.jpg", "picture", picture)
of_reuses.add_url_rule(f"{HOME}/<number>/lapor", "report", report, methods=BOTH)
of_reuses.add_url_rule(DESK, "desk", desk)
of_reuses.add_url_rule(f"{DESK}/<number>", "judged", judged, methods=BOTH)
page_names.known_as(
    reuse_confirm="satudata_reuses.confirm",
    reuse_mine="satudata_reuses.mine",
    reuse_desk="satudata_reuses.judged",
)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [of_reuses]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {each.__name__: each for each in (satudata_sees_reuses, satudata_reuses)}
