"""What pages of other sites may read with a script, from ``schemas/surface/cross_origin.yaml``.

Source: Fetch Standard (WHATWG), "HTTP-network-or-cache fetch" and "CORS protocol".
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from . import cookies, declared

Pairs = tuple[tuple[str, str], ...]
READS = frozenset({"GET", "HEAD"})
PREFIX = "access-control-"
ORIGIN: Pairs = (("Access-Control-Allow-Origin", "*"),)


class CrossOrigin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration."""

    version: int
    methods: tuple[str, ...]
    asked: tuple[str, ...]
    exposed: tuple[str, ...]
    preflight_seconds: int
    endpoints: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a declaration that lets other sites write, or call with a token."""
        if not READS.issuperset(self.methods):
            raise ValueError("cross_origin: other sites only read")
        if {"authorization", "cookie", "*"} & {name.lower() for name in self.asked}:
            raise ValueError("cross_origin: other sites call without a name")
        declared.once(self.endpoints)


@cache
def rules() -> CrossOrigin:
    """Return the declaration."""
    return declared.load("cross_origin", CrossOrigin)


def is_nobody(environ: Mapping[str, Any], token_header: str) -> bool:
    """Tell whether a request says nothing of who asks: no session, no token, true or false ones.

    :param environ: What WSGI says of the request.
    :param token_header: The header in which a token of the API may stand.
    """
    headers = ("Authorization", "X-CKAN-API-Key", token_header)
    if environ.get("REMOTE_USER") or any(
        environ.get(f"HTTP_{name.upper().replace('-', '_')}") for name in headers
    ):
        return False
    return cookies.preferences(environ.get("HTTP_COOKIE", "")) is not None


@cache
def of_answer() -> Pairs:
    """Return what an answer says that other sites may read."""
    return (*ORIGIN, ("Access-Control-Expose-Headers", ", ".join(rules().exposed)))


@cache
def of_preflight() -> Pairs:
    """Return what is answered to a browser that asks whether a page may read."""
    read = rules()
    return (
        *ORIGIN,
        ("Access-Control-Allow-Methods", ", ".join(read.methods)),
        ("Access-Control-Allow-Headers", ", ".join(read.asked)),
        ("Access-Control-Max-Age", str(read.preflight_seconds)),
    )


def is_readable(endpoint: str | None, method: str) -> bool:
    """Tell whether other sites may read what answers at an endpoint to such a method."""
    return endpoint in rules().endpoints and method in rules().methods
