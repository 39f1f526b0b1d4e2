"""The address of whoever calls, as limits count it and records name it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

from .. import config
from ..surface import addresses


def caller() -> str | None:
    """Return the address that calls; ``None`` outside of a request.

    Behind a declared proxy it is the one that the proxy names, else that of the connection.
    """
    if not flask.has_request_context():
        return None
    request = flask.request
    found = addresses.caller(
        request.remote_addr, request.headers.get("X-Forwarded-For"), config.proxies()
    )
    return str(found) if found is not None else None


def counted() -> str | None:
    """Return what the calls of this address are counted under: in IPv6 its whole line.

    ``None`` where nobody from outside calls: this machine itself, past every proxy.
    """
    return counted_in(flask.request.environ) if flask.has_request_context() else None


def counted_in(environ: Mapping[str, Any]) -> str | None:
    """Return the same of a request that was not taken in yet, from what WSGI says of it."""
    found = addresses.caller(
        environ.get("REMOTE_ADDR"), environ.get("HTTP_X_FORWARDED_FOR"), config.proxies()
    )
    if found is None or found.is_loopback:
        return None
    return addresses.counted_as(found)
