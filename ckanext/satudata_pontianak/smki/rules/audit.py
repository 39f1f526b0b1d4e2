"""Reads ``audit.yaml``; draws samples that anybody can draw again. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Literal, get_args

import msgspec

from ... import paths
from ...ledger.sentences import GROUPS
from ...surface.yaml_source import Labelled, Positive, Source, Text
from .definition import smki

StateName = Literal["open", "answered", "closed"]
StepName = Literal["answer", "return", "close"]
VerdictName = Literal["conform", "observation", "not_conform"]
STATES: tuple[StateName, ...] = get_args(StateName)
STEPS: tuple[StepName, ...] = get_args(StepName)
VERDICTS: tuple[VerdictName, ...] = get_args(VerdictName)


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How grave a finding is, and by when it is to be mended."""

    label: Text
    due_working_days: Positive


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A step of a finding."""

    label: Text
    source: StateName = msgspec.field(name="from")
    target: StateName = msgspec.field(name="to")
    by: Literal["owner", "auditor"]
    apart_from: StepName | None = None
    asks: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class AuditField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that a finding, or a step of it, asks for."""

    label: Text
    help: str = ""


class Programme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which time each control is looked at, what is asked, and who examines the auditor."""

    quarters: Positive
    question: Labelled
    own_examined_by: str


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is answered of a control."""

    label: Text
    finding: bool = False


class Audit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``audit.yaml``."""

    version: Text
    sampled: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    most_sampled: Positive
    programme: Programme
    verdicts: dict[str, Verdict]
    grades: dict[str, Grade]
    states: dict[str, Labelled]
    steps: dict[str, Step]
    fields: dict[str, AuditField]

    @classmethod
    def of(cls, source: Source) -> Audit:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        source.exactly("state", STATES, file.states, "states")
        source.exactly("step", STEPS, file.steps, "steps")
        source.exactly("verdict", VERDICTS, file.verdicts, "verdicts")
        by = [file.programme.own_examined_by]
        source.known("role", by, smki().roles.roles, "programme", "own_examined_by")
        source.known("group of the ledger", file.sampled, GROUPS, "sampled")
        source.known("field", ["found"], file.fields, "fields")
        for name, step in file.steps.items():
            source.known("field", step.asks, file.fields, "steps", name, "asks")
        return file


@lru_cache(maxsize=1)
def audit() -> Audit:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Audit.of(Source.read(paths.schemas() / "smki" / "audit.yaml"))


def drawn(seed: str, population: Iterable[int], size: int) -> list[int]:
    """Return the sample of a population: the numbers whose hash under the seed is smallest.

    Whoever has the seed and the population draws the same one, in whatever order it is given.

    :param seed: 64 hexadecimal digits.
    :param population: numbers of entries of the ledger.
    """

    def rank(number: int) -> bytes:
        return hashlib.sha256(f"{seed}:{number}".encode()).digest()

    return sorted(sorted(set(population), key=rank)[:size])
