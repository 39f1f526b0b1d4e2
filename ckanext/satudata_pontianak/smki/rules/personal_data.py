"""Reads ``smki/personal_data.yaml``: requests of data subjects and impact assessments. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Annotated, NamedTuple

import msgspec

from ... import paths
from ...classification.rules.axes import classification
from ...surface.yaml_source import Bases, Labelled, Positive, Source, Text
from .definition import smki

TEXTS = ("purpose", "risks", "measures")
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
    received_within_days: Positive
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


class AskedFor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an assessment is asked for: classes of article 4, and levels at which none is."""

    classes: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    not_asked_at: tuple[str, ...] = ()


class AssessmentText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that only a person writes."""

    label: Text
    help: Text


class Opinion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """With what an assessment is concluded; ``lets_decide``: the decision may follow."""

    label: Text
    lets_decide: bool


class Assessments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of impact assessments."""

    asked_for: AskedFor
    basis: Bases
    seen_by: Roles
    written_by: Roles
    concluded_by: str
    criteria: Choices
    texts: dict[str, AssessmentText]
    opinions: Annotated[dict[str, Opinion], msgspec.Meta(min_length=2)]

    def wanted(self, level: str | None, found: Mapping[str, str | None]) -> frozenset[str]:
        """Return the kinds that need an assessment before a decision at a level.

        :param found: kind → its class by law; a kind without a class needs one.
        """
        if level in self.asked_for.not_asked_at:
            return frozenset()
        classes = (*self.asked_for.classes, None)
        return frozenset(kind for kind, class_ in found.items() if class_ in classes)


class PersonalDataFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    requests: SubjectRequests
    assessment: Assessments

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
        part = file.assessment
        source.known("role", part.seen_by, roles, "assessment", "seen_by")
        for name in (*part.written_by, part.concluded_by):
            source.known("role", [name], part.seen_by, "assessment")
        source.exactly("text", TEXTS, part.texts, "assessment", "texts")
        where = ("assessment", "asked_for")
        axis = classification().axes["data_pribadi"]["values"]
        source.known("class", part.asked_for.classes, axis, *where, "classes")
        source.known("level", part.asked_for.not_asked_at, classification().levels, *where)
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
