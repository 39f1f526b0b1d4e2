"""What the other definitions do not say about an SOP, read and checked.

``schemas/sop.yaml`` has the frame and the SOPs of the portal's work, those of
information-security management stand in ``schemas/smki/procedures.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec.structs import replace

from ... import paths
from ...classification.grants.request_definition import RequestRules, request_rules
from ...classification.incidents.definition import ClockName, IncidentRules, incident_rules
from ...classification.rules.axes import Axis, Classification, classification
from ...classification.rules.definition import Workflow, workflow
from ...classification.rules.definition_types import Kind, Kinds
from ...jepin.rules.lifecycle import lifecycle
from ...messages import Message
from ...smki.rules.definition import Smki, smki
from ...surface.yaml_source import Bases, Basis, Labelled, Positive, Source, Text

KINDS = ("step", "task", "life", "cases", "requests", "holds", "incidents", "reopening")
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
    """By when: in words, by a clock of ``incidents.yaml``, or as long as a case has in a state."""

    label: Text = ""
    clock: ClockName | None = None
    state: str = ""


class Segment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a flow: a step by hand with all that is said of it, or rows of a definition.

    ``task``: a task of ``smki/tasks.yaml``. ``life``: a step of ``jepin/lifecycle.yaml``.
    ``trace``: where a step by hand is recorded, the row or the task of an event that does it, or
    a record that the portal keeps by itself.
    """

    step: Text | None = None
    task: Text | None = None
    life: Text | None = None
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
    trace: str = ""
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
    public: bool = True


class MoreDocuments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``smki/procedures.yaml``."""

    version: Text
    documents: dict[str, Spec]


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
    smki: Smki = field(default_factory=smki)


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
    kept: dict[str, Labelled] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, source: Source, more: Source | None = None) -> SopFile:
        """Return what ``source`` holds, and the documents of ``more``, checked.

        :param more: ``smki/procedures.yaml``, unless another is given.
        :raises DefinitionError: naming file, line and reason.
        """
        known = smki()
        more = more or Source.read(paths.schemas() / "smki" / "procedures.yaml")
        file, added = source.shaped(cls), more.shaped(MoreDocuments).documents
        for name in added:
            more.require("two documents have this name", name not in file.documents, name)
        lanes = {n: {"label": r.label} for n, r in known.roles.roles.items() if n not in file.lanes}
        file = replace(
            file,
            documents={**file.documents, **added},
            lanes={**file.lanes, **{n: Labelled(**said) for n, said in lanes.items()}},
        )
        numbers: set[int] = set()
        for name, document in file.documents.items():
            where, at = ("documents", name), more if name in added else source
            fresh = document.number not in numbers
            at.require("two documents have this number", fresh, *where, "number")
            numbers.add(document.number)
            at.known("SOP", document.related, file.documents, *where, "related")
            told = [n for n in document.related if not file.documents[n].public]
            reason = "a public SOP names one that is not"
            at.require(reason, not (document.public and told), *where, "related")
            for number, warned in enumerate(document.warnings):
                one = bool(warned.label) != bool(warned.rule)
                at.require("a 'label' or a 'rule' is expected", one, *where, "warnings", number)
            for number, segment in enumerate(document.flow):
                file._check_segment(at, segment, (*where, "flow", number), known)
        return file

    def _check_segment(
        self, source: Source, segment: Segment, where: tuple[str | int, ...], known: Smki
    ) -> None:
        kinds = [kind for kind in KINDS if getattr(segment, kind) is not None]
        source.require(f"one of {', '.join(KINDS)} is expected", len(kinds) == 1, *where)
        if segment.step:
            source.require("'name' is missing", bool(segment.name), *where)
            source.known("lane", [segment.by], self.lanes, *where, "by")
        if segment.task:
            source.known("task", [segment.task], known.tasks.tasks, *where, "task")
        if segment.life:
            source.known("step", [segment.life], lifecycle().steps, *where, "life")
        said = segment.time
        timed = said is None or bool(said.label) + bool(said.clock) + bool(said.state) == 1
        source.require("a 'label', a 'clock' or a 'state' is expected", timed, *where, "time")
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
