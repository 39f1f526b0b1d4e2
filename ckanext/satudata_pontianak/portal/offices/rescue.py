"""For the site as a whole, on pages: emergency access, and a second factor that somebody lost."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk

from ...agencies import registry
from ...agencies.rules import break_glass
from ..web import call, form_page
from ..web.form_page import Attempt, Road, field
from .emergency import until_and_reason

rescue = flask.Blueprint("satudata_rescue", __name__)


def _only_administrators() -> Any:
    """Send away whoever is no system administrator; nothing for one who is."""
    if not call.logged_in():
        return call.log_in()
    if not getattr(tk.current_user, "sysadmin", False):
        text = tk._("Emergency access is for system administrators, with a reason and an end")
        return tk.abort(403, text)
    return None


def _runs() -> bool:
    actor = registry.actor_from_context(call.context())
    return break_glass.covering(actor, None) is not None


def _page(road: Road, attempt: Attempt) -> Any:
    shown = {"road": road, "fields": attempt.fields, "errors": attempt.errors}
    return flask.make_response(tk.render("satudata/road.html", shown), attempt.status)


def start() -> Any:
    """Start emergency access for the whole site, with a reason and an end."""
    if (refused := _only_administrators()) is not None:
        return refused
    road = Road(
        title=tk._("Emergency access for the whole site"),
        intro=tk._(
            "With it you set a password, a token or a second factor of somebody else, or give a "
            "membership to an account of yours. It gives no duty, it is recorded, and what "
            "memberships were given by it end with it."
        ),
        button=tk._("Start emergency access"),
        fields=until_and_reason(),
        call=lambda values: call.call("satudata_break_glass_start", **values),
        done=tk._("Emergency access has started. The start was recorded."),
        links=[(tk._("Reset a second factor"), tk.h.url_for("satudata_rescue.factor"))],
    )
    attempt = form_page.travel(road)
    return tk.redirect_to("satudata_rescue.factor") if attempt.done else _page(road, attempt)


def factor() -> Any:
    """Take away the second factor of somebody who lost it, under emergency access."""
    if (refused := _only_administrators()) is not None:
        return refused
    road = Road(
        title=tk._("Reset a second factor"),
        intro=tk._(
            "For somebody who lost their telephone and their printed codes. Make sure that it is "
            "them. It is recorded, they are told, their sessions end, and they set up a new one "
            "with their next log-in."
        ),
        button=tk._("Reset the second factor"),
        fields=[field("id", "line", tk._("Username of the person"), max_length=100)],
        call=_reset,
        done=tk._("The second factor was reset; the person is told."),
        links=[]
        if _runs()
        else [
            (
                tk._("It needs emergency access for the whole site: start it first"),
                tk.h.url_for("satudata_rescue.start"),
            )
        ],
    )
    attempt = form_page.travel(road)
    return tk.redirect_to("satudata_rescue.factor") if attempt.done else _page(road, attempt)


def _reset(values: Any) -> Any:
    try:
        return call.call("satudata_second_factor_reset", **values)
    except tk.ObjectNotFound:
        raise tk.ValidationError({"id": [tk._("User not found")]}) from None


rescue.add_url_rule("/satudata/akses-darurat", "start", start, methods=["GET", "POST"])
rescue.add_url_rule("/satudata/akses-darurat/kode", "factor", factor, methods=["GET", "POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [rescue]
