"""The parts that a workflow definition is made of."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ...surface.yaml_source import Basis, Positive, Text

Kind = Literal["classify", "remove", "move"]
Kinds = Annotated[frozenset[Kind], msgspec.Meta(min_length=1)]


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state of a case; ``holder`` is the duty on whose desk it lies."""

    label: Text
    holder: str | None = None
    end: bool = False
    due_working_days: Positive | None = None
    name: str = ""


class FieldSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field that a step may ask for."""

    type: Literal["text", "line", "date", "choice", "axis", "agencies", "resources", "moment"]
    label: Text
    help: str = ""
    choices: tuple[str, ...] = ()
    min_length: Positive = 1
    max_length: Positive | None = None
    name: str = ""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields that a step asks for."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()


class Transition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step: who takes it, from where to where, with what, and what it does."""

    name: Text
    label: Text
    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    by: str
    part: str | None = None
    exclude: tuple[str, ...] = ()
    kinds: Kinds
    asked: Asked = msgspec.field(name="fields", default=Asked())
    when_closed: Asked = msgspec.field(name="fields_when_closed", default=Asked())
    when_limited: Asked = msgspec.field(name="fields_when_limited", default=Asked())
    conditions: tuple[str, ...] = ()
    conditions_when_open: tuple[str, ...] = ()
    axes: Literal["open", "closed"] | None = None
    of: Literal["owner", "target"] = "owner"
    effect: str
    step: Text
    output: str = ""
    basis: tuple[Basis, ...] = ()
    due_working_days: Positive | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that are always needed."""
        return self.asked.required

    @property
    def optional(self) -> tuple[str, ...]:
        """The fields that may be left empty."""
        return self.asked.optional

    @property
    def one_of(self) -> tuple[tuple[str, ...], ...]:
        """Of each of these groups one field is needed."""
        return self.asked.one_of

    @property
    def required_when_closed(self) -> tuple[str, ...]:
        """The fields that are needed where something is closed."""
        return self.when_closed.required

    @property
    def required_when_limited(self) -> tuple[str, ...]:
        """The fields that are needed where files are kept and closed."""
        return self.when_limited.required

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


class Conclusion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step that ends an earlier referral to PPID."""

    transition: str
    source: str = msgspec.field(name="from")
    field: str | None = None
    value: str | None = None


class Reopening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may open a case on something decided, and on whose desk it begins."""

    by: str
    to: str
    kinds: Kinds


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told when a condition is not met; ``messages``: to a duty, in other words."""

    message: Text
    messages: dict[str, Text] = msgspec.field(default_factory=dict)


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the clock opens a case, and how long before a decision ends."""

    to: str
    review_before_working_days: Positive


class Desk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a case is opened."""

    to: str


class Adoption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many cases of an old portal fall due on a working day."""

    due_per_working_day: Positive


class WorkflowFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of ``workflow.yaml``."""

    version: Text
    parts: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    states: Annotated[dict[str, State], msgspec.Meta(min_length=1)]
    fields: Annotated[dict[str, FieldSpec], msgspec.Meta(min_length=1)]
    conditions: Annotated[dict[str, Condition], msgspec.Meta(min_length=1)]
    transitions: Annotated[list[Transition], msgspec.Meta(min_length=1)]
    reopening: Annotated[tuple[Reopening, ...], msgspec.Meta(min_length=1)]
    clock: Review
    rescan: Desk
    adoption: Adoption
    messages: dict[str, Text]
    conclusions: tuple[Conclusion, ...] = ()
