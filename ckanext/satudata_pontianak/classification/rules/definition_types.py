"""The parts that a workflow definition is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class State:
    """A state of a case; ``holder`` is the duty on whose desk it lies."""

    name: str
    label: str
    holder: str | None
    end: bool
    due_working_days: int | None


@dataclass(frozen=True)
class FieldSpec:
    """A field that a step may ask for."""

    name: str
    type: str
    label: str
    help: str = ""
    choices: tuple[str, ...] = ()
    max_length: int | None = None


@dataclass(frozen=True)
class Transition:
    """One step: who may take it, from where to where, with what, and what it does."""

    name: str
    label: str
    source: str
    target: str
    by: str
    part: str | None
    exclude: tuple[str, ...]
    kinds: frozenset[str]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    required_when_closed: tuple[str, ...]
    required_when_limited: tuple[str, ...]
    conditions: tuple[str, ...]
    conditions_when_open: tuple[str, ...]
    axes: str | None
    of: str
    effect: str
    step: str
    output: str
    basis: tuple[Mapping[str, str], ...] = field(default=())
    due_working_days: int | None = None

    @property
    def gives_back(self) -> bool:
        """The step puts the case before people who had it already, for them to mend it."""
        return self.effect in ("thaw_evidence", "clear_assessment")

    @property
    def key(self) -> tuple[str, str]:
        """State and name: what identifies a step."""
        return (self.source, self.name)

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that the step knows, required ones first, each once."""
        named: list[str] = [*self.required]
        for group in self.one_of:
            named += group
        named += [*self.required_when_closed, *self.required_when_limited, *self.optional]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class Conclusion:
    """A step that ends an earlier referral to PPID."""

    transition: str
    source: str
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Reopening:
    """Who may open a case on something decided, and on whose desk it begins."""

    by: str
    to: str
    kinds: frozenset[str]
