"""Pages behind the links in mails: confirm a request, follow it, use what was granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ...classification.requests import steps
from ...classification.rules.refusals import Refused
from ..web import call
from ..web.request_forms import button, closed, field, filled, note, read, tried


def confirm(token: str) -> Any:
    """Confirm a request: looking at the link (GET, HEAD) changes nothing, the button does."""
    if flask.request.method != "POST":
        return button(
            tk._("Confirm your request"),
            tk._("With this button your request is sent to those who answer it."),
            tk._("Confirm the request"),
        )
    done, errors, _ = tried(lambda: call.call("satudata_access_request_confirm", token=token), ())
    if done is None:
        return note(tk._("This is not possible"), " ".join(errors[""]), 409)
    text = tk._(
        "Your request no. %(number)s was received. You are answered by e-mail until %(due)s."
    )
    due = tk.h.satudata_day(done["due"])
    tk.h.flash_success(text % {"number": done["number"], "due": due})
    return tk.redirect_to("satudata.request_follow", token=done["token"])


def claim(token: str) -> Any:
    """Bind what was granted to an account: one that is logged in, or one that is made here."""
    try:
        _, row = steps.claimable(token)
    except Refused as refusal:
        return note(tk._("This is not possible"), refusal.message.text(tk._), 409)
    finally:
        model.Session.rollback()
    title, email = tk._("Use your access"), row.email or ""
    if call.logged_in():
        if flask.request.method != "POST":
            text = tk._("With this button the access is bound to your account.")
            return button(title, text, tk._("Bind to my account"), screen="claim")
        return _claimed(token)
    fields = [
        field("name", "line", tk._("User name"), form="claim"),
        field("password", "password", tk._("Password"), form="claim"),
    ]
    errors: dict[str, list[str]] = {}
    status = 200
    if flask.request.method == "POST":
        values = read(fields)
        done, errors, status = tried(lambda: _make_account(values, email), ["name", "password"])
        if done is not None:
            tk.login_user(done)
            return _claimed(token)
        values.pop("password", None)
        fields = filled(fields, values, errors)
    shown = {"title": title, "fields": fields, "errors": errors, "came_from": flask.request.path}
    return closed(tk.render("satudata/claim.html", shown), status)


def _make_account(values: Mapping[str, Any], email: str) -> model.User:
    """Make the account of somebody whom PPID gave access and whose mailbox is confirmed.

    A site need not let everybody make accounts: the grant is the invitation, and this address,
    which the person cannot choose here, is the one that it was sent to.
    """
    context: Any = {"user": "", "ignore_auth": True}
    made = tk.get_action("user_create")(context, {**values, "email": email})
    user = model.User.get(made["id"])
    if user is None:
        raise tk.ObjectNotFound
    return user


def _claimed(token: str) -> Any:
    grant, errors, _ = tried(lambda: call.call("satudata_access_grant_claim", token=token), ())
    if grant is None:
        return note(tk._("This is not possible"), " ".join(errors[""]), 403)
    tk.h.flash_success(tk._("The access is bound to your account."))
    return tk.redirect_to("satudata.request", request_id=grant["request"])
