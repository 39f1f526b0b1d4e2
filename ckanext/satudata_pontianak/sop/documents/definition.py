"""``schemas/sop.yaml``: what the other definitions do not say about an SOP, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from ... import paths
from ...classification.grants.request_definition import RequestRules, request_rules
from ...classification.incidents.definition import ClockName, IncidentRules, incident_rules
from ...classification.rules.axes import Axis, Classification, classification
from ...classification.rules.definition import Workflow, workflow
from ...classification.rules.definition_types import Kind, Kinds
from ...messages import Message
from ...surface.yaml_source import Bases, Basis, Labelled, Positive, Source, Text

KINDS = ("step", "cases", "requests", "holds", "incidents", "reopening")
Texts = Annotated[tuple[Labelled, ...], msgspec.Meta(min_length=1)]


class Common(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every SOP says."""

    basis: Bases
    qualifications: Texts
    equipment: Texts
    records: Texts


class Warned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A warning: a sentence, or the rule of a definition that it is told from."""

    label: Text = ""
    rule: str = ""


class Cases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a flow that cases go through: from a state on, to all that it can come to.

    ``then``: end state → row that follows. ``prefix``: where a document tells of cases twice.
    """

    kinds: Kinds
    start: str
    whole: bool = False
    without: tuple[str, ...] = ()
    then: dict[str, str] = msgspec.field(default_factory=dict)
    prefix: str = ""


class Requests(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a flow that requests go through; ``then`` as of cases."""

    then: dict[str, str] = msgspec.field(default_factory=dict)


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By when: in words, or a clock of ``incidents.yaml``."""

    label: Text = ""
    clock: ClockName | None = None


class Segment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a flow: a step by hand with all that is said of it, or rows of a definition."""

    step: Text | None = None
    cases: Cases | None = None
    requests: Requests | None = None
    holds: bool | None = None
    incidents: Literal["begin", "end"] | None = None
    reopening: dict[Kind, str] | None = None
    name: str = ""
    by: str = ""
    symbol: Literal["terminator", "process", "decision"] = "process"
    needs: tuple[Labelled, ...] = ()
    remarks: tuple[Labelled, ...] = ()
    time: Time | None = None
    output: str = ""
    basis: tuple[Basis, ...] = ()
    enforced: bool = False
    ends: bool = False
    next: str = ""
    yes: str = ""
    no: str = ""


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an SOP says of itself."""

    number: Positive
    label: Text
    help: Text
    basis: Bases
    qualifications: Texts
    equipment: Texts
    warnings: Annotated[tuple[Warned, ...], msgspec.Meta(min_length=1)]
    records: Texts
    related: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    flow: Annotated[tuple[Segment, ...], msgspec.Meta(min_length=1)]
    axes: tuple[Axis, ...] = ()


class Screen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The row that a screen carries out."""

    document: str
    row: str


@dataclass(frozen=True)
class Definitions:
    """All the files that an SOP is made from."""

    workflow: Workflow
    classification: Classification
    requests: RequestRules
    incidents: IncidentRules
    sop: SopFile


class SopFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``sop.yaml``, checked."""

    version: Text
    institution: Text
    unit: Text
    code: Text
    lanes: dict[str, Labelled]
    common: Common
    documents: dict[str, Spec]
    screens: dict[str, Screen] = msgspec.field(default_factory=dict)
    conditions: dict[str, Labelled] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, source: Source) -> SopFile:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming line and reason.
        """
        file = source.shaped(cls)
        numbers: set[int] = set()
        for name, document in file.documents.items():
            where = ("documents", name)
            fresh = document.number not in numbers
            source.require("two documents have this number", fresh, *where, "number")
            numbers.add(document.number)
            source.known("SOP", document.related, file.documents, *where, "related")
            for number, warned in enumerate(document.warnings):
                one = bool(warned.label) != bool(warned.rule)
                source.require("a 'label' or a 'rule' is expected", one, *where, "warnings", number)
            for number, segment in enumerate(document.flow):
                file._check_segment(source, segment, (*where, "flow", number))
        return file

    def _check_segment(
        self, source: Source, segment: Segment, where: tuple[str | int, ...]
    ) -> None:
        kinds = [kind for kind in KINDS if getattr(segment, kind) is not None]
        source.require(f"one of {', '.join(KINDS)} is expected", len(kinds) == 1, *where)
        if segment.step:
            source.require("'name' is missing", bool(segment.name), *where)
            source.known("lane", [segment.by], self.lanes, *where, "by")
        timed = segment.time is None or bool(segment.time.label) != bool(segment.time.clock)
        source.require("a 'label' or a 'clock' is expected", timed, *where, "time")
        two = bool(segment.yes and segment.no)
        decides = two == (segment.symbol == "decision")
        source.require("a decision needs 'yes' and 'no'", decides, *where)

    def lane(self, name: str) -> Message:
        """Return what a lane of the flowchart is called; of no lane its own name."""
        return Message(self.lanes[name].label if name in self.lanes else name)


@lru_cache(maxsize=1)
def definitions() -> Definitions:
    """Return the definitions in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Definitions(
        workflow(),
        classification(),
        request_rules(),
        incident_rules(),
        SopFile.of(Source.read(paths.schemas() / "sop.yaml")),
    )
