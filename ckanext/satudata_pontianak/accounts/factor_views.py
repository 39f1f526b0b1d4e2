"""The page of the second factor: set it up, type its code, and keep it in order."""

from __future__ import annotations

import logging
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from ..ledger.service import append
from ..msgids import N_
from . import devices, factor_gate, factors, login, second_factor, sessions, telling
from .factor_key import FactorKeyError

log = logging.getLogger(__name__)

pages = flask.Blueprint("satudata_accounts", __name__)

WRONG = N_(
    "This code is not right, or it was used already. Wait for the next code of your telephone; its "
    "clock must be right."
)
TOO_OFTEN = N_(
    "Too many wrong codes. Wait, up to an hour, and try again; or use a printed code then."
)
NO_KEY = N_("The second factor cannot be used now. Tell the administrators of the portal.")
CLOSED = "private, no-store"


def factor() -> Any:
    """Ask for the code, or have a second factor set up; signed in, keep it in order."""
    try:
        if tk.current_user.is_authenticated:
            return _own(tk.current_user)  # type: ignore[arg-type]
        waiting = factor_gate.waiting()
        if waiting is None:
            return tk.redirect_to("user.login")
        user_id = waiting.user.id
        return _type(waiting) if factors.of(user_id) else _set_up(waiting)
    except FactorKeyError:
        log.exception("the key of second factors cannot be read")
        return _page("note", 503, error=tk._(NO_KEY))


def _sent(name: str = "code") -> str:
    return flask.request.form.get(name, "")[: second_factor.LONGEST]


def _type(waiting: factor_gate.Waiting) -> Any:
    if flask.request.method != "POST":
        return _page("code")
    user = waiting.user
    error = _try(user.id, lambda: factors.take(user.id, _sent()))
    if error:
        return _page("code", 422, error=error)
    left = factors.codes_left(user.id)
    if left < 3:
        text = tk.ungettext(
            "{number} printed code is left", "{number} printed codes are left", left
        )
        tk.h.flash_notice(
            text.format(number=left)
            + ". "
            + tk._("Print new ones on the page of the second factor.")
        )
    return login.open_session(user, waiting.target)


def _set_up(waiting: factor_gate.Waiting) -> Any:
    user = waiting.user
    secret = factors.begin(user.id)
    if flask.request.method != "POST":
        return _setting_up(user, secret)
    codes: list[str] = []

    def confirm() -> bool:
        codes.extend(factors.confirm(user.id, _sent()) or ())
        if codes:
            _record(user, "account.factor")
            telling.changed(user.id, telling.FACTOR)
        model.Session.commit()
        return bool(codes)

    error = _try(user.id, confirm)
    if error:
        return _setting_up(user, secret, error, 422)
    # A new factor ends what was open without it.
    sessions.end_all(user.id)
    login.open_session(user, None)
    return _page("codes", codes=codes, target=login.local(waiting.target))


def _setting_up(user: model.User, secret: str, error: str = "", status: int = 200) -> Any:
    text = second_factor.address(secret, user.name, str(tk.config.get("ckan.site_title") or "CKAN"))
    return _page(
        "set_up",
        status,
        error=error,
        picture=second_factor.picture(text),
        spelled=second_factor.spelled(secret),
    )


def _own(user: model.User) -> Any:
    """Show somebody who is signed in their factor; renew it or its printed codes with a code."""
    mine = factors.of(user.id)
    if mine is None:
        return tk.redirect_to("user.me")
    if flask.request.method != "POST":
        return _page("own", left=factors.codes_left(user.id), since=mine.confirmed_at)
    error = _try(user.id, lambda: factors.take(user.id, _sent()))
    if error:
        more = {"left": factors.codes_left(user.id), "since": mine.confirmed_at}
        return _page("own", 422, error=error, **more)
    if _sent("what") == "renew":
        factors.remove(user.id)
        _record(user, "account.factor_reset")
        telling.changed(user.id, telling.FACTOR_RESET)
        devices.forget(user.id)
        model.Session.commit()
        sessions.end_all(user.id, except_=sessions.current())
        return factor_gate.wait(user, None)
    codes = factors.print_codes(user.id)
    _record(user, "account.factor_codes")
    model.Session.commit()
    factor_gate.mark(user.id)
    return _page("codes", codes=codes, target=None)


def _try(user_id: str, check: Any) -> str:
    """Return what was wrong with a code, nothing where it was right; tries are counted."""
    device = devices.known_for(user_id)
    if not factors.may_try(user_id, device):
        login.blocked(user_id)
        return tk._(TOO_OFTEN)
    if not check():
        login.refused("login.code")
        return tk._(WRONG)
    factors.was_right(user_id, device)
    return ""


def _record(user: model.User, event: str) -> None:
    append(
        model.Session,
        event=event,
        actor_id=user.id,
        actor_name=user.name,
        detail={"user": user.id, "what": ["factor"]},
    )


def _page(what: str, status: int = 200, **shown: Any) -> Any:
    text = tk.render("satudata/second_factor.html", {"what": what, "error": "", **shown})
    response = flask.make_response(text, status)
    response.headers["Cache-Control"] = CLOSED
    return response


pages.add_url_rule("/satudata/masuk/kode", "factor", factor, methods=["GET", "POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the pages of accounts."""
    return [pages]
