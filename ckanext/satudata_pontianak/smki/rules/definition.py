"""Reads ``schemas/smki/``: policy, roles, tasks of the calendar, controls. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from ... import paths
from ...agencies.rules.duties import Duty
from ...surface.yaml_source import Bases, Labelled, Positive, Source, Status, Text

Month = Annotated[int, msgspec.Meta(ge=1, le=12)]
Every = Literal["month", "two_months", "quarter", "half_year", "year", "event"]
EVENT: Every = "event"
MONTHS_OF: dict[Every, int] = {
    "month": 1,
    "two_months": 2,
    "quarter": 3,
    "half_year": 6,
    "year": 12,
}
Codes = dict[str, tuple[Text, ...]]


class Standard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A standard or index that asks for controls by codes, and those of them that were read."""

    label: Text
    status: Status
    codes: tuple[Text, ...]


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``policy.yaml``: what the city wants, of what, in six chapters."""

    version: Text
    title: Text
    scope: Text
    statements: Annotated[tuple[Labelled, ...], msgspec.Meta(min_length=1)]
    basis: Bases
    chapters: Annotated[dict[str, Labelled], msgspec.Meta(min_length=6, max_length=6)]
    standards: dict[str, Standard]


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role: held with a duty of the portal, or by decree; until then carried by others."""

    label: Text
    basis: Bases
    help: str = ""
    duty: Duty | None = None
    until_named: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()
    name: str = ""


class RolesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``roles.yaml``."""

    version: Text
    most_tasks_a_month: Positive
    roles: dict[str, Role]

    @classmethod
    def of(cls, source: Source) -> RolesFile:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        for name, role in file.roles.items():
            one = (role.duty is None) == bool(role.until_named)
            source.require("'duty' or 'until_named' is expected", one, "roles", name)
            for key in ("until_named", "deputies", "apart_from"):
                source.known("role", getattr(role, key), file.roles, "roles", name, key)
        return file


class AskedField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What whoever did a task, or keeps a register, writes down."""

    type: Literal["text", "line", "date", "choice", "number"]
    label: Text
    help: str = ""
    choices: dict[str, Text] = msgspec.field(default_factory=dict)
    min_length: Positive = 1
    max_length: Positive = 200
    low: int = 0
    high: int = 1_000_000
    future: bool = False
    """Of a date: it may lie ahead."""
    name: str = ""


class Asks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields that are asked for."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every field, required ones first."""
        return (*self.required, *self.optional)


class TaskSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task that the portal hands out on its day, or when somebody says that its event came."""

    label: Text
    role: str
    every: Every
    due_working_days: Positive
    chapter: str
    asks: Asks
    month: Month = 1
    event: str = ""
    by_portal: bool = False
    """Of an event: the portal hands it out by itself, and nobody begins it."""
    hands_on: bool = False
    """Another agency may be asked to do of it what is its own."""
    help: str = ""
    sop: str = ""
    name: str = ""

    def period_of(self, day: dt.date) -> str | None:
        """Return the period that this day lies in, by its first month: ``2026-10``.

        ``None``: no period of this task has begun in the year yet, and the last one lies before.
        """
        return period(self.every, self.month, day)


class TasksFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``tasks.yaml``."""

    version: Text
    escalated_after_working_days: Positive
    warn_before_working_days: Positive
    fields: dict[str, AskedField]
    tasks: dict[str, TaskSpec]

    @property
    def calendar(self) -> list[TaskSpec]:
        """The tasks that have a day; the others wait for their event."""
        return [task for task in self.tasks.values() if task.every != EVENT]

    @property
    def begun(self) -> list[TaskSpec]:
        """The tasks of an event that people begin."""
        return [each for each in self.tasks.values() if each.every == EVENT and not each.by_portal]


class Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that has to be so, and by which evidence it is known."""

    label: Text
    why: Text
    chapter: str
    role: str
    mend: Text
    codes: Codes = msgspec.field(default_factory=dict)
    probe: str = ""
    task: str = ""
    by_hand: bool = False
    limits: dict[str, Positive] = msgspec.field(default_factory=dict)
    sop: str = ""
    excluded: str = ""
    name: str = ""


class ControlsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``controls.yaml``."""

    version: Text
    due_working_days: Positive
    controls: dict[str, Control]


@dataclass(frozen=True)
class Smki:
    """All of ``schemas/smki/``, each file checked against the others."""

    policy: Policy
    roles: RolesFile
    tasks: TasksFile
    controls: ControlsFile


def period(every: Every, month: int, day: dt.date) -> str:
    """Return the period of a calendar that a day lies in, named by its first month.

    :param month: the month of the year in which a period begins (1–12).
    """
    length = MONTHS_OF[every]
    since = (day.year * 12 + day.month - 1 - (month - 1)) // length * length + month - 1
    return f"{since // 12:04}-{since % 12 + 1:02}"


def begins(name: str) -> dt.date:
    """Return the first day of a period that :func:`period` named."""
    year, month = name.split("-")
    return dt.date(int(year), int(month), 1)


def read(folder: Path) -> Smki:
    """Read the files of a folder.

    :raises DefinitionError: naming file, line and reason.
    """
    policy = Source.read(folder / "policy.yaml").shaped(Policy)
    roles = RolesFile.of(Source.read(folder / "roles.yaml"))
    source = Source.read(folder / "tasks.yaml")
    tasks = source.shaped(TasksFile)
    for name, task in tasks.tasks.items():
        source.known("role", [task.role], roles.roles, "tasks", name, "role")
        source.known("chapter", [task.chapter], policy.chapters, "tasks", name, "chapter")
        source.known("field", task.asks.all, tasks.fields, "tasks", name, "asks")
        one = bool(task.event) == (task.every == EVENT)
        source.require("'event' belongs to 'every: event'", one, "tasks", name)
        only = task.every == EVENT or not task.by_portal
        source.require("'by_portal' belongs to 'every: event'", only, "tasks", name)
        own = task.every != EVENT or not task.hands_on
        source.require("a task of an event is not handed on", own, "tasks", name)
    source = Source.read(folder / "controls.yaml")
    controls = source.shaped(ControlsFile)
    for name, control in controls.controls.items():
        one = bool(control.probe) + bool(control.task) + bool(control.excluded) == 1
        reason = "one of 'probe', 'task', 'excluded' is expected"
        source.require(reason, one, "controls", name)
        source.known("role", [control.role], roles.roles, "controls", name, "role")
        source.known("chapter", [control.chapter], policy.chapters, "controls", name, "chapter")
        if control.task:
            source.known("task", [control.task], tasks.tasks, "controls", name, "task")
            has = "days" in control.limits
            source.require("'limits: {days: …}' is missing", has, "controls", name)
        for standard, codes in control.codes.items():
            source.known("standard", [standard], policy.standards, "controls", name, "codes")
            read_codes = policy.standards[standard].codes
            source.known("code", codes, read_codes, "controls", name, "codes", standard)
    return Smki(policy, roles, tasks, controls)


@lru_cache(maxsize=1)
def smki() -> Smki:
    """Return the definitions in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return read(paths.schemas() / "smki")
