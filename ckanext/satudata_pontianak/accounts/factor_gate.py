"""Until the second factor was shown, somebody who needs one is nobody.

CKAN asks here who a session belongs to. Where a code is still missing the answer is: nobody. So
every page, every action and every door of another plugin is as closed as to a stranger, and
somebody who is given a deciding duty while signed in is asked with their next request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib import api_token

from .. import clock, config
from ..surface.accounts import accounts
from . import factors

WAITING = "satudata_waiting"
DONE = "satudata_factor"
PAGE = "satudata_accounts.factor"
OPEN = frozenset(
    {PAGE, "user.logout", "user.login", "static", "webassets.index", "api.i18n_js_translations"}
)
"""What is answered to a browser whose person still owes a code."""


@dataclass(frozen=True)
class Waiting:
    """Whose code is awaited in this browser, and where they wanted to go."""

    user: model.User
    target: str | None


def identify(user_id: str | None) -> model.User | model.AnonymousUser | None:
    """Say who a session belongs to; ``None`` leaves the answer to CKAN.

    A token decides before the session, as in CKAN; one that is worth nothing opens no session.
    """
    if user_id is None or not config.second_factor():
        return None
    token = flask.request.headers.get(str(tk.config["apitoken_header_name"]), "")
    owner = api_token.get_user_from_token(token) if token else None
    if owner is not None:
        flask.g.login_via_auth_header = True
        return owner
    user = model.User.get(user_id)
    if user is None or not factors.is_needed(user) or is_done(user.id):
        return None
    flask.g.satudata_waiting = user.id
    return model.AnonymousUser()


def is_done(user_id: str) -> bool:
    """Tell whether the factor that this person has now was shown in this session."""
    done = flask.session.get(DONE)
    if not isinstance(done, dict):
        return False
    factor = factors.of(user_id)
    return factor is not None and done.get("factor") == factor.id


def is_fresh(user_id: str) -> bool:
    """Tell whether it was shown some minutes ago at most."""
    if not flask.has_request_context() or not is_done(user_id):
        return False
    at, most = flask.session[DONE].get("at"), accounts().second_factor.fresh_minutes * 60
    return isinstance(at, (int, float)) and 0 <= _now() - at <= most


def mark(user_id: str) -> None:
    """Write down that the factor was shown in this session."""
    factor = factors.of(user_id)
    if factor is not None:
        flask.session[DONE] = {"factor": factor.id, "at": _now()}


def wait(user: model.User, target: str | None) -> Any:
    """Lead somebody whose password was right to the page of the code."""
    flask.session[WAITING] = {"user": user.id, "at": _now(), "target": target}
    return tk.redirect_to(PAGE)


def waiting() -> Waiting | None:
    """Return whose code is awaited: after a right password, or in a session without one."""
    asked = flask.session.get(WAITING)
    signed_in = flask.g.get(WAITING)
    if isinstance(asked, dict) and (not signed_in or asked.get("user") == signed_in):
        at = asked.get("at")
        most = accounts().second_factor.wait_minutes * 60
        late = not isinstance(at, (int, float)) or not 0 <= _now() - at <= most
        if not late or signed_in:
            return _waiting(signed_in or asked.get("user"), asked.get("target"))
        flask.session.pop(WAITING, None)
    return _waiting(signed_in, None) if signed_in else None


def _now() -> float:
    return clock.now().timestamp()


def _waiting(user_id: Any, target: Any) -> Waiting | None:
    user = model.User.get(str(user_id))
    if user is None or user.state != model.State.ACTIVE:
        return None
    return Waiting(user, target if isinstance(target, str) else None)


def ask() -> Any:
    """Lead a browser whose person still owes a code to its page; programs are refused."""
    if not flask.g.get(WAITING) or flask.request.endpoint in OPEN:
        return None
    if flask.request.path.startswith("/api/"):
        said = tk._("Enter the code of your second factor first: open the portal in the browser.")
        error = {"__type": "Authorization Error", "message": said}
        return flask.jsonify({"success": False, "error": error}), 403
    if flask.request.method in ("GET", "HEAD"):
        target = flask.request.full_path.rstrip("?")
        flask.session[WAITING] = {"user": flask.g.get(WAITING), "at": _now(), "target": target}
    return tk.redirect_to(PAGE)


def install(app: types.CKANApp) -> None:
    """Ask before every page."""
    app.before_request(ask)
