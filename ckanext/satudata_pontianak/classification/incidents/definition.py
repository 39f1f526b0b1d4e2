"""Reads ``schemas/incidents.yaml``: clocks, who begins and ends one, what has to be said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ... import paths
from ..notices.definition import PEOPLE
from ..rules.definition_types import FieldSpec
from ..rules.yaml_source import Source

OPEN = "open"
STATES = ("open", "dismissed", "concluded")
GROUNDS = ("scan", "report")
CLOCKS = ("personal_data", "vital_system")
VITAL = "vital_system"
CONDITIONS = frozenset({"findings_resolved"})
EXCLUDED = frozenset({"beginner", "author", "resolver"})
MESSAGES = ("not_yours excluded ended findings_resolved nothing_decided known_later").split()
Basis = tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Clock:
    """A deadline in hours of the wall, from the moment at which an incident was known."""

    name: str
    label: str
    hours: int
    basis: Basis


@dataclass(frozen=True)
class Ground:
    """Why an incident began, and the clocks that it has by itself."""

    name: str
    label: str
    clocks: tuple[str, ...]


@dataclass(frozen=True)
class End:
    """One way to end an incident: who, whom it is refused, what must hold, what is written."""

    name: str
    label: str
    target: str
    by: tuple[str, ...]
    exclude: tuple[str, ...]
    conditions: tuple[str, ...]
    required: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    required_for_vital: tuple[str, ...]
    step: str
    output: str
    basis: Basis

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that the step takes, each once, in the order of the file."""
        some = [name for group in self.one_of for name in group]
        return tuple(dict.fromkeys([*self.required, *some, *self.required_for_vital]))


class IncidentRules:
    """The whole file, checked when it is read."""

    def __init__(self, source: Source) -> None:
        """Check and keep what ``source`` holds.

        :raises DefinitionError: naming file, line and reason.
        """
        data = source.data
        for key in (
            "version clocks grounds begun_by watched_by readers_seen_by states ends fields messages"
        ).split():
            source.require(f"'{key}' is missing", bool(data.get(key)))
        self.version = str(data["version"])
        self.clocks = {name: self._clock(source, name) for name in _known(source, "clocks", CLOCKS)}
        self.grounds = {
            name: self._ground(source, name) for name in _known(source, "grounds", GROUNDS)
        }
        self.begun_by = _people(source, data["begun_by"], "begun_by")
        self.watched_by = _people(source, data["watched_by"], "watched_by")
        self.readers_seen_by = _people(source, data["readers_seen_by"], "readers_seen_by")
        self.states = {n: str(data["states"][n]["label"]) for n in _known(source, "states", STATES)}
        self.fields = {
            name: FieldSpec(name, f["type"], f["label"], f.get("help", ""), (), f.get("max_length"))
            for name, f in data["fields"].items()
        }
        self.min_lengths = {n: int(f.get("min_length", 1)) for n, f in data["fields"].items()}
        self.ends = {name: self._end(source, name) for name in data["ends"]}
        self.messages = {name: str(text) for name, text in data["messages"].items()}
        for name in MESSAGES:
            there = bool(self.messages.get(name))
            source.require(f"the message '{name}' is missing", there, "messages")

    @staticmethod
    def _clock(source: Source, name: str) -> Clock:
        spec = source.data["clocks"][name]
        hours = spec.get("hours")
        good = isinstance(hours, int) and not isinstance(hours, bool) and hours > 0
        source.require("'hours' must be a positive whole number", good, "clocks", name)
        return Clock(name, spec["label"], int(hours), tuple(spec.get("basis", ())))

    def _ground(self, source: Source, name: str) -> Ground:
        spec = source.data["grounds"][name]
        for clock in spec.get("clocks", ()):
            source.require(f"unknown clock '{clock}'", clock in self.clocks, "grounds", name)
        source.require("a ground needs a clock", bool(spec.get("clocks")), "grounds", name)
        return Ground(name, spec["label"], tuple(spec["clocks"]))

    def _end(self, source: Source, name: str) -> End:
        spec, where = source.data["ends"][name], ("ends", name)
        for key in ("label", "to", "by", "fields", "step", "output"):
            source.require(f"'{key}' is missing", bool(spec.get(key)), *where)
        target = spec["to"]
        source.require(f"'{target}' is no end", target in STATES and target != OPEN, *where)
        asked = spec["fields"]
        end = End(
            name,
            spec["label"],
            target,
            _people(source, spec["by"], *where),
            tuple(spec.get("exclude", ())),
            tuple(spec.get("conditions", ())),
            tuple(asked.get("required", ())),
            tuple(tuple(group) for group in asked.get("one_of", ())),
            tuple(asked.get("required_for_vital", ())),
            spec["step"],
            spec["output"],
            tuple(spec.get("basis", ())),
        )
        for field in end.fields:
            source.require(f"unknown field '{field}'", field in self.fields, *where, "fields")
        for item in end.exclude:
            source.require(f"unknown part '{item}'", item in EXCLUDED, *where, "exclude")
        for item in end.conditions:
            source.require(f"unknown condition '{item}'", item in CONDITIONS, *where, "conditions")
        return end

    def clocks_of(self, ground: str, *, vital: bool) -> list[Clock]:
        """Return the clocks of an incident, the earliest first.

        :raises KeyError: there is no such ground.
        """
        names = [*self.grounds[ground].clocks, *([VITAL] if vital else [])]
        return sorted((self.clocks[n] for n in dict.fromkeys(names)), key=lambda c: c.hours)

    def due(self, ground: str, known_at: dt.datetime, *, vital: bool) -> dt.datetime:
        """Return the earliest deadline of an incident that was known at a moment."""
        return known_at + dt.timedelta(hours=self.clocks_of(ground, vital=vital)[0].hours)


def _known(source: Source, key: str, names: Iterable[str]) -> list[str]:
    for name in names:
        source.require(f"'{name}' is missing", name in source.data[key], key)
    for name in source.data[key]:
        source.require(f"unknown name '{name}'", name in names, key, name)
    return list(source.data[key])


def _people(source: Source, names: Any, *where: str) -> tuple[str, ...]:
    for name in names:
        source.require(f"unknown people '{name}'", name in PEOPLE, *where)
    return tuple(names)


@lru_cache(maxsize=1)
def incident_rules() -> IncidentRules:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return IncidentRules(Source.read(paths.schemas() / "incidents.yaml"))
