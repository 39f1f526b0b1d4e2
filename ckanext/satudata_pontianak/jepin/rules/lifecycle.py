"""The life of an app: which step leads where, who may take it, what must hold. Pure.

Reads ``schemas/jepin/lifecycle.yaml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from ... import paths
from ...classification.rules.deadlines import add_working_days
from ...messages import Message
from ...msgids import N_
from ...surface.yaml_source import Bases, Positive, Source, Text

Part = Literal["owner", "walidata"]
PARTS: Mapping[Part, str] = {
    "owner": N_("Agency that owns the app"),
    "walidata": N_("Data custodian (Walidata)"),
}

NOT_FROM_HERE = N_("The app is in the state “%(state)s”: this step is not possible from there.")
NOT_YOURS = N_("This step is taken by: %(parts)s.")
UNDECIDED = N_("The entry of the app is not decided yet. Submit it for checking first.")
NO_ADDRESS = N_("The entry names no web address and no address in a store.")
NO_OFFICE = N_("The entry names no office with a duty mailbox.")
NO_BASIS = N_("The app processes personal data, and the entry does not say on which basis.")
NO_STEP = N_("There is no such step.")


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state of an app."""

    label: Text
    help: Text
    due_working_days: Positive | None = None
    ended: bool = False


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"before": "from"}):
    """A step from one of some states to another."""

    label: Text
    step: Text
    before: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    to: str
    by: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1)]
    output: Text
    basis: Bases
    needs: tuple[str, ...] = ()
    day: bool = False
    successor: Literal["no", "optional", "required"] = "no"
    name: str = ""


@dataclass(frozen=True)
class Entry:
    """What a step asks of the entry of an app in the register."""

    decided: bool
    address: bool
    office: bool
    basis: bool


CONDITIONS: Mapping[str, tuple[str, Callable[[Entry], bool]]] = {
    "decided": (UNDECIDED, lambda entry: entry.decided),
    "addressed": (NO_ADDRESS, lambda entry: entry.address),
    "staffed": (NO_OFFICE, lambda entry: entry.office),
    "lawful": (NO_BASIS, lambda entry: entry.basis),
}
"""Name → what is said where it does not hold, and what must hold."""


class Lifecycle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    first: str
    states: Annotated[dict[str, State], msgspec.Meta(min_length=1)]
    steps: Annotated[dict[str, Step], msgspec.Meta(min_length=1)]

    @classmethod
    def of(cls, source: Source) -> Lifecycle:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        source.known("state", [file.first], file.states, "first")
        for name, step in file.steps.items():
            where = ("steps", name)
            source.known("state", step.before, file.states, *where, "from")
            source.known("state", [step.to], file.states, *where, "to")
            source.known("condition", step.needs, CONDITIONS, *where, "needs")
            ends = file.states[step.to].ended
            asks = step.day and step.successor != "no"
            source.require(
                "what ends an app asks for the day and the successor, and nothing else does",
                ends == asks and step.day == ends,
                *where,
            )
        reached = {file.first, *(step.to for step in file.steps.values())}
        source.whole("way to the state", file.states, reached, "states")
        left = {state for step in file.steps.values() for state in step.before}
        for name in file.states:
            source.require(f"the state '{name}' has no way out", name in left, "states", name)
        return file

    def offered(self, state: str, parts: Collection[Part]) -> list[Step]:
        """Return the steps that somebody with these parts may try from a state."""
        return [
            step
            for step in self.steps.values()
            if state in step.before and set(step.by) & set(parts)
        ]

    def problems(
        self, name: str, state: str, parts: Collection[Part], entry: Entry
    ) -> list[Message]:
        """Return what speaks against a step, in the order in which it is asked."""
        step = self.steps.get(name)
        if step is None:
            return [Message(NO_STEP)]
        if not set(step.by) & set(parts):
            return [Message(NOT_YOURS, {"parts": [Message(PARTS[part]) for part in step.by]})]
        if state not in step.before:
            return [Message(NOT_FROM_HERE, {"state": Message(self.states[state].label)})]
        wrong = [CONDITIONS[need] for need in step.needs]
        return [Message(text) for text, holds in wrong if not holds(entry)]

    def due(self, state: str, since: dt.date) -> dt.date | None:
        """Return until when an app leaves a state, ``None`` where it may stay."""
        days = self.states[state].due_working_days
        return add_working_days(since, days) if days else None


@lru_cache(maxsize=1)
def lifecycle() -> Lifecycle:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Lifecycle.of(Source.read(paths.schemas() / "jepin" / "lifecycle.yaml"))
