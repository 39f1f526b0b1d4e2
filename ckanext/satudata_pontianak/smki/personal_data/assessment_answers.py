"""What the actions on impact assessments answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded


class AssessedKind(TypedDict):
    """A kind of personal data that the scan found."""

    kind: str
    label: str
    wanted: Annotated[bool, "it needs an assessment before the decision that is proposed"]


class AssessmentKnown(TypedDict):
    """What the portal knows: codes and numbers, never a value."""

    level: str | None
    level_label: str | None
    kinds: list[AssessedKind]
    files: int
    rows: int
    recipients: Annotated[list[str], "agencies that get the data"]
    grants: Annotated[int, "running grants of access"]
    earlier: Annotated[str | None, "the level of the decision in force"]
    safeguards: Annotated[list[str], "controls of personal data that are green now"]


class AssessmentText(TypedDict):
    """What a person wrote."""

    name: str
    label: str
    text: str


class Assessed(TypedDict):
    """An assessment that waits or was concluded."""

    id: str
    state: Annotated[str, "`waiting` or `concluded`"]
    kinds: Annotated[list[str], "what it is about, in words"]
    criteria: Annotated[list[str], "what only a person knows, in words"]
    texts: list[AssessmentText]
    written_by: str | None
    written: str
    opinion: str | None
    opinion_label: str | None
    reasons: str | None
    concluded_by: str | None
    concluded: str | None
    receipts: Annotated[list[int], "numbers of its entries in the ledger"]


class AssessmentShown(TypedDict):
    """How impact assessments of a dataset stand."""

    id: str
    name: str
    title: str
    known: AssessmentKnown
    missing: Annotated[list[str], "kinds that need an assessment and have none, in words"]
    waits: Annotated[bool, "one waits that holds the decision up, whatever was found"]
    writes: Annotated[bool, "the caller writes one"]
    concludes: Annotated[bool, "the caller concludes the one that waits"]
    concluded_by: Annotated[str, "the role that concludes it"]
    waiting: Assessed | None
    concluded: Annotated[Assessed | None, "the newest"]


class AssessmentRecorded(AssessmentShown, Recorded):
    """An assessment that was written or concluded."""


class AssessmentRow(TypedDict):
    """An assessment as a list gives it."""

    id: Annotated[str, "of the dataset"]
    name: str
    title: str
    state: str
    written: str
    concluded: str | None
    opinion: str | None


class AssessmentRows(TypedDict):
    """Impact assessments, the oldest first."""

    count: int
    results: list[AssessmentRow]
