"""Reads ``schemas/tidying.yaml``: bounds, thresholds, and the words that tell what a table is."""

from __future__ import annotations

from functools import cache
from typing import Annotated

import msgspec

from .. import paths
from ..metadata.codes import urusan
from ..surface.yaml_source import Positive, Source, Text

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Words = Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file beyond them gets no recipe."""

    bytes: Positive
    unpacked: Positive
    cells: Positive
    rows: Positive
    columns: Positive
    sheets: Positive


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How sure one must be to fill a field in, and to offer it."""

    filled: Share
    offered: Share


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    bounds: Bounds
    thresholds: Thresholds
    most_shift: Positive
    units: Words
    measures: dict[Text, Words]
    affairs: dict[Text, Words]

    @classmethod
    def of(cls, source: Source) -> Definition:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        found = source.shaped(cls)
        ordered = found.thresholds.offered <= found.thresholds.filled
        source.require("'offered' is more than 'filled'", ordered, "thresholds")
        for code in found.affairs:
            known = urusan(code) is not None
            source.require(f"there is no affair '{code}'", known, "affairs", code)
        return found


@cache
def definition() -> Definition:
    """Return the definition that comes with the package."""
    return Definition.of(Source.read(paths.schemas() / "tidying.yaml"))
