"""Reads ``schemas/incidents.yaml``: clocks, who begins and ends one, what has to be said."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Annotated, Literal, get_args

import msgspec

from ... import paths
from ...surface.yaml_source import Bases, Positive, Source, Text
from ..notices.definition import PEOPLE
from ..rules.definition_types import FieldSpec

OPEN = "open"
State = Literal["open", "dismissed", "concluded"]
STATES: tuple[State, ...] = get_args(State)
ClockName = Literal["personal_data", "vital_system"]
CLOCKS: tuple[ClockName, ...] = get_args(ClockName)
VITAL: ClockName = "vital_system"
GROUNDS = ("scan", "report")
MESSAGES = ("not_yours excluded ended findings_resolved nothing_decided known_later").split()
People = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A deadline in hours of the wall, from the moment at which an incident was known."""

    label: Text
    hours: Positive
    basis: Bases
    name: str = ""


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an incident began, and the clocks that it has by itself."""

    label: Text
    clocks: Annotated[tuple[ClockName, ...], msgspec.Meta(min_length=1)]
    name: str = ""


class StateSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state of an incident."""

    label: Text
    end: bool = False


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is written when an incident ends."""

    required: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    required_for_vital: tuple[str, ...] = ()


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One way to end an incident: who, whom it is refused, what must hold, what is written."""

    label: Text
    target: State = msgspec.field(name="to")
    by: People
    exclude: tuple[Literal["beginner", "author", "resolver"], ...] = ()
    conditions: tuple[Literal["findings_resolved"], ...] = ()
    written: Written = msgspec.field(name="fields")
    step: Text
    output: Text
    basis: Bases
    name: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that are always needed."""
        return self.written.required

    @property
    def one_of(self) -> tuple[tuple[str, ...], ...]:
        """Of each of these groups one field is needed."""
        return self.written.one_of

    @property
    def required_for_vital(self) -> tuple[str, ...]:
        """The fields that are needed where a vital system is concerned."""
        return self.written.required_for_vital

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that the step takes, each once, in the order of the file."""
        some = [name for group in self.one_of for name in group]
        return tuple(dict.fromkeys([*self.required, *some, *self.required_for_vital]))


class IncidentRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file, checked when it is read."""

    version: Text
    clocks: dict[str, Clock]
    grounds: dict[str, Ground]
    begun_by: People
    watched_by: People
    readers_seen_by: People
    states: dict[str, StateSpec]
    ends: Annotated[dict[str, End], msgspec.Meta(min_length=1)]
    fields: dict[str, FieldSpec]
    messages: dict[str, Text]

    @classmethod
    def of(cls, source: Source) -> IncidentRules:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        rules = source.shaped(cls)
        source.exactly("clock", CLOCKS, rules.clocks, "clocks")
        source.exactly("ground", GROUNDS, rules.grounds, "grounds")
        source.exactly("state", STATES, rules.states, "states")
        source.whole("message", MESSAGES, rules.messages, "messages")
        for key in ("begun_by", "watched_by", "readers_seen_by"):
            source.known("people", getattr(rules, key), PEOPLE, key)
        for name, end in rules.ends.items():
            source.require(f"'{end.target}' is no end", end.target != OPEN, "ends", name, "to")
            source.known("people", end.by, PEOPLE, "ends", name, "by")
            source.known("field", end.fields, rules.fields, "ends", name, "fields")
        return rules

    def clocks_of(self, ground: str, *, vital: bool) -> list[Clock]:
        """Return the clocks of an incident, the earliest first.

        :raises KeyError: there is no such ground.
        """
        names = [*self.grounds[ground].clocks, *([VITAL] if vital else [])]
        return sorted((self.clocks[n] for n in dict.fromkeys(names)), key=lambda c: c.hours)

    def due(self, ground: str, known_at: dt.datetime, *, vital: bool) -> dt.datetime:
        """Return the earliest deadline of an incident that was known at a moment."""
        return known_at + dt.timedelta(hours=self.clocks_of(ground, vital=vital)[0].hours)


@lru_cache(maxsize=1)
def incident_rules() -> IncidentRules:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return IncidentRules.of(Source.read(paths.schemas() / "incidents.yaml"))
