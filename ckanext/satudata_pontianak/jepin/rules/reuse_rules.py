"""Reads ``jepin/reuses.yaml``: what people made of the data, and who accepts it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from ... import paths
from ...agencies.rules.duties import Duty
from ...surface.yaml_source import Labelled, Positive, Source, Text
from .report_rules import Length

UNCONFIRMED, PROPOSED, PUBLIC, DECLINED, WITHDRAWN, FORGOTTEN = STATES = (
    "unconfirmed",
    "proposed",
    "public",
    "declined",
    "withdrawn",
    "forgotten",
)
ACCEPT, DECLINE, REMOVE = STEPS = ("accept", "decline", "remove")

HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
LINK = re.compile(r"[!-~]+")


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is taken in 24 hours."""

    of_one_address: Positive
    to_one_mailbox: Positive
    of_one_person: Positive


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long it is kept who proposed something."""

    confirm_hours: Positive
    ended_days: Positive


class Reuses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    kinds: Annotated[dict[Text, Labelled], msgspec.Meta(min_length=1)]
    accept_within: Positive
    answered_by: Annotated[tuple[Duty, ...], msgspec.Meta(min_length=1)]
    seen_by: tuple[Duty, ...]
    datasets: Positive
    url: Positive
    title: Length
    maker: Length
    text: Length
    answer: Length
    limits: Limits
    kept: Kept

    def steps(self, state: str, duties: frozenset[str]) -> list[str]:
        """Return what somebody with these duties may do."""
        if not duties & {*self.answered_by}:
            return []
        return {PROPOSED: [ACCEPT, DECLINE], PUBLIC: [REMOVE]}.get(state, [])

    def is_link(self, text: str) -> bool:
        """Tell whether this is the https address of a page under a public name.

        One with a name of a person, a password or a port in it, or of a machine by its number, is
        none: what is shown as a link is what people can read.
        """
        if len(text) > self.url or not LINK.fullmatch(text) or any(c in text for c in '"<>\\^`{|}'):
            return False
        try:
            parts = urlsplit(text)
            host = parts.netloc.casefold()
        except ValueError:
            return False
        # The last part begins with a letter: a machine is not named by its number.
        return parts.scheme == "https" and len(host) <= 253 and bool(HOST.fullmatch(host))


def host_of(url: str) -> str:
    """Return the name of the site to which a link leads."""
    return urlsplit(url).netloc.casefold()


@lru_cache(maxsize=1)
def reuses() -> Reuses:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Source.read(paths.schemas() / "jepin" / "reuses.yaml").shaped(Reuses)
