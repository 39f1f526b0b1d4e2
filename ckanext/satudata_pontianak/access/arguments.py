"""Calls of the API whose arguments are what their names say; others are refused by name."""

from __future__ import annotations

import json
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types

from ..msgids import N_
from ..surface import arguments
from . import short_answers

ENDPOINT = "api.action"
UNKNOWN, WRONG = 400, 409
NO_ACTION = N_("There is no action of this name.")
TITLE = N_("An argument is not what its name says")


def _sent() -> Any:
    """Return what CKAN's API reads of a request: JSON, a form, or the address."""
    request = flask.request
    if request.method in ("GET", "HEAD"):
        return request.args.to_dict()
    if "json" in request.mimetype:
        return request.get_json(silent=True)
    form = request.form.to_dict()
    if len(form) == 1:
        # JSON that a client sent as a form has it for a name.
        ((name, value),) = form.items()
        if value in ("", "1"):
            try:
                return json.loads(name)
            except ValueError:
                return form
    return form


def _check() -> flask.Response | None:
    request = flask.request
    if request.endpoint != ENDPOINT:
        return None
    action = str((request.view_args or {}).get("logic_function"))
    if action in arguments.declared().closed:
        return _answer(UNKNOWN, tk._(NO_ACTION), {})
    sent = _sent()
    wrong = arguments.wrong(action, sent) if isinstance(sent, dict) else {}
    if not wrong:
        return None
    said = {name: [tk._(arguments.SAID[kind])] for name, kind in wrong.items()}
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
    return flask.Response(body, status, short_answers.HEADERS, content_type=kind)


def install(app: types.CKANApp) -> None:
    """Look at the arguments of every call before its action does."""
    arguments.declared()
    app.before_request(_check)
