"""Reads ``jepin/points.yaml`` and the profiles of infrastructure in ``jepin/points/``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

import msgspec

from ... import paths
from ...surface.yaml_source import Bases, Positive, Source, Text

Kind = Literal[
    "code", "text", "number", "whole", "day", "moment", "choice", "north", "east", "village",
    "telephone",
]  # fmt: skip
KEY, NAME, VILLAGE, NORTH, EAST = "kode", "nama", "kelurahan", "lintang", "bujur"


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a column holds. What is not ``public`` may not stand in an open table."""

    label: Text
    kind: Kind
    help: str = ""
    required: bool = False
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    longest: Positive | None = None
    choices: dict[str, Text] = {}
    public: bool = True


class Fresh(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many days without being seen a point is marked, and how long its owner has then."""

    column: Text
    days: Positive
    due_working_days: Positive


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many hours a count is shown no more, and what is shown instead."""

    column: Text
    hours: Positive
    hides: tuple[Text, ...]
    instead: Text


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How large a table may be, and how many problems of it are told."""

    rows: Positive
    bytes: Positive
    cell: Positive
    problems: Positive


class Photos(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How large a photo may be when it comes, its longest side as kept; how long, how many."""

    bytes: Positive
    pixels: Positive
    side: Positive
    days: Positive
    of_a_thing: Positive


class Common(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``points.yaml``."""

    version: Text
    limits: Limits
    border_metres: Positive
    columns: dict[str, Column]
    photos: Photos


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of ``points/``."""

    version: Text
    label: Text
    about: Text
    basis: Bases
    columns: dict[str, Column]
    fresh: Fresh
    count: Count | None = None
    optional: tuple[str, ...] = ()
    hint: str = ""
    addresses: bool = True


@dataclass(frozen=True)
class Profile:
    """A kind of infrastructure, with the columns of all and its own."""

    name: str
    file: File
    common: Common

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """Return every column in the order of the template."""
        shared = {
            name: msgspec.structs.replace(column, required=False)
            if name in self.file.optional
            else column
            for name, column in self.common.columns.items()
        }
        first = {name: shared[name] for name in (KEY, NAME)}
        return {**first, **self.file.columns, **shared}

    @property
    def label(self) -> str:
        """Return its name, an English msgid."""
        return self.file.label

    @property
    def public(self) -> Mapping[str, Column]:
        """Return the columns that may stand in an open table."""
        return {name: column for name, column in self.columns.items() if column.public}


@lru_cache(maxsize=1)
def common() -> Common:
    """Return what all profiles have in common, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    source = Source.read(paths.schemas() / "jepin" / "points.yaml")
    file = source.shaped(Common)
    needed = (KEY, NAME, VILLAGE, NORTH, EAST)
    source.known("column", needed, file.columns, "columns")
    return file


@lru_cache(maxsize=1)
def profiles() -> Mapping[str, Profile]:
    """Return name → profile, by name, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    folder = paths.schemas() / "jepin" / "points"
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        source = Source.read(path)
        profile = Profile(path.stem, source.shaped(File), common())
        _check(source, profile)
        found[path.stem] = profile
    return found


def _check(source: Source, profile: Profile) -> None:
    file = profile.file
    source.known("column", file.optional, profile.common.columns, "optional")
    source.known("column", [file.fresh.column], profile.columns, "fresh", "column")
    if file.count is not None:
        named = [file.count.column, *file.count.hides, file.count.instead]
        source.known("column", named, file.columns, "count")
    for name, column in file.columns.items():
        agrees = (column.kind == "choice") == bool(column.choices)
        source.require("choices belong to the kind 'choice'", agrees, "columns", name)
