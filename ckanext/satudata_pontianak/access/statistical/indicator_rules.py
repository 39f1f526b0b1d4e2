"""The fields of an indicator, and whether what is said of them can stand. Pure.

Read from ``schemas/indicators.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from ... import paths
from ...messages import Message
from ...surface.yaml_source import Positive, Source, Text
from . import fields as forms
from .fields import Asked, FieldSpec, Told

NAME = "nama_indikator"
"""The one field that an indicator cannot be kept without."""
PUBLIC, NO = "dapat_diakses_umum", "tidak"


class IndicatorField(FieldSpec, frozen=True, forbid_unknown_fields=True):
    """A field; ``begins`` names the field of the dataset that a new indicator takes it from."""

    begins: str = msgspec.field(default="", name="from")


class Indicators(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    help: Text
    most: Positive
    fields: dict[str, IndicatorField]


@lru_cache(maxsize=1)
def indicators() -> Indicators:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    source = Source.read(paths.schemas() / "indicators.yaml")
    found = source.shaped(Indicators)
    for name, spec in found.fields.items():
        forms.check_choices(source, name, spec, "fields", name)
        forms.check_only(source, spec.only, found.fields)
    for name in (NAME, PUBLIC):
        source.require(f"'{name}' is missing", name in found.fields)
    return found


@lru_cache(maxsize=1)
def fields() -> Mapping[str, Asked]:
    """Return the fields by name, in the order of the file."""
    known = indicators().fields
    return {name: Asked(name, "", spec, only=spec.only) for name, spec in known.items()}


def begins(dataset: Mapping[str, Any]) -> dict[str, str]:
    """Return what a new indicator of a dataset begins with: what the dataset says itself."""
    known = indicators().fields
    return {
        name: str(dataset[spec.begins])
        for name, spec in known.items()
        if spec.begins and dataset.get(spec.begins)
    }


def missing(told: Told) -> list[str]:
    """Return the names of the fields that the standard needs and that say nothing."""
    return forms.missing(fields(), told)


def checked(
    said: Mapping[str, Any], before: Told
) -> tuple[dict[str, Any], dict[str, list[Message]]]:
    """Return an indicator as it is kept after something was said of it, and what is wrong.

    :param said: field → what is said; empty takes it out, and what is not named stays.
    :param before: what is kept of it.
    :returns: the whole indicator, and field → what is wrong with it.
    """
    return forms.checked(fields(), NAME, said, before)


def is_public(told: Told) -> bool:
    """Tell whether everybody who may know the dataset reads of the indicator."""
    return told.get(PUBLIC) != NO
