"""What every answer tells a browser: which scripts run, who may frame it, what it may ask for.

Source: Content Security Policy Level 3 (W3C), OWASP ASVS 4.0.3 V14.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec

from .declared import load

Sources = Mapping[str, tuple[str, ...]]


class Framed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Views that pages of this site show in a frame: their endpoints, and who may frame them."""

    endpoints: frozenset[str]
    frame_ancestors: tuple[str, ...]


class Headers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``schemas/surface/headers.yaml``."""

    version: int
    policy: dict[str, tuple[str, ...]]
    framed: Framed
    headers: dict[str, str]
    https: dict[str, str]

    def __post_init__(self) -> None:
        """Refuse a declaration that lets a script run which is no file of the site."""
        scripts = self.policy.get("script-src", ())
        if any(word.startswith(("'unsafe", "'nonce", "data:", "*")) for word in scripts):
            raise ValueError("script-src: only files of the site are scripts")
        if not scripts or not self.policy.get("default-src"):
            raise ValueError("policy: default-src and script-src have to be there")


@cache
def declared() -> Headers:
    """Return the declaration."""
    return load("headers", Headers)


def written(policy: Sources) -> str:
    """Return a Content-Security-Policy as it is sent."""
    return "; ".join(f"{name} {' '.join(words)}" for name, words in policy.items())


@cache
def of_answer(*, https: bool, framed: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the headers of an answer, by name.

    ``https``: the site is reached over https. ``framed``: the answer is a view that a page of
    this site shows in a frame.
    """
    found = declared()
    policy = dict(found.policy)
    if framed:
        policy["frame-ancestors"] = found.framed.frame_ancestors
    more = found.https if https else {}
    pairs = {"Content-Security-Policy": written(policy), **found.headers, **more}
    return tuple((name, value.strip()) for name, value in pairs.items())


def may_be_framed(endpoint: str | None) -> bool:
    """Tell whether pages of this site show what answers there in a frame."""
    return endpoint in declared().framed.endpoints
