"""What the actions on incidents of information security answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ..classification.incidents.answers import Exposure
from ..ledger.answers import Recorded


class SecurityStep(TypedDict):
    """Something that was done, and when."""

    at: Annotated[str, "when it was done"]
    action: Annotated[str, "`report`, `measure`, `judge` or `conclude`"]
    action_label: str
    text: str
    actor: str | None
    receipt: Annotated[int | None, "number of its entry in the ledger"]


class SecurityText(TypedDict):
    """What was written."""

    name: str
    label: str
    text: str


class SecurityNotice(TypedDict):
    """Whom a notice goes to."""

    name: Annotated[str, "`subjects`, `authority`, `sector` or `public`"]
    label: str
    due: Annotated[bool, "the law asks for it"]
    day: str | None
    reason: str | None


class SecurityRow(TypedDict):
    """An incident as a list gives it."""

    id: str
    number: int
    kind: str
    kind_label: str
    severity: str
    severity_label: str
    state: Annotated[str, "`open` or `closed`"]
    personal: bool
    vital: bool
    known: Annotated[str, "when it became known: the clock runs from this hour"]
    due: Annotated[str | None, "`null` where the law sets no deadline"]
    hours_left: Annotated[int | None, "while it is open; negative once the deadline has passed"]
    reported_by: str | None
    closed: str | None


class SecurityRows(TypedDict):
    """Incidents, open ones first."""

    count: int
    results: list[SecurityRow]


class SecurityDataset(TypedDict):
    """A dataset that an incident concerns."""

    id: str
    name: str
    title: str
    for_all: Annotated[bool, "everybody may know of it: drafts of letters name it"]
    exposes: Annotated[bool, "the caller sees who had its data"]


class SecurityExposure(TypedDict):
    """Who had the data of a dataset since an incident was known."""

    dataset: str
    title: str
    exposure: Exposure


class SecurityIncident(SecurityRow):
    """An incident with what was written and done."""

    names: Annotated[bool, "the caller says which datasets it concerns"]
    datasets: Annotated[list[SecurityDataset], "those that the caller may know of"]
    concluded_by: Annotated[str, "the role that concludes it"]
    handles: Annotated[bool, "the caller writes measures"]
    concludes: Annotated[bool, "the caller concludes it, and takes datasets out"]
    texts: list[SecurityText]
    steps: list[SecurityStep]
    notices: list[SecurityNotice]


class SecurityRecorded(SecurityIncident, Recorded):
    """An incident that was reported, or went on."""
