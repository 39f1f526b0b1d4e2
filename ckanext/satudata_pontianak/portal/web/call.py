"""Actions as the person who is asking for a page; never with anybody else's rights."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import types


def context() -> types.Context:
    """Return the context of the person who is asking."""
    user = tk.current_user
    found: types.Context = {"user": user.name if user else ""}
    if user and user.is_authenticated:
        found["auth_user_obj"] = user
    return found


def call(action: str, **params: Any) -> Any:
    """Call an action as the person who is asking."""
    return tk.get_action(action)(context(), params)


def may(action: str) -> bool:
    """Tell whether the person who is asking has a name and may call an action."""
    if not logged_in():
        return False
    try:
        tk.check_access(action, context(), {})
    except tk.NotAuthorized:
        return False
    return True


def shown(id: str) -> dict[str, Any]:
    """Return case, decision, scans and holds, or answer as for an unknown name."""
    try:
        return call("satudata_classification_show", id=id)
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._("Dataset not found"))


def dataset(id: str) -> dict[str, Any]:
    """Return the dataset as this person may see it, or answer as for an unknown name."""
    try:
        return call("package_show", id=id)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))


def log_in() -> Any:
    """Send somebody without a name to the log-in page, and back here afterwards."""
    path = flask.request.full_path if flask.request.method == "GET" else flask.request.path
    return tk.redirect_to("user.login", came_from=path.rstrip("?"))


def errors_by_field(errors: dict[str, Any], known: Collection[str]) -> dict[str, list[str]]:
    """Return messages by field; what belongs to no field of the form stands under ``""``."""
    sorted_out: dict[str, list[str]] = {}
    for key, messages in errors.items():
        if key == "code":
            continue
        texts = [str(m) for m in (messages if isinstance(messages, list) else [messages])]
        sorted_out.setdefault(key if key in known else "", []).extend(texts)
    return sorted_out


def logged_in() -> bool:
    """Tell whether the person who is asking gave a name."""
    return bool(tk.current_user and tk.current_user.is_authenticated)
