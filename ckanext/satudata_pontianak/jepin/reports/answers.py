"""What the actions on citizens' reports answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded


class ReportedDataset(TypedDict):
    """What is reported of."""

    id: str
    name: str
    title: str
    type: str


class ReportedFile(TypedDict):
    """The file whose table or picture is meant."""

    id: str
    name: str


class ReportRow(TypedDict):
    """What is reported of one thing, as everybody who follows it sees it."""

    kind: str
    kind_label: str
    resource: Annotated[ReportedFile | None, "a file of it, if the caller may see that"]
    point: Annotated[str, "a point of it; empty: the whole"]
    state: Annotated[str, "`open`, `known` or `ended`"]
    state_label: str
    due: Annotated[str, "the day by which an answer is owed"]
    late: Annotated[bool, "the answer is owed since an earlier day"]
    outcome: str | None
    outcome_label: str | None
    answer: Annotated[str | None, "what the owner answered last"]
    answered: str | None
    dataset: Annotated[ReportedDataset | None, "if the caller may see its metadata"]
    work: Annotated[int | None, "number of the work that was reported, where it is one"]


class ReportFollowed(ReportRow):
    """A report, for who has its code."""

    reported: str
    text: Annotated[str | None, "what was written with it"]


class ReportTaken(ReportFollowed):
    """A report that was taken."""

    code: Annotated[str, "by which it is followed; it is given once"]


class ReportDesk(ReportRow):
    """What is reported of one thing, as a list of its owner gives it."""

    number: int
    first: str
    last: str
    voices: Annotated[int, "how many reported it"]
    answers: Annotated[bool, "the caller answers it"]


class ReportDesks(TypedDict):
    """Reports that the caller sees by duty, what is owed soonest first."""

    count: int
    results: list[ReportDesk]


class ReportVoiceShown(TypedDict):
    """What one who reported it wrote."""

    at: str
    text: str


class ReportShown(ReportDesk):
    """What is reported of one thing, for its owner."""

    texts: Annotated[list[ReportVoiceShown], "what was written, latest first; nobody is named"]
    photos: Annotated[list[str], "ids, for the owner's publishers until it is answered"]
    outcomes: Annotated[list[str], "what may be answered as it stands"]


class ReportAnswered(ReportShown, Recorded):
    """What was answered."""
