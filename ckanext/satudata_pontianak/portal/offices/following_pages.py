"""Pages of following: the form, the links in mails, and what an account follows."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ...access.following import digests, follows, targets
from ...access.following.actions import followed
from ...access.following.rules import SEARCH, following
from ...access.following.targets import Target
from ...access.limits import rates
from ...agencies import registry
from ...classification.rules.refusals import Refused
from ...surface import page_names
from ..web import call, form_page
from ..web.form_page import Road, field
from ..web.request_forms import button, closed, note

LIMITED = "following"
of_following = flask.Blueprint("satudata_follow", __name__)


def form(word: str, target: str) -> Any:
    """Show the form by which something is followed, or take it."""
    found = named(word, target)
    if flask.request.method == "POST":
        rates.admit(LIMITED)
    road = _road(found)
    attempt = form_page.travel(road)
    if attempt.done and call.logged_in():
        tk.h.flash_success(attempt.result["message"])
        return tk.redirect_to("satudata_follow.mine")
    if attempt.done:
        return note(tk._("Open the link that was sent to you"), attempt.result["message"])
    shown = {
        "target": found,
        "word": word,
        "road": road,
        "fields": attempt.fields,
        "errors": attempt.errors,
    }
    return closed(tk.render("satudata/following/form.html", shown), attempt.status)


def named(word: str, target: str) -> Target:
    """Return what an address names; what is hidden is answered as what does not exist."""
    kind = following().kind_of(word)
    actor = registry.actor_from_context(call.context())
    found = targets.find(actor, kind, target) if kind else None
    return found or tk.abort(404, tk._("There is nothing of this name that you could follow."))


def _road(target: Target) -> Road:
    fields = []
    if not call.logged_in():
        help_ = tk._("A link is sent there. You are told of nothing before you opened it.")
        why = tk._(
            "Purpose: to send you the news. It is shown to nobody, and erased when you end it."
        )
        help_ = f"{help_} {form_page.mailbox_notice(why)}"
        fields.append(field("email", "email", tk._("Your e-mail address"), help=help_))
    intro = tk._(
        "You get one mail of what is new: when data are published, come anew, are held back or "
        "closed. At most one a day, and none where nothing happened. Each has a link that ends it."
    )
    return Road(
        title=tk._("Follow"),
        intro=intro,
        button=tk._("Follow"),
        fields=fields,
        call=lambda values: call.call(
            "satudata_follow_create", **values, kind=target.kind, target=target.name
        ),
    )


def confirm(token: str) -> Any:
    """Confirm a mailbox: looking at the link (GET, HEAD) changes nothing, the button does."""
    if flask.request.method != "POST":
        row = follows.asked(token)
        target = follows.named(row) if row is not None else None
        text = tk._("With this button you are told of what is new, by mail, until you end it.")
        if target:
            text = f"{tk._('To be followed: {title}').format(title=target.title)}. {text}"
        return button(tk._("Confirm that you want to be told of news"), text, tk._("Confirm"))
    try:
        row = follows.confirm(token)
    except Refused as refusal:
        return note(tk._("This is not possible"), refusal.message.text(tk._), 409)
    target = follows.named(row)
    if target is None:
        text = tk._("You are told of what is new there. Each mail has a link that ends it.")
        return note(tk._("You follow it"), text)
    text = tk._("You are told of what is new. Each mail has a link that ends it.")
    way = (target.title, satudata_page_of(target.kind, target.name))
    return note(tk._("You follow: {title}").format(title=target.title), text, links=[way])


def stop(token: str) -> Any:
    """End all mails and erase the address: by a button, or as RFC 8058 has it.

    A mail program sends the POST without a session: the link that was sent is the proof. Whoever
    was forgotten already is answered as who is forgotten now. A mail is handed on, so the page
    names nothing that is followed: that is sent to the mailbox.
    """
    whose = follows.by_link(token)
    if flask.request.method != "POST":
        return closed(tk.render("satudata/following/stop.html", {}))
    if flask.request.form.get("act") == follows.CHOOSE:
        if whose is not None:
            follows.ask_to_choose(whose)
        text = tk._("A link to all that is followed there is on its way to the address.")
        return note(tk._("Open the link that was sent to you"), text)
    if whose is not None:
        follows.stop(whose)
        model.Session.expire_all()
    return _ended()


def _ended() -> Any:
    text = tk._("No more mails are sent to you, and no address of yours is kept for them.")
    return note(tk._("You follow nothing any more"), text)


def choose(token: str) -> Any:
    """List what a mailbox follows to who opened the link that was sent there, and end some."""
    try:
        whose = follows.by_choosing(token)
    except Refused as refusal:
        return note(tk._("This is not possible"), refusal.message.text(tk._), 404)
    if flask.request.method != "POST":
        # Whoever follows by mailbox is a visitor.
        rows = follows.followed(whose)
        shown = {"follows": [followed(row, digests.reader(whose)) for row in rows]}
        return closed(tk.render("satudata/following/choose.html", shown))
    one = flask.request.form.get("id", "").replace("\x00", "")
    follows.stop(whose, [one] if one else None)
    model.Session.expire_all()
    try:
        follows.by_choosing(token)
    except Refused:
        return _ended()
    tk.h.flash_success(tk._("You are told of it no more."))
    return tk.redirect_to("satudata_follow.choose", token=token)


def mine() -> Any:
    """List what an account follows, and end some of it."""
    if not call.logged_in():
        return call.log_in()
    if flask.request.method == "POST":
        named_ = flask.request.form.get("id", "").replace("\x00", "")
        call.call("satudata_follow_delete", **({"id": named_} if named_ else {}))
        tk.h.flash_success(tk._("You are told of it no more."))
        return tk.redirect_to("satudata_follow.mine")
    found = call.call("satudata_follow_list")
    shown = {"follows": found["results"], "address": satudata_page_of}
    return closed(tk.render("satudata/following/mine.html", shown))


def satudata_page_of(kind: str, name: str) -> str:
    """Return the address of the page of something that is followed."""
    if kind == SEARCH:
        return f"{tk.h.url_for('dataset.search')}?{name}"
    endpoint, key = {
        "dataset": ("dataset.read", "id"),
        "agency": ("organization.read", "id"),
        "topic": ("satudata_portal.topic", "code"),
        "region": ("satudata_portal.region", "code"),
    }[kind]
    return str(tk.h.url_for(endpoint, **{key: name}))


BOTH = ["GET", "POST"]
of_following.add_url_rule("/ikuti", "mine", mine, methods=BOTH)
of_following.add_url_rule("/ikuti/<word>/<target>", "form", form, methods=BOTH)
of_following.add_url_rule("/ikuti/konfirmasi/<token>", "confirm", confirm, methods=BOTH)
of_following.add_url_rule("/ikuti/berhenti/<token>", "stop", stop, methods=BOTH)
of_following.add_url_rule("/ikuti/daftar/<token>", "choose", choose, methods=BOTH)
page_names.known_as(
    follows="satudata_follow.mine",
    follow_confirm="satudata_follow.confirm",
    follow_stop="satudata_follow.stop",
    follow_choose="satudata_follow.choose",
)


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of this module."""
    return [of_following]
