"""What the actions of reviews, rights and the audit's programme answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Receipt, Recorded
from ..answers import ControlShown, Review


class ReviewDecision(TypedDict):
    """What a review decided, and what became of it."""

    number: int
    text: str
    role: Annotated[str, "who carries it out"]
    role_label: str
    due: str
    task: Annotated[int, "number of its task"]
    user: Annotated[str | None, "whom the task fell to"]
    state: Annotated[str, "`open`, `done` or `mended`"]
    late: bool
    done_at: str | None
    note: Annotated[str | None, "what was done"]
    proof: Annotated[str | None, "number of the letter or minutes"]


class ReviewRow(TypedDict):
    """A review in a list."""

    id: str
    number: int
    year: Annotated[int, "that it looked at"]
    day: Annotated[str, "on which it was held"]
    paper: Annotated[str, "number of the minutes"]
    decisions: Annotated[int, "how many it took"]


class Reviews(TypedDict):
    """Reviews that were held, newest first."""

    count: int
    leads: Annotated[bool, "the caller may hold one"]
    results: list[ReviewRow]


class ReviewShown(TypedDict):
    """A management review."""

    id: str
    number: int
    year: Annotated[int, "that it looked at"]
    day: Annotated[str, "on which it was held"]
    paper: Annotated[str, "number of the minutes"]
    opinion: Annotated[str, "of whoever led it"]
    role: str
    role_label: str
    held_by: str | None
    numbers: Annotated[Review, "of the year, as they stood when it was held"]
    decisions: list[ReviewDecision]
    before: Annotated[list[ReviewDecision], "of the review before, as they stand now"]
    decides: Annotated[bool, "the caller may add a decision"]


class ReviewRecorded(ReviewShown, Recorded):
    """A review that was held, or decided something."""


class RightLine(TypedDict):
    """One right that somebody has."""

    id: Annotated[str, "of the line as it stands: another one once anything of it changes"]
    kind: Annotated[str, "`member`, `delegation`, `role` or `administrator`"]
    user: str
    person: str
    agency: str | None
    agency_id: str | None
    role: Annotated[str | None, "of information security, by decree"]
    capacity: str | None
    duties: Annotated[list[str], "that come with it"]
    until: str | None
    seen: Annotated[str | None, "when they used their account last"]
    second_factor: bool
    verdict: Annotated[str | None, "`confirmed` or `withdrawn` in this review"]
    by: str | None
    at: str | None
    new: Annotated[bool, "nobody ever answered it as it stands"]
    own: Annotated[bool, "of the caller: somebody else answers it"]


class Rights(TypedDict):
    """The lines of a review of rights."""

    task: int
    open: bool
    count: Annotated[int, "of the lines that were asked for"]
    all: int
    answered: int
    own: Annotated[int, "of the caller, and not answered yet"]
    results: list[RightLine]


class RightsAnswered(TypedDict):
    """What was answered, and how far the review is."""

    confirmed: int
    withdrawn: int
    all: int
    answered: int
    receipt: Annotated[Receipt | None, "of the last line"]


class CheckRow(TypedDict):
    """A control of a checklist, and what was answered of it."""

    control: str
    label: str
    role: Annotated[str, "who owns it"]
    role_label: str
    verdict: Annotated[str | None, "`conform`, `observation` or `not_conform`"]
    verdict_label: str | None
    at: str | None


class ProgrammeQuarter(TypedDict):
    """What a quarter looks at."""

    period: Annotated[str, "its first month"]
    now: bool
    results: list[CheckRow]


class Programme(TypedDict):
    """The audit's programme of a year."""

    year: int
    within: Annotated[int, "in so many quarters each control is looked at"]
    quarters: list[ProgrammeQuarter]
    own: Annotated[list[CheckRow], "controls of whoever audits: another role examines them"]


class Checklist(TypedDict):
    """The controls that a task of the audit asks for."""

    task: int
    open: bool
    count: int
    answered: int
    results: list[CheckRow]


class Check(TypedDict):
    """What was answered of a control, and how it stood then."""

    number: int
    verdict: str
    verdict_label: str
    note: str
    at: str
    by: str | None
    status_label: str | None
    said: str | None
    finding: Annotated[int | None, "number of the finding that it opened"]


class CheckShown(TypedDict):
    """What the checklist asks of a control, with its evidence."""

    control: ControlShown
    question: str
    examined_by: str
    examines: Annotated[bool, "the caller answers it"]
    proof: Annotated[int | None, "number of the task that was recorded as done last"]
    proof_at: str | None
    open_findings: Annotated[list[int], "numbers of findings that are not closed"]
    checks: Annotated[list[Check], "newest first, at most ten"]


class CheckRecorded(CheckShown, Recorded):
    """A control whose checklist was answered."""
