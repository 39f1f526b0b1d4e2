"""The reader's own sessions on a page: where they are signed in, and how to end that."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ..web import call
from ..web.request_forms import closed

pages = flask.Blueprint("satudata_sessions", __name__)


def satudata_browser_words(session: dict[str, Any]) -> str:
    """Return in words which browser a session is in."""
    name, system = session["browser"], session["system"]
    if name and system:
        return tk._("{browser} on {system}").format(browser=name, system=system)
    return name or system or tk._("A browser or program that does not say its name")


def show() -> Any:
    """List the reader's sessions, and end one of them or all."""
    if not call.logged_in():
        return call.log_in()
    problem = ""
    if flask.request.method == "POST":
        handle = flask.request.form.get("id", "")
        asked: dict[str, Any] = {"id": handle}
        if not handle:
            said = flask.request.form.get
            asked = {"all": said("all") == "ya", "keep_tokens": said("token") == "tetap"}
        try:
            call.call("satudata_session_end", **asked)
        except tk.ObjectNotFound as refusal:
            problem = str(refusal)
        except tk.ValidationError as refusal:
            problem = " ".join(str(text) for text in refusal.error_summary.values())
        else:
            if "_user_id" not in flask.session:
                return tk.redirect_to("user.logged_out_page")
            tk.h.flash_success(tk._("The session has ended."))
            return tk.redirect_to("satudata_sessions.show")
    shown = {
        "sessions": call.call("satudata_session_list"),
        "tokens": len(call.call("api_token_list", user_id=tk.current_user.id)),
        "problem": problem,
    }
    return closed(tk.render("satudata/sessions.html", shown), 409 if problem else 200)


pages.add_url_rule("/satudata/sesi", "show", show, methods=["GET", "POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of this module."""
    return [pages]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this page by name."""
    return {"satudata_browser_words": satudata_browser_words}
