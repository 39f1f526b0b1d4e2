"""Calls of the API whose arguments are what their names say; others are refused by name."""

from __future__ import annotations

from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types

from ..msgids import N_
from ..surface import arguments, keys
from . import sent, short_answers

ENDPOINT = "api.action"
UNKNOWN, WRONG = 400, 409
NO_ACTION = N_("There is no action of this name.")
TITLE = N_("An argument is not what its name says")


def _check() -> flask.Response | None:
    request = flask.request
    if request.endpoint != ENDPOINT:
        return None
    action = str((request.view_args or {}).get("logic_function"))
    if action in arguments.declared().closed:
        return _answer(UNKNOWN, tk._(NO_ACTION), {})
    wrong: dict[str, str] = {}
    for read in sent.of_call():
        wrong |= arguments.wrong(action, read)
    if not wrong:
        return None
    known = {"known": ", ".join(arguments.takes(action) or ()) or "-"}
    said = {
        keys.shortened(name): [tk._(arguments.SAID[kind]) % (known if kind == "unknown" else {})]
        for name, kind in wrong.items()
    }
    detail = "; ".join(f"{name}: {texts[0]}" for name, texts in said.items())
    return _answer(WRONG, detail, {"__type": "Validation Error", **said})


def _answer(status: int, detail: str, errors: dict[str, Any]) -> flask.Response:
    body, kind = short_answers.written(
        status,
        tk._(TITLE) if errors else tk._(NO_ACTION),
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
