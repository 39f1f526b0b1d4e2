"""Whoever changes something must mean it: the token of the session, or an API token.

CKAN exempts a *view* from its protection for the whole process as soon as one call to it carried
an API token or nobody's name. Here a request is exempt, never a view: Flask-WTF's check of every
request is switched off by its own option, and this one takes its place for all of them.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import flask
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug import exceptions
from wtforms.validators import ValidationError

import ckan.plugins.toolkit as tk
from ckan import types
from ckan.config.middleware.flask_app import ckan_before_request

from .. import config
from ..msgids import N_
from ..surface import methods

HEADERS = ("X-CSRFToken", "X-CSRF-Token")
STALE = N_(
    "Nothing was changed: this was not sent from a page of this site that is still valid. Go back, "
    "load the page anew and send it once more."
)
UNDECLARED = N_("Nothing was changed: this address is not written to by this site.")
BY_POST = N_("Nothing was changed: call this action by POST.")

# What the page with one button says, for each endpoint of `acts`: title, what happens, the button.
ACTS = {
    "user.logout": (
        N_("Log out"),
        N_("This ends your session in this browser. Sessions elsewhere go on."),
        N_("Log out"),
    ),
    "harvester.refresh": (
        N_("Harvest again"),
        N_("This begins a new job that fetches the datasets of this source."),
        N_("Begin the job"),
    ),
    "harvester.clear": (
        N_("Clear a harvest source"),
        N_("This removes every dataset, job and record that came from this source."),
        N_("Clear the source"),
    ),
    "harvester.delete": (
        N_("Delete a harvest source"),
        N_("This deletes the source; no more datasets are fetched from it."),
        N_("Delete the source"),
    ),
    "harvester.job_abort": (
        N_("Abort a harvest job"),
        N_("This aborts the job that runs for this source."),
        N_("Abort the job"),
    ),
}

pages = flask.Blueprint("satudata_callers", __name__)


class Caller(Enum):
    """By what somebody is known."""

    NOBODY = "nobody"
    TOKEN = "token"  # noqa: S105 -- a kind, no secret
    SESSION = "session"


def caller() -> Caller:
    """Return by what whoever calls is known; what is not an API token counts as a session."""
    if not tk.current_user.is_authenticated:
        return Caller.NOBODY
    # Core sets it where the header was read; it is set for who is nobody as well.
    return Caller.TOKEN if flask.g.get("login_via_auth_header") else Caller.SESSION


def is_on() -> bool:
    """Tell whether tokens are asked for: always, but where a test switched them off."""
    app = flask.current_app
    return not app.testing or bool(tk.asbool(app.config.get("WTF_CSRF_ENABLED", True)))


def _guard() -> Any:
    request = flask.request
    endpoint = request.endpoint
    if endpoint is None:
        return None  # an unknown address or method, which Flask refuses
    if request.method in methods.SAFE:
        return _read(endpoint)
    kind = methods.kind(endpoint)
    if kind is None:
        raise exceptions.MethodNotAllowed(description=tk._(UNDECLARED))
    if kind in (methods.Kind.READS, methods.Kind.BY_LINK) or not is_on():
        return None
    known_by = caller()
    if known_by is Caller.TOKEN or (kind is methods.Kind.API and known_by is Caller.NOBODY):
        return None
    if not _is_meant():
        if kind is methods.Kind.API:
            return _told(403, tk._(STALE))
        raise CSRFError(tk._(STALE))
    flask.g.csrf_valid = True  # forms of Flask-WTF need not look again
    return None


def _read(endpoint: str) -> Any:
    request = flask.request
    if endpoint == methods.declared().api and request.method != "OPTIONS":
        action = (request.view_args or {}).get("logic_function", "")
        # Core takes HEAD for a POST, and believes plugins about what has no side effects.
        return None if methods.is_read(action) else _told(405, tk._(BY_POST))
    if methods.acts_by_get(endpoint) and request.method != "OPTIONS":
        if not tk.current_user.is_authenticated and endpoint == "user.logout":
            return None
        title, what, button = ACTS[endpoint]
        shown = {"title": tk._(title), "what": tk._(what), "button": tk._(button)}
        answer = flask.make_response(tk.render("satudata/confirm.html", shown))
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
    return None


def _is_meant() -> bool:
    """Tell whether this comes from a page of the site, made for this session."""
    request = flask.request
    said = request.headers
    if not methods.is_from_here(
        config.site_url(),
        request.host,
        said.get("Origin"),
        said.get("Referer"),
        said.get("Sec-Fetch-Site"),
    ):
        return False
    token = next((said[name] for name in HEADERS if said.get(name)), None)
    if token is None:
        token = request.form.get(flask.current_app.config["WTF_CSRF_FIELD_NAME"])
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True


def _told(status: int, message: str) -> flask.Response:
    """Return a refusal in the envelope of CKAN's API."""
    kind = "Authorization Error" if status == 403 else "Bad Request"
    error = {"__type": kind, "message": message}
    answer = flask.jsonify({"success": False, "error": error})
    answer.status_code = status
    if status == 405:
        answer.headers["Allow"] = "POST, OPTIONS"
    return answer


def _abort_job(source: str, id: str) -> Any:
    """Abort a harvest job: harvest's own page does it by GET."""
    view = flask.current_app.view_functions.get("harvester.job_abort")
    return view(source=source, id=id) if view else tk.abort(404)


pages.add_url_rule("/harvest/<source>/job/<id>/abort", "abort_job", _abort_job, methods=["POST"])


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprint of what core and its plugins do by GET."""
    return [pages]


def install(app: types.CKANApp) -> None:
    """Let every request of an application pass the guard, and none be exempt by its view.

    It stands behind CKAN's own first step, which says who calls, and before all others: blueprints
    may act before any view does.
    """
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    steps = app.before_request_funcs.setdefault(None, [])
    steps.insert(steps.index(ckan_before_request) + 1, _guard)
