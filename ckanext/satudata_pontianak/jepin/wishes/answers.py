"""What the actions on data that the public asks for answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded
from ..reports.answers import ReportedDataset


class WishTaken(TypedDict):
    """Something was asked for or supported; the same whatever is known of the mailbox."""

    state: Annotated[str, "`unconfirmed`"]
    message: str


class WishRow(TypedDict):
    """Data that the public asks for. Nobody who asks or supports it is named."""

    number: int
    title: str
    text: str
    state: Annotated[str, "`asked`, `open`, `answered`, `objection`, `declined` or `merged`"]
    state_label: str
    asked: str
    due: Annotated[str | None, "the day by which what comes next is owed"]
    late: bool
    voices: Annotated[int, "how many mailboxes asked for it, and confirmed"]
    official: Annotated[bool, "it is a request for public information under UU 14/2008"]
    outcome: str | None
    outcome_label: str | None
    answer: str | None
    answered: str | None
    dataset: Annotated[ReportedDataset | None, "that the answer names, if the caller may know it"]


class WishFollowed(WishRow):
    """The same, for who has the link that was sent to a mailbox."""

    token: Annotated[str, "the last part of the address at which it is followed"]
    may_make_official: bool
    may_object: bool
    object_until: Annotated[str | None, "the last day of an objection to the answer"]


class WishDesk(WishRow):
    """The same, for who accepts and answers."""

    into: Annotated[int | None, "the number of that into which it was merged"]
    steps: Annotated[list[str], "what the caller may do now"]


class Wishes(TypedDict):
    """Data that the public asks for, most wanted first."""

    count: int
    results: list[WishRow]


class WishStepped(WishDesk, Recorded):
    """What was done."""
