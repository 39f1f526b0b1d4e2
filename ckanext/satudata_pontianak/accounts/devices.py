"""Devices on which somebody logged in: a signed random word in a cookie, a digest of it in a row.

A known device keeps its own count of wrong passwords, so that nobody elsewhere can keep an
account's owner out. Without its row a word is worth nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

import flask
import sqlalchemy as sa
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.dialects.postgresql import insert

import ckan.plugins.toolkit as tk
from ckan import model

from .. import config
from ..surface import cookies
from ..surface.accounts import accounts
from .model import Device, now

COOKIE = "device"
LONGEST = 300


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(tk.config["SECRET_KEY"]), salt="satudata-device")


def _lifetime() -> dt.timedelta:
    return dt.timedelta(days=accounts().device_days)


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def _word() -> str | None:
    """Return the random word of the browser that asks, if it has one that we signed."""
    sent = flask.request.cookies.get(cookies.name_of(COOKIE, config.site_url()), "")
    if not sent or len(sent) > LONGEST:
        return None
    try:
        word = _signer().loads(sent, max_age=int(_lifetime().total_seconds()))
    except BadData:
        return None
    return word if isinstance(word, str) else None


def known_for(user_id: str) -> str | None:
    """Return the digest of the device that asks, if this person logged in on it; else ``None``."""
    word = _word()
    if word is None:
        return None
    query = sa.select(Device.digest).where(
        Device.digest == _digest(word),
        Device.user_id == user_id,
        Device.seen_at > now() - _lifetime(),
    )
    return model.Session.scalar(query)


def remember(user_id: str) -> None:
    """Know this device for a person from now on; commit. The cookie goes with the answer."""
    word = _word() or secrets.token_urlsafe(32)
    statement = insert(Device).values(digest=_digest(word), user_id=user_id, seen_at=now())
    statement = statement.on_conflict_do_update(
        index_elements=["digest", "user_id"], set_={"seen_at": now()}
    )
    model.Session.execute(statement)
    stale = sa.delete(Device).where(
        Device.user_id == user_id, Device.seen_at <= now() - _lifetime()
    )
    model.Session.execute(stale)
    model.Session.commit()

    @flask.after_this_request
    def keep(response: flask.Response) -> flask.Response:
        how = cookies.attributes(COOKIE, config.site_url())
        name = cookies.name_of(COOKIE, config.site_url())
        response.set_cookie(name, _signer().dumps(word), **how)  # type: ignore[arg-type]
        return response


def forget(user_id: str) -> None:
    """Know none of a person's devices any more. The caller commits."""
    model.Session.execute(sa.delete(Device).where(Device.user_id == user_id))
