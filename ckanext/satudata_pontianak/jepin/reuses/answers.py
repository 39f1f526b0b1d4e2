"""What the actions on works made of the data answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded
from ..reports.answers import ReportedDataset


class ReuseTaken(TypedDict):
    """A work was proposed; to a mailbox the same whatever is known of it."""

    state: Annotated[str, "`unconfirmed`, or `proposed` by an account"]
    message: str
    token: Annotated[
        str | None, "to an account: the last part of the address at which it is withdrawn"
    ]


class ReuseRow(TypedDict):
    """A work made of the data. Who proposed it is not told."""

    number: int
    title: str
    kind: str
    kind_label: str
    url: Annotated[str, "as it was given; it is never fetched"]
    host: Annotated[str, "the name of the site to which it leads"]
    maker: Annotated[str | None, "the public name of who made it, if one was given"]
    text: str
    picture: Annotated[bool, "it has a picture"]
    withheld: Annotated[bool, "the caller answers it and may not read its words: they are left out"]
    state: Annotated[str, "`proposed`, `public` or `declined`"]
    state_label: str
    proposed: str
    due: Annotated[str | None, "the day by which an answer is owed"]
    late: bool
    datasets: Annotated[list[ReportedDataset], "of which it was made and the caller may know"]


class ReuseFollowed(ReuseRow):
    """The same, for who has the link that was sent to who proposed it."""

    token: Annotated[str, "the last part of the address at which it is withdrawn"]
    answer: Annotated[str | None, "why it was declined, or taken off the list"]


class ReuseDesk(ReuseRow):
    """The same, for who accepts and declines."""

    answer: Annotated[str | None, "why it was declined, or taken off the list"]
    steps: Annotated[list[str], "what the caller may do now"]


class Reuses(TypedDict):
    """Works made of the data, newest first; one's own each with its token and answer."""

    count: int
    results: list[ReuseRow | ReuseFollowed]


class ReuseStepped(ReuseDesk, Recorded):
    """What was done."""


class ReuseWithdrawn(TypedDict):
    """A work was withdrawn, and who proposed it forgotten."""

    withdrawn: Annotated[int, "its number"]
