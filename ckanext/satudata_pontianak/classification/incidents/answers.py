"""What the actions on incidents and notices answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from ...ledger.answers import Recorded
from ..cases.answers import AskedField, Basis
from ..records.step_records import Taken


class IncidentRow(TypedDict):
    """An incident as a list gives it."""

    id: str
    number: int
    state: Annotated[str, "`open`, `dismissed` or `concluded`"]
    state_label: str
    ground: str
    ground_label: str
    vital: Annotated[bool, "a vital system is concerned"]
    dataset_id: Annotated[str | None, "this and the next two for who may see its metadata"]
    dataset_name: str | None
    dataset_title: str | None
    kinds: list[str]
    versions: list[str]
    detected: str | None
    known: Annotated[str | None, "when it became known: the clock runs from here"]
    due: str | None
    hours_left: Annotated[int | None, "while it is open; negative once the deadline has passed"]
    ended: str | None


class Clock(TypedDict):
    """A deadline of the law."""

    name: str
    label: str
    hours: int
    due: str | None
    basis: list[Basis]


class IncidentHold(TypedDict):
    """The hold that the incident was begun with."""

    id: str
    active: bool


class FieldTold(TypedDict):
    """What somebody wrote into a field of a step."""

    name: str
    type: str
    label: str
    value: Any


class StepTold(Taken):
    """A step of an incident."""

    label: str
    fields: list[FieldTold]


class IncidentField(AskedField):
    """A field that ending an incident asks for."""

    required: bool


class EndShown(TypedDict):
    """How the caller may end it."""

    name: str
    label: str
    step: str
    fields: list[IncidentField]


WindowShown = TypedDict(
    "WindowShown",
    {"version": str, "file": str | None, "from": str | None, "until": str | None},
)
"""When a version could be had."""


class Reading(TypedDict):
    """A person who read closed data."""

    version: str
    user: str | None
    name: str | None
    count: int
    first: str
    last: str


class Hour(TypedDict):
    """Downloads of an hour."""

    version: str
    hour: str
    count: int
    clients: Annotated[int, "under names that last a day"]


class Downloads(TypedDict):
    """Downloads of open data."""

    count: Annotated[int, "in all"]
    hours: list[Hour]
    more: Annotated[int, "hours that are not told"]


class Exposure(TypedDict):
    """Who had what while it lasted."""

    windows: Annotated[list[WindowShown], "when each version could be had"]
    reads: Annotated[list[Reading], "of closed data, by person"]
    downloads: Annotated[Downloads, "of open data, by version and hour"]


class IncidentShown(IncidentRow):
    """An incident with its clocks, its history, and who had what."""

    clocks: list[Clock]
    hold: IncidentHold | None
    history: list[StepTold]
    ends: Annotated[list[EndShown], "how the caller may end it, with the fields"]
    exposure: Annotated[Exposure | None, "for who may see who read what"]


class IncidentEnded(IncidentShown, Recorded):
    """An incident that was ended."""


class Incidents(TypedDict):
    """Incidents, open ones first."""

    count: int
    results: list[IncidentRow]


class NoticeTold(TypedDict):
    """What somebody was told."""

    id: int
    kind: str
    label: str
    at: str | None
    number: Any
    due: str | None
    receipt: str | None
    dataset_id: Annotated[str | None, "this and the next two for who may see its metadata"]
    dataset_name: str | None
    dataset_title: str | None
    request: str | None
    incident: str | None
    mail: bool | str | None


class MailKind(TypedDict):
    """A kind of mail that can be done without."""

    kind: str
    label: str
    wanted: bool


class Mails(TypedDict):
    """Which mails somebody wants."""

    mails: Annotated[list[MailKind], "the kinds whose mail can be done without"]


class Notices(Mails):
    """What somebody was told, newest first."""

    count: int
    results: list[NoticeTold]
