"""Which types of datasets, groups and agencies there are: ``schemas/surface/types.yaml``."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import msgspec

from . import declared


class Free(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A type of dataset that needs no decision.

    ``plugin`` must be loaded, or there is no such type; ``made_by`` names the duties that make and
    change it, beside system administrators; ``resources`` says whether it may hold files or links.
    """

    plugin: str
    made_by: tuple[str, ...]
    resources: bool


class Datasets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The types of datasets."""

    governed: tuple[str, ...]
    free: dict[str, Free]


class Harvester(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of harvest source, and what may be set of it."""

    settings: tuple[str, ...]


class Types(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that the file declares."""

    datasets: Datasets
    groups: tuple[str, ...]
    organizations: tuple[str, ...]
    members: tuple[str, ...]
    capacities: tuple[str, ...]
    address_schemes: tuple[str, ...]
    harvesters: dict[str, Harvester]


@cache
def types() -> Types:
    """Return what is declared.

    :raises ValueError: the file has another shape.
    """
    return declared.load("types", Types)


def is_among(value: Any, names: Collection[str]) -> bool:
    """Tell whether a value is one of these names, letter for letter.

    Nothing is trimmed, folded or turned into text: ``"dataset "`` and ``["dataset"]`` are no type.
    """
    return isinstance(value, str) and value in names
