"""Reads ``jepin/reports.yaml``: what citizens report, and until when it is answered. Pure."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Annotated

import msgspec

from ... import paths
from ...agencies.rules.duties import Duty
from ...classification.rules.deadlines import add_working_days
from ...surface.yaml_source import Positive, Source, Text

LONGEST_POINT = 100
_POINT = re.compile(r"[\w][\w .,:/()\-]*")


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be reported; ``point``, ``file``, ``work``: of one of these alone."""

    label: Text
    within: Positive
    point: bool = False
    file: bool = False
    work: bool = False


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an owner answers."""

    label: Text
    ends: bool = True
    within: Positive = 1


class Length(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How short and how long a text is."""

    min_length: Positive
    max_length: Positive


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is taken in 24 hours."""

    of_one_address: Positive
    of_one_address_for_a_thing: Positive
    texts_of_a_thing: Positive


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long texts are kept."""

    ended_days: Positive
    open_days: Positive


class Reports(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    kinds: Annotated[dict[str, Kind], msgspec.Meta(min_length=1)]
    outcomes: Annotated[dict[str, Outcome], msgspec.Meta(min_length=1)]
    rises_to: Annotated[tuple[Duty, ...], msgspec.Meta(min_length=1)]
    forum_after_days: Positive
    seen_by: Annotated[tuple[Duty, ...], msgspec.Meta(min_length=1)]
    text: Length
    answer: Length
    limits: Limits
    kept: Kept

    def kinds_of(self, point: str, file: str = "", *, work: bool = False) -> list[str]:
        """Return what may be reported of a point, a file or a work; of the whole without these."""
        return [
            name
            for name, kind in self.kinds.items()
            if (point or not kind.point) and (file or not kind.file) and (work or not kind.work)
        ]

    def due(self, kind: str, first: dt.date) -> dt.date:
        """Return by when an answer is owed.

        :raises KeyError: there is no such kind.
        """
        return add_working_days(first, self.kinds[kind].within)

    def further(self, outcome: str, said: dt.date) -> dt.date:
        """Return by when a further answer is owed after one that ends nothing.

        :raises KeyError: there is no such outcome.
        """
        return add_working_days(said, self.outcomes[outcome].within)


def is_point(text: str) -> bool:
    """Tell whether a text may name a point: one short line of letters, figures and few signs."""
    return len(text) <= LONGEST_POINT and _POINT.fullmatch(text) is not None


@lru_cache(maxsize=1)
def reports() -> Reports:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Source.read(paths.schemas() / "jepin" / "reports.yaml").shaped(Reports)
