"""What the actions of information-security management answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict

from ..classification.cases.answers import Basis
from ..ledger.answers import Recorded


class ControlRow(TypedDict):
    """How a control stands."""

    name: str
    label: str
    chapter: Annotated[str, "one of the six of BSSN 4/2021"]
    chapter_label: str
    role: Annotated[str, "who owns it"]
    role_label: str
    status: Annotated[
        str, "`red`, `yellow`, `hand`, `green`, `excluded`, or `unknown` before the first look"
    ]
    status_label: str
    said: Annotated[str | None, "what was found, without a name of data"]
    since: str | None
    looked_at: str | None
    codes: Annotated[list[str], "as standards and indexes ask for it"]


class ControlChange(TypedDict):
    """That a control stood otherwise from a moment on."""

    at: str
    status: str
    status_label: str
    said: str
    told: Annotated[int, "how many people"]


class AskedFor(TypedDict):
    """A code under which a control is asked for."""

    standard: str
    code: str
    title: Annotated[str | None, "`null`: not read from its source"]


class ControlShown(ControlRow):
    """A control with its reason, what mends it, and how it stood before."""

    why: str
    mend: str
    excluded: Annotated[str | None, "why it does not apply"]
    evidence: Annotated[str, "`probe`: the portal looks; `task`: a recorded task"]
    sop: str | None
    asked_for: list[AskedFor]
    history: list[ControlChange]


class TaskField(TypedDict):
    """What is asked of whoever does a task."""

    name: str
    type: str
    label: str
    help: str
    required: bool
    max_length: int | None
    choices: Annotated[dict[str, str], "value → words"]


class Answer(TypedDict):
    """What was written of a task."""

    name: str
    label: str
    value: Any


class Task(TypedDict):
    """A task of the calendar, or what a red control asks for."""

    id: str
    number: int
    kind: str
    label: str
    help: str
    period: str
    role: str
    role_label: str
    user: Annotated[str | None, "whose it is; `null`: nobody is there"]
    state: Annotated[str, "`open`, `done`, or `mended` where a control turned green by itself"]
    opened: str
    due: str
    late: bool
    escalated: str | None
    done_by: str | None
    done_at: str | None
    control: str | None
    sop: str | None
    about: Annotated[str | None, "what was decided, or whose right is withdrawn"]
    mine: Annotated[bool, "the caller may do it"]
    fields: list[TaskField]
    answers: list[Answer]


class TaskHanded(TypedDict):
    """What another agency was asked to do of a task."""

    number: Annotated[int | None, "of the task between agencies, for who sees that"]
    agency: str
    state_label: str
    due: str
    late: bool
    answered: Annotated[str | None, "when it was answered last"]
    answer: Annotated[str | None, "`null` where it names what the caller may not know of"]


class TaskShown(Task):
    """A task with what other agencies were asked to do of it."""

    hands_on: Annotated[bool, "the caller may hand a part of it to another agency"]
    handed: list[TaskHanded]


class Tasks(TypedDict):
    """Tasks, the soonest due first."""

    count: int
    results: list[Task]


class TaskDone(Task, Recorded):
    """A task that was recorded as done."""


class Held(TypedDict):
    """A role, and who carries it today."""

    role: str
    label: str
    help: str
    people: list[str]
    named: Annotated[bool, "by duty or decree, and not in passing"]
    deputies: list[str]
    basis: list[Basis]


class Board(TypedDict):
    """How information security stands today."""

    controls: list[ControlRow]
    counts: Annotated[dict[str, int], "status → controls"]
    roles: list[Held]
    tasks_open: int
    tasks_late: int
    mine: Annotated[list[Task], "open tasks of the caller"]


class ReviewCounts(TypedDict):
    """What became of tasks."""

    handed_out: int
    done: int
    in_time: Annotated[int, "of those that are done"]
    mended: Annotated[int, "ended because their control held again"]
    handed_on: Annotated[int, "went to a deputy because they were late"]
    open: int


class ReviewRole(ReviewCounts):
    """What became of the tasks of a role."""

    role: str
    label: str


class ReviewControl(TypedDict):
    """How a control stood in a year."""

    control: str
    label: str
    times_red: int
    days_red: int
    status: Annotated[str, "as it stands now"]


class ReviewFindings(TypedDict):
    """What became of findings of the audit."""

    opened: Annotated[int, "in the year"]
    closed: Annotated[int, "in the year"]
    open: Annotated[int, "at its end"]
    late: Annotated[int, "of those that are open"]


class ReviewIncidents(TypedDict):
    """Incidents of information security that were reported in the year."""

    reported: int
    open: int
    with_deadline: Annotated[int, "for which the law sets one"]
    in_time: Annotated[int, "concluded before it"]
    late: Annotated[int, "concluded after it, or it has passed"]


class ReviewRisks(TypedDict):
    """How the register of risks stands."""

    all: int
    above: Annotated[int, "above what the city bears"]
    unmeasured: Annotated[int, "nobody said how likely they are"]
    uncovered: Annotated[int, "above it, neither treated in time nor accepted"]


class Review(TypedDict):
    year: int
    until: Annotated[str, "the last day that is counted"]
    tasks: Annotated[list[ReviewRole], "of the calendar, by role"]
    all: Annotated[ReviewCounts, "tasks of the calendar"]
    of_controls: Annotated[ReviewCounts, "tasks that red controls opened"]
    late: Annotated[int, "open tasks of the calendar whose deadline has passed"]
    findings: ReviewFindings
    incidents: Annotated[ReviewIncidents | None, "`null` for who does not handle incidents"]
    risks: Annotated[ReviewRisks | None, "`null` for who does not read the register"]
    controls: Annotated[list[ReviewControl], "those that were red for longest first"]


"""The numbers of a year for the management review."""


class PlannedTask(TypedDict):
    """A task of the year's plan."""

    kind: str
    label: str
    period: str
    opens: str
    due: str
    role: str
    user: str | None


class Load(TypedDict):
    """How many tasks a person has in a month."""

    user: str
    month: str
    tasks: int


class Plan(TypedDict):
    """The tasks of a year by person."""

    year: int
    most_a_month: int
    results: list[PlannedTask]
    load: list[Load]


RoleLaid = TypedDict(
    "RoleLaid",
    {
        "id": str,
        "role": str,
        "label": str,
        "user": str,
        "nomor_sk": str,
        "from": str,
        "until": str | None,
        "running": bool,
    },
)
"""A role that a decree lays on a person."""


class RoleRecorded(RoleLaid, Recorded):
    """A role that was laid on somebody, or ended."""
