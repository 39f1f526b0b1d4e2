"""What the actions on revisions of SOPs answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Receipt


class DifferingPart(TypedDict):
    """A part of a row that differs."""

    part: str
    label: str
    signed: str
    now: str


class Difference(TypedDict):
    """A row in which practice differs from what was signed."""

    change: Annotated[str, "`changed`, `added` or `removed`"]
    key: str
    number_signed: int | None
    number: int | None
    parts: list[DifferingPart]


class Acknowledged(TypedDict):
    """Who says that they read a revision, and when."""

    user: str
    at: str


class Revision(TypedDict):
    """A revision of an SOP."""

    id: str
    revision: int
    state: Annotated[
        str, "`draft`, `checked`, `waits` (not in force yet), `in_force` or `replaced`"
    ]
    state_label: str
    definition: str
    drafted_by: str | None
    drafted_at: str
    checked_by: str | None
    checked_at: str | None
    approved_by: str | None
    approved_at: str | None
    nomor: str | None
    made: str | None
    effective: str | None
    office: str | None
    sha256: Annotated[str | None, "of the signed paper"]
    reviewed_by: str | None
    reviewed_at: str | None
    acknowledged: list[Acknowledged]
    steps: Annotated[
        list[str], "what the caller may do with it: `check`, `approve`, `review`, `acknowledge`"
    ]


class Controlled(TypedDict):
    """An SOP with its revisions."""

    name: str
    code: str
    title: str
    public: bool
    definition: str
    in_force: Annotated[int | None, "the revision that is in force"]
    differs: Annotated[bool, "practice and paper differ"]
    differences: list[Difference]
    review_due: str | None
    late: bool
    may_draft: bool
    revisions: list[Revision]


class RevisionDone(TypedDict):
    """What a step did."""

    revision: Revision
    receipt: Annotated[Receipt | None, "`null`: it changed nothing"]
