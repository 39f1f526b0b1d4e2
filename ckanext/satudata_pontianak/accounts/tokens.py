"""Tokens of accounts that need a second factor: made after a fresh code, and they end.

A token that such an account has from before, or from a time without a duty, opens nothing, unless
the migration gave it some weeks.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import flask

import ckan.plugins.toolkit as tk
from ckan import model

from .. import config
from ..surface.accounts import accounts
from . import factor_gate, factors
from .model import TokenEnd, now


def schema(original: dict[str, Any]) -> dict[str, Any]:
    """Ask for a fresh code before a token is made."""
    return {**original, "user": [*original["user"], shown_lately]}


def shown_lately(key: Any, data: Any, errors: Any, context: Any) -> None:
    """Refuse a token of an account that decides, unless its person has just shown their factor.

    A command on the server makes one without: it is for who has the server.
    """
    user = model.User.get(data[key])
    if user is None or not factors.is_needed(user) or not flask.has_request_context():
        return
    if tk.current_user.is_authenticated and tk.current_user.id == user.id:
        if factor_gate.is_fresh(user.id):
            return
        said = tk._(
            "A token of an account that decides is made within %(minutes)s minutes after a code of "
            "the second factor: log out, log in with a code, and make it then."
        ) % {"minutes": accounts().second_factor.fresh_minutes}
    else:
        said = tk._("Only its own person makes a token of an account that decides.")
    errors[key].append(said)


def made(jti: str, user_name: Any) -> None:
    """Write down when a token ends, where its account needs a second factor; commit."""
    user = model.User.get(user_name)
    if user is None or not factors.is_needed(user):
        return
    days = dt.timedelta(days=accounts().second_factor.token_days)
    model.Session.add(TokenEnd(jti=jti, ends_at=now() + days))
    model.Session.commit()


def admitted(data: Any) -> Any:
    """Return what a token says, nothing where it opens its account no more."""
    if not config.second_factor() or not data or "jti" not in data:
        return data
    token = model.ApiToken.get(data["jti"])
    owner = token.owner if token is not None else None
    if owner is None or not factors.is_needed(owner):
        return data
    end = model.Session.get(TokenEnd, data["jti"])
    return data if end is not None and end.ends_at > now() else {}
