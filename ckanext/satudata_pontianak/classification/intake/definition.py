"""Reads ``schemas/intake.yaml``: how long a staged file stays, and what is asked of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import msgspec

from ... import paths
from ...surface.yaml_source import Positive, Source, Text

Words = Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]


class Alike(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an earlier dataset is about the same, and how many of them are looked at."""

    words: Annotated[float, msgspec.Meta(gt=0, le=1)]
    looked_at: Positive


class Axis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to mind when an axis is chosen."""

    help: Text


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a field holds where it is filled in well, and where it helps nobody."""

    good: Text
    bad: Text


class Intake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    kept_days: Positive
    most: Positive
    shown_rows: Positive
    shown_unknown: Positive
    seconds: Positive
    again_after_minutes: Positive
    endings: Words
    fields: Words
    alike: Alike
    divided_by: Words
    licence: Text
    examples: dict[Text, Example]
    axes: dict[Text, Axis]


@lru_cache(maxsize=1)
def intake() -> Intake:
    """Return the definition that comes with the package.

    :raises DefinitionError: naming file, line and reason.
    """
    return Source.read(paths.schemas() / "intake.yaml").shaped(Intake)
