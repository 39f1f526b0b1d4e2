"""Reads ``schemas/requests.yaml``: how data that are not open are asked for and given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ... import paths
from ...agencies.rules.duties import Duty
from ...surface.yaml_source import Source
from ..rules.definition_types import FieldSpec

REQUESTER = "requester"
ANSWERERS = "answerers"
OWNER_ADMINS = "owner_admins"
ROADS = ("official", "public", "personal", "closed")
STATES = (
    "unconfirmed open consent objection execution granted refused rejected reopened withdrawn "
    "lapsed settled"
).split()
WHEN = frozenset({"overdue", "decision_changed"})
MESSAGES = (
    "not_yours own_request excluded not_from_here not_on_this_road not_overdue too_late "
    "extended_already deadline_passed decision_changed decision_unchanged nothing_closed "
    "nothing_decided held_back auditor asked_already too_many link_invalid not_running "
    "other_mailbox"
).split()
NUMBERS: tuple[tuple[str, ...], ...] = (
    ("extension", "working_days"),
    ("objection", "within_working_days"),
    ("limits", "purpose", "min_length"),
    ("limits", "purpose", "max_length"),
    ("limits", "open_of_one_person"),
    ("limits", "of_one_person_in_a_day"),
    ("limits", "of_one_address"),
    ("limits", "of_one_address_for_a_dataset"),
    ("limits", "to_one_mailbox"),
    ("limits", "resources"),
    ("links", "confirm_hours"),
    ("links", "claim_days"),
    ("links", "follow_days"),
    ("forget_mailbox_after_days",),
)
Basis = tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Road:
    """Who answers a request, and for how many days at most something is given."""

    name: str
    label: str
    answered_by: tuple[str, ...]
    longest_days: int
    basis: Basis


@dataclass(frozen=True)
class State:
    """A state of a request, and on whose desk it lies."""

    name: str
    label: str
    holder: str | None
    end: bool
    due_working_days: int | None
    basis: Basis


@dataclass(frozen=True)
class Transition:
    """One step of a request: who takes it, from where to where, and on which roads."""

    name: str
    label: str
    source: str
    target: str
    by: str
    part: str | None
    exclude: tuple[str, ...]
    roads: frozenset[str]
    when: str | None
    required: tuple[str, ...]
    optional: tuple[str, ...]
    step: str
    basis: Basis


class RequestRules:
    """The whole file, checked when it is read."""

    def __init__(self, source: Source) -> None:
        """Check and keep what ``source`` holds.

        :raises DefinitionError: naming file, line and reason.
        """
        data = source.data
        for key in (
            *("version parts roads states fields transitions withdraw grants limits links".split()),
            *("messages watched_by extension objection".split()),
        ):
            source.require(f"'{key}' is missing", bool(data.get(key)))
        self.version = str(data["version"])
        self.parts = tuple(data["parts"])
        self._known = {d.value for d in Duty} - {Duty.PRODUSEN.value}
        self.roads = self._read_roads(source)
        self.states = self._read_states(source)
        self.end_states = tuple(name for name, state in self.states.items() if state.end)
        self.running_states = tuple(
            name
            for name, state in self.states.items()
            if not state.end and state.holder != REQUESTER
        )
        """Somebody owes an answer."""
        self.fields = {
            name: FieldSpec(f["type"], f["label"], max_length=f.get("max_length"), name=name)
            for name, f in data["fields"].items()
        }
        self.reason_min = self._number(source, "fields", "reason", "min_length")
        self.transitions = self._read_transitions(source)
        self.answers = frozenset(
            t.target for t in self.transitions if t.by != REQUESTER and self.states[t.target].end
        )
        """Ends to which a person's answer led."""
        self.withdraw_label = str(data["withdraw"]["label"])
        self.withdraw_step = str(data["withdraw"]["step"])
        self.revoked_by = self._people(source, data["grants"].get("revoked_by"), "grants")
        self.watched_by = self._people(source, data["watched_by"], "watched_by")
        self.messages = {name: str(text) for name, text in data["messages"].items()}
        for name in MESSAGES:
            there = bool(self.messages.get(name))
            source.require(f"the message '{name}' is missing", there, "messages")
        self.numbers: dict[tuple[str, ...], int] = {}
        for path in NUMBERS:
            self.numbers[path] = self._number(source, *path)

    def number(self, *path: str) -> int:
        """Return a number of the file by the keys that lead to it."""
        return self.numbers[path]

    def from_state(self, state: str) -> list[Transition]:
        """Return the steps that lead out of a state, in the order of the file."""
        return [t for t in self.transitions if t.source == state]

    def named(self, state: str, name: str, road: str | None) -> Transition | None:
        """Return the step of this name from a state on a road, or ``None``."""
        found = (t for t in self.from_state(state) if t.name == name and road in t.roads)
        return next(found, None)

    def _number(self, source: Source, *path: str) -> int:
        value: Any = source.data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        good = isinstance(value, int) and not isinstance(value, bool) and value > 0
        source.require(f"'{path[-1]}' must be a positive whole number", good, *path)
        return int(value)

    def _people(self, source: Source, names: Any, *where: str) -> tuple[str, ...]:
        source.require("people are missing", bool(names), *where)
        for name in names:
            known = name in self._known or name == OWNER_ADMINS
            source.require(f"unknown duty '{name}'", known, *where)
        return tuple(names)

    def _read_roads(self, source: Source) -> dict[str, Road]:
        roads = source.data["roads"]
        for name in ROADS:
            source.require(f"the road '{name}' is missing", name in roads, "roads")
        for name in roads:
            source.require(f"unknown road '{name}'", name in ROADS, "roads", name)
        return {
            name: Road(
                name,
                road["label"],
                self._people(source, road.get("answered_by"), "roads", name),
                self._number(source, "roads", name, "longest_days"),
                tuple(road.get("basis", ())),
            )
            for name, road in roads.items()
        }

    def _read_states(self, source: Source) -> dict[str, State]:
        states = source.data["states"]
        for name in STATES:
            source.require(f"the state '{name}' is missing", name in states, "states")
        result = {}
        for name, spec in states.items():
            source.require(f"unknown state '{name}'", name in STATES, "states", name)
            holder, end = spec.get("holder"), bool(spec.get("end"))
            known = holder in {*self._known, REQUESTER, ANSWERERS}
            source.require(f"unknown duty '{holder}'", end or known, "states", name)
            due = None
            if "due_working_days" in spec:
                due = self._number(source, "states", name, "due_working_days")
            basis = tuple(spec.get("basis", ()))
            result[name] = State(name, spec["label"], holder, end, due, basis)
        return result

    def _read_transitions(self, source: Source) -> tuple[Transition, ...]:
        result: list[Transition] = []
        for number, spec in enumerate(source.data["transitions"]):
            where = ("transitions", number)
            for key in ("name", "label", "from", "to", "by", "step", "roads"):
                source.require(f"'{key}' is missing", bool(spec.get(key)), *where)
            for key in ("from", "to"):
                state = spec[key]
                source.require(f"unknown state '{state}'", state in self.states, *where, key)
            by = spec["by"]
            known = by in {*self._known, REQUESTER, ANSWERERS}
            source.require(f"unknown duty '{by}'", known, *where, "by")
            for name in (*spec.get("exclude", ()), *([spec["part"]] if "part" in spec else ())):
                source.require(f"unknown part '{name}'", name in self.parts, *where)
            for road in spec["roads"]:
                source.require(f"unknown road '{road}'", road in self.roads, *where, "roads")
            when = spec.get("when")
            source.require(f"unknown condition '{when}'", when in {None, *WHEN}, *where, "when")
            asked = spec.get("fields") or {}
            for name in (*asked.get("required", ()), *asked.get("optional", ())):
                source.require(f"unknown field '{name}'", name in self.fields, *where, "fields")
            transition = Transition(
                spec["name"],
                spec["label"],
                spec["from"],
                spec["to"],
                by,
                spec.get("part"),
                tuple(spec.get("exclude", ())),
                frozenset(spec["roads"]),
                when,
                tuple(asked.get("required", ())),
                tuple(asked.get("optional", ())),
                spec["step"],
                tuple(spec.get("basis", ())),
            )
            for other in result:
                same = (other.source, other.name) == (transition.source, transition.name)
                twice = same and bool(other.roads & transition.roads)
                source.require(f"'{transition.name}' stands twice", not twice, *where)
            self._check_two_people(source, transition, where)
            result.append(transition)
        return tuple(result)

    def _check_two_people(
        self, source: Source, transition: Transition, where: tuple[Any, ...]
    ) -> None:
        """Personal data are never given by one act, nor anything on the road that is closed."""
        if transition.target != "granted":
            return
        source.require("'closed' grants nothing", "closed" not in transition.roads, *where)
        alone = "personal" in transition.roads and not transition.exclude
        source.require("'personal' needs a second person", not alone, *where)


@lru_cache(maxsize=1)
def request_rules() -> RequestRules:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return RequestRules(Source.read(paths.schemas() / "requests.yaml"))
