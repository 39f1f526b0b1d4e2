"""Reads ``schemas/requests.yaml``: how data that are not open are asked for and given."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal, get_args

import msgspec

from ... import paths
from ...agencies.rules.duties import Duty
from ...surface.yaml_source import Basis, Positive, Source, Text
from ..rules import definition_types
from ..rules.definition_types import FieldSpec

REQUESTER = "requester"
ANSWERERS = "answerers"
OWNER_ADMINS = "owner_admins"
RoadName = Literal["official", "public", "personal", "closed"]
ROADS: tuple[RoadName, ...] = get_args(RoadName)
STATES = (
    "unconfirmed open consent objection execution granted refused rejected reopened withdrawn "
    "lapsed settled"
).split()
MESSAGES = (
    "not_yours own_request excluded not_from_here not_on_this_road not_overdue too_late "
    "extended_already deadline_passed decision_changed decision_unchanged nothing_closed "
    "nothing_decided held_back auditor asked_already too_many link_invalid link_used not_running "
    "other_mailbox"
).split()
DUTIES = frozenset(duty.value for duty in Duty) - {Duty.PRODUSEN.value}
ACTORS = DUTIES | {REQUESTER, ANSWERERS}
People = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Road(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers a request, and for how many days at most something is given."""

    label: Text
    answered_by: People
    longest_days: Positive
    basis: tuple[Basis, ...] = ()
    name: str = ""


class State(definition_types.State, frozen=True, forbid_unknown_fields=True):
    """A state of a request, and on whose desk it lies."""

    basis: tuple[Basis, ...] = ()


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields that a step asks for."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


class Transition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step of a request: who takes it, from where to where, and on which roads."""

    name: Text
    label: Text
    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    by: str
    part: str | None = None
    exclude: tuple[str, ...] = ()
    roads: Annotated[frozenset[RoadName], msgspec.Meta(min_length=1)]
    when: Literal["overdue", "decision_changed"] | None = None
    asked: Asked = msgspec.field(name="fields", default=Asked())
    step: Text
    basis: tuple[Basis, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that are always needed."""
        return self.asked.required

    @property
    def optional(self) -> tuple[str, ...]:
        """The fields that may be left empty."""
        return self.asked.optional


class Withdraw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How whoever asked takes a request back."""

    label: Text
    step: Text


class Extension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By how much an answer is put off, once."""

    working_days: Positive


class Objection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Until when an answer is objected to."""

    within_working_days: Positive


class Grants(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who ends a grant before its day."""

    revoked_by: People


class Length(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a text is."""

    min_length: Positive
    max_length: Positive


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much may be asked."""

    purpose: Length
    open_of_one_person: Positive
    of_one_person_in_a_day: Positive
    of_one_address: Positive
    of_one_address_for_a_dataset: Positive
    to_one_mailbox: Positive
    resources: Positive


class Links(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the links in mails work."""

    confirm_hours: Positive
    claim_days: Positive
    follow_days: Positive


class RequestRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file, checked when it is read."""

    version: Text
    parts: tuple[str, ...]
    roads: dict[str, Road]
    states: dict[str, State]
    fields: dict[str, FieldSpec]
    transitions: tuple[Transition, ...]
    withdraw: Withdraw
    extension: Extension
    objection: Objection
    grants: Grants
    limits: Limits
    links: Links
    forget_mailbox_after_days: Positive
    watched_by: People
    messages: dict[str, Text]

    @classmethod
    def of(cls, source: Source) -> RequestRules:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        rules = source.shaped(cls)
        source.exactly("road", ROADS, rules.roads, "roads")
        source.exactly("state", STATES, rules.states, "states")
        source.whole("message", MESSAGES, rules.messages, "messages")
        source.whole("field", ["reason"], rules.fields, "fields")
        people = DUTIES | {OWNER_ADMINS}
        source.known("duty", rules.grants.revoked_by, people, "grants", "revoked_by")
        source.known("duty", rules.watched_by, people, "watched_by")
        for name, road in rules.roads.items():
            source.known("duty", road.answered_by, people, "roads", name, "answered_by")
        for name, state in rules.states.items():
            if not state.end:
                source.known("duty", [state.holder], ACTORS, "states", name, "holder")
        for number, step in enumerate(rules.transitions):
            rules._check_step(source, step, number)
        return rules

    def _check_step(self, source: Source, step: Transition, number: int) -> None:
        where = ("transitions", number)
        for key, state in (("from", step.source), ("to", step.target)):
            source.known("state", [state], self.states, *where, key)
        source.known("duty", [step.by], ACTORS, *where, "by")
        source.known("part", filter(None, [*step.exclude, step.part]), self.parts, *where)
        source.known("field", [*step.required, *step.optional], self.fields, *where, "fields")
        for other in self.transitions[:number]:
            same = (other.source, other.name) == (step.source, step.name)
            twice = same and bool(other.roads & step.roads)
            source.require(f"'{step.name}' stands twice", not twice, *where)
        if step.target == "granted":
            # Personal data are never given by one act, nor anything on the road that is closed.
            source.require("'closed' grants nothing", "closed" not in step.roads, *where)
            alone = "personal" in step.roads and not step.exclude
            source.require("'personal' needs a second person", not alone, *where)

    @property
    def end_states(self) -> tuple[str, ...]:
        """Nothing is owed any more."""
        return tuple(name for name, state in self.states.items() if state.end)

    @property
    def running_states(self) -> tuple[str, ...]:
        """Somebody owes an answer."""
        states = self.states.items()
        return tuple(name for name, s in states if not s.end and s.holder != REQUESTER)

    @property
    def answers(self) -> frozenset[str]:
        """Ends to which a person's answer led."""
        steps = [t for t in self.transitions if t.by != REQUESTER]
        return frozenset(t.target for t in steps if self.states[t.target].end)

    def from_state(self, state: str) -> list[Transition]:
        """Return the steps that lead out of a state, in the order of the file."""
        return [t for t in self.transitions if t.source == state]

    def named(self, state: str, name: str, road: str | None) -> Transition | None:
        """Return the step of this name from a state on a road, or ``None``."""
        found = (t for t in self.from_state(state) if t.name == name and road in t.roads)
        return next(found, None)


@lru_cache(maxsize=1)
def request_rules() -> RequestRules:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return RequestRules.of(Source.read(paths.schemas() / "requests.yaml"))
