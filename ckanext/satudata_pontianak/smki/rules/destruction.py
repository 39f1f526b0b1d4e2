"""Reads ``smki/destruction.yaml``: when data may be destroyed, by whom, and what stops it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

import msgspec

from ... import paths
from ...messages import Message
from ...msgids import N_
from ...surface.yaml_source import Bases, Positive, Source, Text
from .definition import smki

OWNER = "owner"
STOPS = ("hold", "case", "request", "subject", "incident", "security_incident", "emergency")
DESTROYED = "destroyed"
"""What the register of retention says of a class whose data are destroyed."""

NO_CLASS = N_(
    "Its line in the register of assets names no class of the register of retention. The owner "
    "agency writes it there."
)
UNDECIDED = N_("Nothing was decided of this dataset: its term has not begun.")
KEPT = N_("Data of the class %(code)s are not destroyed: the register of retention says otherwise.")
NO_YEARS = N_("The register of retention does not say for how long the class %(code)s is kept.")
NOT_YET = N_("It is kept until %(day)s.")
PROPOSED = N_("You proposed this destruction. Somebody else concludes it.")
SAME_ROLE = N_("Whoever concludes it has another duty than who proposed it.")
NOT_YOURS = N_("This step is for others.")


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stops a destruction."""

    label: Text


class DestructionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    proposed_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    concluded_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    seen_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    fewest_witnesses: Positive
    stops: dict[str, Stop]
    basis: Bases

    @classmethod
    def of(cls, source: Source) -> DestructionFile:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        roles = smki().roles.roles
        source.known("role", [r for r in file.proposed_by if r != OWNER], roles, "proposed_by")
        for key in ("concluded_by", "seen_by"):
            source.known("role", getattr(file, key), roles, key)
        apart = not {*file.proposed_by} & {*file.concluded_by}
        source.require("who concludes does not propose", apart, "concluded_by")
        source.exactly("stop", STOPS, file.stops, "stops")
        return file


@dataclass(frozen=True)
class Term:
    """What the registers say of how long a dataset is kept.

    :param begins: the day of the decision in force.
    """

    code: str
    fate: str | None = None
    years: int | None = None
    begins: dt.date | None = None

    @property
    def due(self) -> dt.date | None:
        """Return the first day on which the data may be destroyed."""
        if self.begins is None or self.years is None:
            return None
        year = self.begins.year + self.years
        if year > dt.MAXYEAR:
            return None
        try:
            return self.begins.replace(year=year)
        except ValueError:  # the 29th of February
            return dt.date(year, 3, 1)


def against_term(term: Term | None, today: dt.date) -> Message | None:
    """Return what the registers have against a destruction today."""
    if term is None:
        return Message(NO_CLASS)
    if term.fate != DESTROYED:
        return Message(KEPT, {"code": term.code})
    if term.begins is None:
        return Message(UNDECIDED)
    due = term.due
    if due is None:
        return Message(NO_YEARS, {"code": term.code})
    return Message(NOT_YET, {"day": due}) if today < due else None


def proposing(file: DestructionFile, carried: Collection[str], *, owns: bool) -> frozenset[str]:
    """Return as what somebody may propose."""
    return frozenset(r for r in file.proposed_by if r in carried or (r == OWNER and owns))


def concluding(file: DestructionFile, carried: Collection[str]) -> str | None:
    """Return as what somebody concludes: the first of the file that they carry."""
    return next((role for role in file.concluded_by if role in carried), None)


def against_concluding(
    file: DestructionFile,
    *,
    person: str,
    carried: Collection[str],
    owns: bool,
    proposed_by: str,
    proposed_as: Collection[str],
) -> Message | None:
    """Return what speaks against somebody's concluding a destruction.

    :param proposed_as: every role by which its proposer may propose.
    """
    if concluding(file, carried) is None:
        return Message(NOT_YOURS)
    if person == proposed_by:
        return Message(PROPOSED)
    same = proposing(file, carried, owns=owns) & {*proposed_as}
    return Message(SAME_ROLE) if same else None


def stopped(file: DestructionFile, found: Collection[str]) -> list[Message]:
    """Return why a destruction may not go on: each thing that stops it, in the file's order.

    :raises KeyError: something is found that the file does not name.
    """
    for name in found:
        file.stops[name]
    return [Message(stop.label) for name, stop in file.stops.items() if name in found]


@lru_cache(maxsize=1)
def destruction_rules() -> DestructionFile:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return DestructionFile.of(Source.read(paths.schemas() / "smki" / "destruction.yaml"))
