"""Reads ``registers.yaml``: what each register holds, and what is missing in a line of it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from ... import paths
from ...agencies.rules.duties import Duty
from ...classification.rules import deadlines
from ...surface.yaml_source import Positive, Source, Text
from .definition import AskedField, Smki, smki
from .risks import RisksFile

Filled = Literal[
    "datasets", "personal", "lines", "risks", "people", "ledger", "advisories", "questions"
]
Type = Literal[
    "text",
    "line",
    "date",
    "choice",
    "number",
    "role",
    "agency",
    "agencies",
    "person",
    "controls",
    "codes",
]
Live = Literal["undecided_days", "restore_drill"]
"""What stands elsewhere and is filled into a line of the file: a number or a day."""
OF_PORTAL = frozenset({"agency", "agencies", "person", "codes"})
"""Types of what only the portal fills in."""
OF_DATASETS = frozenset({"datasets", "personal"})
PERSONAL_DATA = frozenset({"umum", "spesifik", "dianonimkan"})
"""Classes of a decision with which a dataset stands in the record of processing."""
Values = Mapping[str, Any]


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field of a register."""

    type: Type
    label: Text
    help: str = ""
    choices: dict[str, Text] = msgspec.field(default_factory=dict)
    min_length: Positive = 1
    max_length: Positive = 200
    low: int = 0
    high: int = 1_000_000
    future: bool = False
    portal: bool = False
    data: bool = False
    when: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    name: str = ""

    def asked(self, roles: Mapping[str, str]) -> AskedField:
        """Return how a person is asked for it.

        :param roles: role → label: what may be chosen of a field of this type.
        """
        return AskedField(
            type="choice" if self.type == "role" else self.type,  # type: ignore[arg-type]
            label=self.label,
            help=self.help,
            choices=dict(roles) if self.type == "role" else self.choices,
            min_length=self.min_length,
            max_length=self.max_length,
            low=self.low,
            high=self.high,
            future=self.future,
            name=self.name,
        )


class FixedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line that stands in the file."""

    label: Text
    known: dict[str, Any] = msgspec.field(default_factory=dict)
    live: dict[str, Live] = msgspec.field(default_factory=dict)
    name: str = ""


class Register(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A register."""

    label: Text
    help: Text
    chapter: str
    read_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    write_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    asked: str
    due_working_days: Positive
    named_by: str
    fields: Annotated[dict[str, Field], msgspec.Meta(min_length=1)]
    required: tuple[str, ...]
    filled: tuple[Filled, ...] = ()
    owners: bool = False
    by_hand: bool = False
    ended_by_hand: bool = False
    due_from: str = ""
    lines: dict[str, FixedLine] = msgspec.field(default_factory=dict)
    proposed: dict[str, dict[str, dict[str, Any]]] = msgspec.field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        """Let each field know its name."""
        for group in (self.fields, self.lines):
            for name, part in group.items():
                if not part.name:
                    msgspec.structs.force_setattr(part, "name", name)

    @property
    def of_datasets(self) -> bool:
        """Does it have lines of datasets?"""
        return bool(OF_DATASETS & {*self.filled})


class RegistersFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``registers.yaml``."""

    version: Text
    registers: dict[str, Register]


@dataclass(frozen=True)
class Registers:
    """The registers, and what the register of risks knows."""

    registers: Mapping[str, Register]
    risks: RisksFile


def read(folder: Path, known: Smki) -> Registers:
    """Read ``registers.yaml`` and ``risks.yaml``, checked against the other definitions.

    :raises DefinitionError: naming file, line and reason.
    """
    source = Source.read(folder / "registers.yaml")
    file = source.shaped(RegistersFile)
    roles = known.roles.roles
    auditors = {name for name, role in roles.items() if role.duty is Duty.PENGAWAS}
    for name, register in file.registers.items():
        at = ("registers", name)
        source.known("chapter", [register.chapter], known.policy.chapters, *at, "chapter")
        for key in ("read_by", "write_by"):
            source.known("role", getattr(register, key), roles, *at, key)
        source.known("role", [register.asked], roles, *at, "asked")
        for role in register.write_by:
            reason = f"'{role}' writes what it does not read, or audits it"
            fits = role in register.read_by and role not in auditors
            source.require(reason, fits, *at, "write_by")
        source.known("field", [register.named_by], register.fields, *at, "named_by")
        source.known("field", register.required, register.fields, *at, "required")
        if register.due_from:
            source.known("field", [register.due_from], register.fields, *at, "due_from")
        for field in register.fields.values():
            place = (*at, "fields", field.name)
            only = field.portal or field.type not in OF_PORTAL
            source.require(f"'{field.type}' is filled by the portal alone", only, *place)
            chosen = (field.type == "choice") == bool(field.choices)
            source.require("'choices' belong to a choice, and to nothing else", chosen, *place)
            source.known("field", field.when, register.fields, *place, "when")
        lines = register.lines if "lines" in register.filled else {}
        source.require("'filled: [lines]' is missing", lines == register.lines, *at, "lines")
        for line in lines.values():
            place = (*at, "lines", line.name, "known")
            source.known("field", [*line.known, *line.live], register.fields, *place)
            for key, value in line.known.items():
                one_of = register.fields[key].choices
                source.known("choice", [value] if one_of else (), one_of, *place, key)
        for key, by_value in register.proposed.items():
            place = (*at, "proposed", key)
            source.known("field", [key], register.fields, *at, "proposed")
            source.known("choice", by_value, register.fields[key].choices, *place)
            for value, proposals in by_value.items():
                source.known("field", proposals, register.fields, *place, value)
    risks = RisksFile.of(
        Source.read(folder / "risks.yaml"),
        roles=roles,
        controls=known.controls.controls,
        assets=_choices(file, "risiko", "asset"),
    )
    return Registers(file.registers, risks)


def _choices(file: RegistersFile, register: str, field: str) -> Collection[str]:
    found = file.registers.get(register)
    return found.fields[field].choices if found and field in found.fields else ()


@lru_cache(maxsize=1)
def registers() -> Registers:
    """Return the registers in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return read(paths.schemas() / "smki", smki())


def applies(register: Register, field: Field, values: Values) -> bool:
    """Tell whether a field is asked at all, as the others stand."""
    return all(values.get(other) in allowed for other, allowed in field.when.items())


def proposed(register: Register, known: Values) -> dict[str, Any]:
    """Return what the portal proposes for a line: it stands until a person writes another value."""
    found: dict[str, Any] = {}
    for field, by_value in register.proposed.items():
        found |= by_value.get(str(known.get(field)), {})
    return found


def standing(register: Register, known: Values, written: Values) -> dict[str, Any]:
    """Return what stands in the fields of a line: known, or written, or proposed."""
    return {**proposed(register, known), **written, **known}


def missing(register: Register, known: Values, written: Values) -> list[str]:
    """Return the required fields that neither the portal nor anybody filled in."""
    values = standing(register, known, written)
    return [
        name
        for name in register.required
        if values.get(name) in (None, "", []) and applies(register, register.fields[name], values)
    ]


def due(register: Register, since: dt.date, known: Values) -> dt.date:
    """Return until when what is missing in a line has to be there.

    :param since: the first day of the line.
    """
    later = known.get(register.due_from) if register.due_from else None
    begins = max(since, dt.date.fromisoformat(later)) if isinstance(later, str) else since
    return deadlines.add_working_days(begins, register.due_working_days)


def confidentiality(*, decided: bool, opened: bool, personal: str | None) -> int:
    """Return the value of data by confidentiality: 1 open, 2 internal, 3 exempt or specific.

    It follows the decision, and suggests none.
    """
    if not decided:
        return 2
    return 1 if opened and personal != "spesifik" else 3
