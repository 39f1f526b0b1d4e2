"""What the actions on requests and grants answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from ...ledger.answers import Recorded
from ..cases.answers import AskedField
from ..records.step_records import Taken

Scope = list[str] | Literal["dataset"]


class RequestField(AskedField):
    """A field that a step of a request asks for."""

    required: bool


class RequestTransition(TypedDict):
    """A step of a request that the caller may take."""

    name: str
    label: str
    step: str
    fields: list[RequestField]


_Moves = TypedDict("_Moves", {"from": str | None, "to": str | None})


class StepTold(Taken, _Moves):
    """A step that was taken; whoever asked learns which office it was, not which person."""

    label: str
    duty: str | None
    duty_label: str | None
    reason: str | None


class Proposed(TypedDict):
    """What the first of two people would give."""

    until: str
    scope: Annotated[Scope, "ids of resources, or `dataset`: the whole of it"]


class Grant(TypedDict):
    """What was given."""

    id: str
    request: str
    dataset_id: str
    dataset_name: str | None
    user: str | None
    claimed: Annotated[bool, "it is bound to an account"]
    scope: Annotated[Scope, "ids of resources, or `dataset`: the whole of it"]
    until: str | None
    given: str | None
    running: Annotated[bool, "it counts today"]
    ended: str | None
    why: Annotated[
        str | None,
        "`day`, `decision` (a new decision that closes more ended it) or `revoked`",
    ]


class GrantRecorded(Grant, Recorded):
    """A grant that was taken back."""


class Request(TypedDict):
    """A request for access. An e-mail address is never in it."""

    id: str
    number: int
    state: str
    state_label: str
    road: str | None
    road_label: str
    holders: Annotated[list[str], "who answers"]
    dataset_id: Annotated[str | None, "this and the next two for who may see its metadata"]
    dataset_name: str | None
    dataset_title: str | None
    mine: bool
    requester: str | None
    agency: str | None
    purpose: str
    scope: Annotated[Scope, "ids of resources, or `dataset`: the whole of it"]
    until: str | None
    proposed: Annotated[Proposed | None, "what the first of two people would give"]
    asked: str | None
    due: str | None
    overdue: bool
    extended: bool
    case: Annotated[str | None, "the case that answers it; not for who asked"]
    transitions: Annotated[list[RequestTransition], "that the caller may take"]
    history: list[StepTold]
    grant: Grant | None


class Confirmed(Request):
    """The same, for who confirmed their mailbox."""

    token: Annotated[str, "the last part of the address at which it is followed"]


class Unconfirmed(TypedDict):
    """What somebody without an account is answered, always the same."""

    state: Literal["unconfirmed"]
    message: str


class Requests(TypedDict):
    """Requests, soonest deadline first."""

    count: int
    results: list[Request]


class Grants(TypedDict):
    """Grants, the newest first."""

    count: int
    results: list[Grant]
