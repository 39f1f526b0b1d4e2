"""Which endpoints and actions are called by which method, and what proves that it is meant."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from functools import cache
from urllib.parse import urlsplit

import msgspec

from .declared import load

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Kind(Enum):
    """What a method that is no GET does at an endpoint."""

    WRITES = "writes"
    READS = "reads"
    BY_LINK = "by_link"
    API = "api"


class Needed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"beside": "with"}):
    """Fields of forms that core's code takes for granted at some endpoints.

    ``beside`` names another field, where they are needed only together with it.
    """

    endpoints: frozenset[str]
    fields: tuple[str, ...]
    beside: str | None = None


class Methods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``schemas/surface/methods.yaml`` declares."""

    writes: dict[str, frozenset[str]]
    own: str
    reads: frozenset[str]
    by_link: frozenset[str]
    api: str
    acts: frozenset[str]
    sessions: frozenset[str]
    actions: frozenset[str]
    needed: tuple[Needed, ...]


@cache
def declared() -> Methods:
    """Return the declaration."""
    return load("methods", Methods)


def kind(endpoint: str) -> Kind | None:
    """Return what a method that is no GET does at an endpoint; ``None``: nobody declared it."""
    methods = declared()
    if endpoint == methods.api:
        return Kind.API
    if endpoint in methods.reads:
        return Kind.READS
    if endpoint in methods.by_link:
        return Kind.BY_LINK
    blueprint, _, view = endpoint.partition(".")
    if blueprint.startswith(methods.own) or view in methods.writes.get(blueprint, ()):
        return Kind.WRITES
    return None


def is_form(endpoint: str) -> bool:
    """Tell whether a page of CKAN's or of a plugin reads a form there."""
    blueprint, _, view = endpoint.partition(".")
    return view in declared().writes.get(blueprint, ())


def missing(endpoint: str, form: Collection[str]) -> list[str]:
    """Return the fields that are needed there and that a form does not have."""
    return [
        field
        for needed in declared().needed
        if endpoint in needed.endpoints and (needed.beside is None or needed.beside in form)
        for field in needed.fields
        if field not in form
    ]


def acts_by_get(endpoint: str) -> bool:
    """Tell whether a GET at this endpoint would change something."""
    return endpoint in declared().acts


def is_read(action: str) -> bool:
    """Tell whether an action changes nothing, so that it may be called by GET.

    An action of the extension's own counts by its own word as well: the tests hold it to the list.
    """
    methods = declared()
    return action in methods.actions or action.startswith(f"{methods.own}_")


def is_from_here(
    site_url: str, host: str, origin: str | None, referrer: str | None, fetched_from: str | None
) -> bool:
    """Tell whether a browser says that a request comes from a page of this site.

    Another host below the same domain is another site. A request that says nothing of where it
    comes from passes: it has the token.

    :param site_url: The address of the site.
    :param host: The header ``Host``.
    :param origin: The header ``Origin``.
    :param referrer: The header ``Referer``, asked where there is no origin.
    :param fetched_from: The header ``Sec-Fetch-Site``.
    """
    if fetched_from not in (None, "", "same-origin", "none"):
        return False
    said = origin or referrer
    if not said:
        return True
    scheme = urlsplit(site_url).scheme
    return _origin(said) in (_origin(site_url), _origin(f"{scheme}://{host}"))


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
