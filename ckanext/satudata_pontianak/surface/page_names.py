"""Where the page of a noun is: a room links to what a room above shows, and names nobody there."""

from __future__ import annotations

_ENDPOINTS: dict[str, str] = {}


def known_as(**endpoints: str) -> None:
    """Declare which endpoints show what, beside their routes: ``known_as(request="x.y")``."""
    _ENDPOINTS.update(endpoints)


def endpoint(noun: str) -> str:
    """Return the endpoint of the page of a noun.

    :raises KeyError: no page is known as this.
    """
    return _ENDPOINTS[noun]
