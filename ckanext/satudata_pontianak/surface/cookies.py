"""Which cookies there are, what they are called on this site, and which of a request are read."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import cache, lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from .declared import load

PREFIX = "__Host-"
SESSION, THEME = "session", "theme"


class Cookie(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One cookie: its name without a prefix, and for how long a browser keeps it."""

    name: str
    same_site: Literal["Lax", "Strict"]
    seconds: int | None
    why: str


class Cookies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All cookies of the site, by what they are for."""

    cookies: dict[str, Cookie]


@cache
def declared() -> dict[str, Cookie]:
    """Return the cookies of the site, by what they are for."""
    return load("cookies", Cookies).cookies


@lru_cache(maxsize=8)
def is_guarded(site_url: str) -> bool:
    """Tell whether cookies are Secure and prefixed: always, but for http on this very machine."""
    parts = urlsplit(site_url)
    if parts.scheme != "http":
        return True
    host = parts.hostname or ""
    if host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


@lru_cache(maxsize=32)
def name_of(use: str, site_url: str) -> str:
    """Return what the cookie for this use is called on a site with this address."""
    name = declared()[use].name
    return PREFIX + name if is_guarded(site_url) else name


@lru_cache(maxsize=8)
def names(site_url: str) -> frozenset[str]:
    """Return the names of all cookies of a site with this address."""
    return frozenset(name_of(use, site_url) for use in declared())


def kept(header: str, allowed: frozenset[str]) -> str:
    """Return the part of a ``Cookie`` header that the site reads.

    A name must be written letter by letter: frameworks cut white space off, and what a browser
    does not take for ``__Host-`` would become it here. A name that comes twice is in the hands of
    somebody else beside the site, and nobody can say which one is the site's: neither is kept.
    """
    found: dict[str, list[str]] = {}
    for part in header.split(";"):
        name, equals, value = part.strip(" \t").partition("=")
        if equals and name in allowed:
            found.setdefault(name, []).append(value)
    return "; ".join(f"{name}={values[0]}" for name, values in found.items() if len(values) == 1)


def is_declared(set_cookie: str, allowed: frozenset[str]) -> bool:
    """Tell whether a ``Set-Cookie`` header sets a cookie of the site."""
    return set_cookie.partition("=")[0] in allowed


def preferences(header: str) -> list[str] | None:
    """Return the reader's choices, which name nobody; ``None``: there is any other cookie."""
    if not header:
        return []
    theme = declared()[THEME].name
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return None
    # A part that cannot be read is left out of the jar without a word.
    parts = [part for part in header.split(";") if part.strip()]
    if len(parts) != len(jar) or not {theme, PREFIX + theme}.issuperset(jar):
        return None
    return [f"{name}={jar[name].value}" for name in sorted(jar)]


def attributes(use: str, site_url: str) -> dict[str, bool | str | int | None]:
    """Return how this cookie is set, in the words of Werkzeug's ``set_cookie``."""
    cookie = declared()[use]
    return {
        "max_age": cookie.seconds,
        "path": "/",
        "secure": is_guarded(site_url),
        "httponly": True,
        "samesite": cookie.same_site,
    }


def all_names() -> Iterable[str]:
    """Return every name that a cookie may have, with and without the prefix."""
    for cookie in declared().values():
        yield cookie.name
        yield PREFIX + cookie.name
