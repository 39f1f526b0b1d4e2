"""What the actions on tasks between agencies and on the forum answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded
from .help_answers import HelpTopic


class Named(TypedDict):
    """An agency, as a task names it."""

    name: str
    title: str


class NamedDataset(TypedDict):
    """A dataset that the reader may know of."""

    name: str
    title: str
    type: Annotated[str, "`dataset`, or `layanan`: an app"]


class AgencyTaskRow(TypedDict):
    """A task between agencies, as a list gives it."""

    id: str
    number: int
    subject: Annotated[str | None, "`null` where it names what the caller may not know of"]
    source: Annotated[str | None, "`pulse`: the pulse of the apps opened it, and closes it"]
    sender: Named
    receiver: Named
    state: Annotated[str, "`handed`, `taken`, `sent_back`, `answered` or `closed`"]
    state_label: str
    waits_for: Annotated[Named | None, "the agency that has to do something"]
    due: str
    late: bool
    risen: Annotated[str | None, "since when it is on the agenda of the forum"]
    handed: Annotated[str, "when it was handed over first"]


class AgencyTasks(TypedDict):
    """Tasks between agencies: those that wait, by their day, then others, newest first."""

    count: int
    senders: Annotated[list[Named], "the agencies for which the caller hands tasks over"]
    results: list[AgencyTaskRow]


class AgencyTaskDone(TypedDict):
    """What was done with a task."""

    at: str
    step: str
    label: str
    agency: Named | None
    receiver: Annotated[Named | None, "where it was handed on, the agency that it went to"]
    text: Annotated[str | None, "`null` where it names what the caller may not know of"]
    dataset: Annotated[NamedDataset | None, "of a note"]
    actor: str | None
    receipt: Annotated[int | None, "number of its entry in the ledger"]


class AgencyTaskMay(TypedDict):
    """A step that the caller may take."""

    name: str
    label: str
    text: Annotated[bool, "asks for a text"]
    agency: Annotated[bool, "asks for an agency"]
    dataset: Annotated[bool, "takes a dataset"]


class AgencyTaskShown(AgencyTaskRow):
    """A task between agencies with what was done."""

    security_task: Annotated[
        int | None, "number of the task of information security it is for, for who sees those"
    ]
    text: Annotated[str | None, "`null` where it names what the caller may not know of"]
    dataset: Annotated[NamedDataset | None, "the app, of one that the pulse of the apps opened"]
    steps: list[AgencyTaskDone]
    may: list[AgencyTaskMay]


class AgencyTaskRecorded(AgencyTaskShown, Recorded):
    """A task that was handed over, or went on."""


class AgendaItem(TypedDict):
    """Something on the agenda of the forum."""

    item: Annotated[str, "what names it in a decision"]
    source: str
    source_label: str
    words: str
    agency: Named | None
    since: str
    dataset: NamedDataset | None
    address: str | None


class Agenda(TypedDict):
    """What the caller may know of what is stuck, oldest first."""

    leads: Annotated[bool, "the caller records meetings"]
    results: list[AgendaItem]


class ForumRow(TypedDict):
    """A meeting of the forum, as a list gives it."""

    id: str
    number: int
    day: str
    paper: Annotated[str, "number of the minutes"]


class ForumMeetings(TypedDict):
    """Meetings of the forum, newest first."""

    count: int
    results: list[ForumRow]


class ForumDecided(TypedDict):
    """What a meeting decided."""

    text: str
    agency: Named | None
    due: str
    task: Annotated[int, "number of its task"]
    state: str
    state_label: str
    late: bool
    dataset: Annotated[NamedDataset | None, "whose case it settles"]
    case: Annotated[str | None, "id of that case"]


class ForumShown(ForumRow):
    """A meeting of the forum, as far as its reader may know of it."""

    minutes: Annotated[str | None, "`null` where they name what the caller may not know of"]
    held_by: str | None
    agenda: Annotated[list[AgendaItem], "as it stood"]
    decisions: list[ForumDecided]
    decides: Annotated[bool, "the caller may add a decision"]


class ForumRecorded(ForumShown, Recorded):
    """A meeting that was recorded, or decided something."""


class Office(TypedDict):
    """An office of an agency, and who holds it."""

    office: Annotated[str, "`admin`, `editor`, `member` or `delegate`"]
    label: str
    people: list[str]


class Counted(TypedDict):
    """An answer whether a page helped was counted."""

    counted: bool


class HelpedRow(TypedDict):
    """How often the page of a dataset helped in a year."""

    name: str
    title: str
    yes: int
    no: int


class AgencyOffice(TypedDict):
    """An agency from inside."""

    name: str
    title: str
    duties: list[str]
    offices: list[Office]
    cases: Annotated[int, "open cases of its datasets, of those that the caller sees"]
    cases_overdue: int
    tasks_waiting: Annotated[int, "tasks between agencies that wait for it, as the caller sees"]
    tasks_late: int
    tasks: Annotated[list[AgencyTaskRow], "open ones, to and from it; at most 20"]
    answers: Annotated[int, "how many tasks it answered in a year"]
    answer_days: Annotated[
        float | None, "median of working days until it answered; `null` under five answers"
    ]

    questions: Annotated[int, "how many questions to the help desk it answered in a year"]
    question_days: Annotated[
        float | None, "median of working days until it answered; `null` under five answers"
    ]
    help: Annotated[list[HelpTopic], "topics of help on its duties"]
    helped: Annotated[
        list[HelpedRow],
        "of pages of its datasets, least helpful first, at most 20; for its members and Walidata",
    ]


class Opened(TypedDict):
    """What was opened in a month."""

    name: str
    title: str
    notes: str
    type: Annotated[str, "`dataset` or `layanan`"]
    agency: str
    decided: str


class MonthlyLetter(TypedDict):
    """What was opened in a month and is open still, by agency and title."""

    month: str
    months: Annotated[list[str], "the last twelve"]
    count: int
    results: list[Opened]
