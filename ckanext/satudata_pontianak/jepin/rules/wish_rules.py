"""Reads ``jepin/wishes.yaml``: data that the public asks for, by when it is answered. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import msgspec

from ... import paths
from ...agencies.rules.duties import Duty
from ...surface.yaml_source import Basis, Positive, Source, Text
from .report_rules import Length

UNCONFIRMED, ASKED, OPEN, ANSWERED, OBJECTION, DECLINED, MERGED, LAPSED = STATES = (
    "unconfirmed",
    "asked",
    "open",
    "answered",
    "objection",
    "declined",
    "merged",
    "lapsed",
)
ENDED = (ANSWERED, DECLINED, MERGED, LAPSED)
WAITING = (ASKED, OPEN, OBJECTION)
"""Somebody owes what comes next."""

ACCEPT, DECLINE, MERGE, ANSWER = STEPS = ("accept", "decline", "merge", "answer")


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is answered."""

    label: Text
    ends: bool = True
    within: Positive = 1
    dataset: bool = False


class Official(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers a request for public information, and an objection."""

    answered_by: Annotated[tuple[Duty, ...], msgspec.Meta(min_length=1)]
    judged_by: Annotated[tuple[Duty, ...], msgspec.Meta(min_length=1)]
    basis: tuple[Basis, ...]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is taken in 24 hours."""

    of_one_address: Positive
    to_one_mailbox: Positive


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long mailboxes are kept."""

    confirm_hours: Positive
    ended_days: Positive


class Wishes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    accept_within: Positive
    answer_within: Positive
    outcomes: Annotated[dict[str, Outcome], msgspec.Meta(min_length=1)]
    answered_by: Annotated[tuple[Duty, ...], msgspec.Meta(min_length=1)]
    seen_by: tuple[Duty, ...]
    official: Official
    title: Length
    text: Length
    answer: Length
    limits: Limits
    kept: Kept

    def answerers(self, state: str, *, official: bool) -> frozenset[str]:
        """Return the duties that owe what comes next."""
        if state == OBJECTION:
            return frozenset(self.official.judged_by)
        return frozenset(self.official.answered_by if official else self.answered_by)

    def steps(self, state: str, duties: frozenset[str], *, official: bool) -> list[str]:
        """Return what somebody with these duties may do."""
        found: list[str] = []
        if duties & {*self.answered_by}:
            if state == ASKED:
                found += [ACCEPT] if official else [ACCEPT, DECLINE]
            if state in (ASKED, OPEN) and not official:
                found.append(MERGE)
        answered = state in (OPEN, OBJECTION) or (official and state == ASKED)
        if answered and duties & self.answerers(state, official=official):
            found.append(ANSWER)
        return found


@lru_cache(maxsize=1)
def wishes() -> Wishes:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Source.read(paths.schemas() / "jepin" / "wishes.yaml").shaped(Wishes)
