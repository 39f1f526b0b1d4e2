"""Reads ``schemas/quality.yaml``: dimensions, checks and points of quality. Pure."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated

import msgspec

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.surface.yaml_source import (
    Labelled,
    Positive,
    Source,
    Status,
    Text,
)

from .rules import RULES

Share = Annotated[float, msgspec.Meta(ge=0, lt=1)]
MEMORY = "memory"


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From what a check comes: in plain words (a msgid), and the text where it stands."""

    label: Text
    text: Text
    status: Status


class Place(StrEnum):
    """Where something is mended: the form of the dataset, that of a file, or with new data."""

    DATASET = "dataset"
    FILE = "file"
    DATA = "data"


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked at: ``label`` holds where it is met, ``help`` says what to do (msgids)."""

    dimension: Text
    points: Positive
    rule: Text
    place: Place
    sources: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    label: Text
    help: Text
    field: str = ""


class Plausible(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which difference on somebody is asked to look at a figure."""

    factor: Positive
    least: Positive
    share: Share
    rows: Positive
    places: Positive
    periods: Positive
    same: Positive


class Answer(StrEnum):
    """What an agency says of a figure that does not agree."""

    RIGHT = "right"
    MEND = "mend"


class Answering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Until when an agency answers for a figure that is open, and what it may say."""

    working_days: Positive
    mend_days: Positive
    reason: Positive
    answers: dict[Answer, Labelled]


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The definition of quality."""

    version: str
    sources: dict[str, Origin]
    dimensions: dict[str, Labelled]
    checks: dict[str, Check]
    open_formats: frozenset[str]
    plausible: Plausible
    answering: Answering

    @classmethod
    def of(cls, source: Source, rules: frozenset[str]) -> Quality:
        """Return what ``source`` holds, checked.

        :param rules: the names of the rules that there are.
        :raises DefinitionError: naming file, line and reason.
        """
        found = source.shaped(cls)
        source.whole("answer", Answer, found.answering.answers, "answering", "answers")
        for name, check in found.checks.items():
            source.known("dimension", [check.dimension], found.dimensions, "checks", name)
            source.known("rule", [check.rule], rules, "checks", name)
            source.known("source", check.sources, found.sources, "checks", name)
            source.require(
                "the rule 'filled' needs a field",
                check.rule != "filled" or bool(check.field),
                "checks",
                name,
            )
        return found

    def unconfirmed(self, source: str) -> bool:
        """Tell whether a source is known from memory alone."""
        return self.sources[source].status == MEMORY


@cache
def quality() -> Quality:
    """Return the definition that comes with the package."""
    return Quality.of(Source.read(paths.schemas() / "quality.yaml"), frozenset(RULES))
