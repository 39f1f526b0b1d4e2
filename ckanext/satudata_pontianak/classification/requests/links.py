"""Signed links in mails to people without an account: for one purpose, for a time.

A link holds the id of a request or grant and a word that changes when the link was used. So
nothing secret is stored or handed to a job, and a link works once where it changes something.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import flask
from itsdangerous import BadData, URLSafeTimedSerializer

import ckan.plugins.toolkit as tk

from ... import config
from ...surface import addresses
from ..grants.request_definition import request_rules

HOUR = 3600
DAY = 24 * HOUR
CONFIRM, FOLLOW, CLAIM = "confirm", "follow", "claim"
LONGEST = 1000
"""No link of ours is longer; what is longer is not even looked at."""


def _seconds(purpose: str) -> int:
    rules = request_rules()
    if purpose == CONFIRM:
        return rules.links.confirm_hours * HOUR
    return getattr(rules.links, f"{purpose}_days") * DAY


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(tk.config["SECRET_KEY"]), salt=f"satudata-request-{purpose}")


def make(purpose: str, id: str, nonce: str) -> str:
    """Return the token of a link for one purpose."""
    return _signer(purpose).dumps([id, nonce])


def read(purpose: str, token: Any) -> tuple[str, str] | None:
    """Return id and word of a token; ``None`` when it is forged, expired or of another purpose."""
    return opened(purpose, token, _seconds(purpose))


def opened(purpose: str, token: Any, seconds: int | None) -> tuple[str, str] | None:
    """Return id and word of a token that is valid for so long; ``None``: for as long as its word.

    :returns: ``None`` when it is forged, expired or of another purpose.
    """
    if not isinstance(token, str) or len(token) > LONGEST or not token.isascii():
        return None
    try:
        found = _signer(purpose).loads(token, max_age=seconds)
    except BadData:
        return None
    if isinstance(found, list) and [type(part) for part in found] == [str, str]:
        return found[0], found[1]
    return None


def origin() -> str | None:
    """Return a keyed digest of the address that is asking, to count its requests by.

    A declared proxy sets ``X-Forwarded-For``; anybody else's word for it is not taken.
    """
    if not flask.has_request_context():
        return None
    forwarded = flask.request.headers.get("X-Forwarded-For")
    found = addresses.caller(flask.request.remote_addr, forwarded, config.proxies())
    address = addresses.counted_as(found) if found is not None else ""
    key = str(tk.config["SECRET_KEY"]).encode()
    return hmac.new(key, address.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
