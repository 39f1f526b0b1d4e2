"""Reads ``smki/personal_data.yaml``: requests of data subjects and impact assessments. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, NamedTuple

import msgspec

from ... import paths
from ...surface.yaml_source import Bases, Labelled, Positive, Source, Text
from .definition import smki

Roles = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
Choices = Annotated[dict[str, Labelled], msgspec.Meta(min_length=1)]


class SubjectKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody may ask for of their own data, and by when it is answered."""

    label: Text
    hours: Positive
    basis: Bases
    clock: Bases


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a request is refused; of every kind, unless ``kinds`` names some."""

    label: Text
    basis: Bases
    before_identity: bool = False
    kinds: tuple[str, ...] = ()


class SubjectRequests(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of requests."""

    recorded_by: Roles
    seen_by: Roles
    checked_by: Roles
    concluded_by: str
    warn_before_hours: Positive
    channels: Choices
    proofs: Choices
    kinds: Annotated[dict[str, SubjectKind], msgspec.Meta(min_length=1)]
    grounds: Annotated[dict[str, Ground], msgspec.Meta(min_length=1)]

    def due(self, kind: str, received_at: dt.datetime) -> dt.datetime:
        """Return by when a request is answered, in hours of the wall.

        :raises KeyError: there is no such kind.
        """
        return received_at + dt.timedelta(hours=self.kinds[kind].hours)

    def grounds_for(self, kind: str, *, identified: bool) -> list[str]:
        """Return the grounds on which a request of a kind may be refused."""
        return [
            name
            for name, ground in self.grounds.items()
            if (not ground.kinds or kind in ground.kinds) and (ground.before_identity != identified)
        ]


class PersonalDataFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    requests: SubjectRequests

    @classmethod
    def of(cls, source: Source) -> PersonalDataFile:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file, roles = source.shaped(cls), smki().roles.roles
        asked = file.requests
        for name in ("recorded_by", "seen_by", "checked_by"):
            source.known("role", getattr(asked, name), roles, "requests", name)
        source.known("role", [asked.concluded_by], asked.seen_by, "requests", "concluded_by")
        for name, ground in asked.grounds.items():
            source.known("kind", ground.kinds, asked.kinds, "requests", "grounds", name, "kinds")
        return file


class Answered(NamedTuple):
    """How requests were answered: in time, late, or not yet, and of these late already."""

    in_time: int
    late: int
    open: int
    overdue: int


def counted(rows: Iterable[tuple[dt.datetime, dt.datetime | None]], at: dt.datetime) -> Answered:
    """Count requests by their deadline.

    :param rows: of each the deadline, and when it was answered.
    :param at: now.
    """
    in_time = late = still = overdue = 0
    for due, answered in rows:
        if answered is None:
            still += 1
            overdue += at > due
        elif answered <= due:
            in_time += 1
        else:
            late += 1
    return Answered(in_time, late, still, overdue)


@lru_cache(maxsize=1)
def personal_data() -> PersonalDataFile:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return PersonalDataFile.of(Source.read(paths.schemas() / "smki" / "personal_data.yaml"))
