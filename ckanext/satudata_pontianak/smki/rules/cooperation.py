"""Reads ``schemas/cooperation.yaml``: tasks between agencies, and what rises to the forum. Pure."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from ... import paths
from ...classification.rules import deadlines
from ...surface.yaml_source import Bases, Positive, Source, Text

Side = Literal["sender", "receiver"]
State = Literal["handed", "taken", "sent_back", "answered", "closed"]
HANDED: State = "handed"
SENT_BACK: State = "sent_back"
ANSWERED: State = "answered"
CLOSED: State = "closed"
WORDS = 2
LONG = 12


class StateSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a task stands, and which side it waits for."""

    label: Text
    waits_for: Side | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be done with a task, by whom, and what it becomes by it."""

    label: Text
    message: Text
    by: Literal["sender", "receiver", "either"]
    of: Annotated[tuple[State, ...], msgspec.Meta(min_length=1)]
    to: State | None = None
    text: bool = False
    agency: bool = False
    dataset: bool = False
    name: str = ""


class TaskDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Working days of a task."""

    answered_within_days: Positive
    acted_on_within_days: Positive
    warn_before_days: Positive
    rises_after_days: Positive


class ForumRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the agenda of the forum holds by itself."""

    cases_late_days: Positive
    most_items: Positive


class Cooperation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    basis: Bases
    tasks: TaskDays
    forum: ForumRules
    states: dict[State, StateSpec]
    steps: Annotated[dict[str, Step], msgspec.Meta(min_length=1)]

    def due(self, state: State, today: dt.date) -> dt.date:
        """Return until when something has to become of a task that came into a state today."""
        within = self.tasks
        back = self.states[state].waits_for == "sender"
        days = within.acted_on_within_days if back else within.answered_within_days
        return deadlines.add_working_days(today, days)

    def open_to(self, state: str, sides: frozenset[Side]) -> list[Step]:
        """Return the steps that somebody who stands on these sides may take."""
        return [
            step
            for step in self.steps.values()
            if state in step.of and (step.by in sides or (step.by == "either" and sides))
        ]

    def rises(self, state: str, due: dt.date, today: dt.date) -> bool:
        """Tell whether a task is stuck for so long that the forum has to look at it."""
        if state == CLOSED:
            return False
        return deadlines.working_days_between(due, today) >= self.tasks.rises_after_days


def telling(words: str) -> bool:
    """Tell whether a title or name, where it stands in a text, says that a dataset is meant.

    A single short word is a word like others.
    """
    return len(words) >= LONG or len(re.split(r"[\s_-]+", words.strip())) >= WORDS


def stands_in(words: str, text: str) -> bool:
    """Tell whether words stand in a text as whole words, however they are written."""
    spaced = r"\s+".join(re.escape(word) for word in words.split())
    return bool(spaced) and bool(re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE))


@lru_cache(maxsize=1)
def cooperation() -> Cooperation:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Source.read(paths.schemas() / "cooperation.yaml").shaped(Cooperation)
