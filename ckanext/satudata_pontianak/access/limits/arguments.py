"""Calls of the API whose arguments are what their names say; others are refused by name."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types

from ...msgids import N_
from ...surface import arguments, keys
from . import sent, short_answers

ENDPOINT = "api.action"
UNKNOWN, REFUSED, WRONG = 400, 403, 409
LOG_IN = N_("Log in first.")
NO_ACTION = N_("There is no action of this name.")
TITLE = N_("An argument is not what its name says")


def _check() -> flask.Response | None:
    request = flask.request
    if request.endpoint != ENDPOINT:
        return None
    action = str((request.view_args or {}).get("logic_function"))
    if action in arguments.declared().closed:
        return _answer(UNKNOWN, tk._(NO_ACTION), {})
    if arguments.asks_for_account(action) and not tk.current_user.is_authenticated:
        return _answer(REFUSED, tk._(LOG_IN), {"__type": "Authorization Error"})
    wrong: dict[str, str] = {}
    for read in list(sent.of_call()) or [{}]:
        wrong |= arguments.missing(action, read) | arguments.wrong(action, read)
    wrong |= dict.fromkeys(arguments.unknown(action, request.files), "unknown")
    if not wrong:
        return None
    said = {
        keys.shortened(name): [tk._(arguments.SAID[kind]) % _known(action, name, kind)]
        for name, kind in wrong.items()
    }
    detail = "; ".join(f"{name}: {texts[0]}" for name, texts in said.items())
    return _answer(WRONG, detail, {"__type": "Validation Error", **said})


def _known(action: str, name: str, kind: str) -> dict[str, str]:
    choice = {"unknown": arguments.takes(action), "word": arguments.words(name)}.get(kind)
    return {} if choice is None else {"known": ", ".join(choice) or "-"}


def _answer(status: int, detail: str, errors: dict[str, Any]) -> flask.Response:
    body, kind = short_answers.written(
        status,
        detail if status != WRONG else tk._(TITLE),
        detail,
        language=tk.h.lang(),
        path=flask.request.path,
        accepted=flask.request.headers.get("Accept", ""),
        errors=errors,
    )
    return flask.Response(body, status, short_answers.said(), content_type=kind)


def install(app: types.CKANApp) -> None:
    """Look at the arguments of every call before its action does."""
    arguments.declared()
    app.before_request(_check)
