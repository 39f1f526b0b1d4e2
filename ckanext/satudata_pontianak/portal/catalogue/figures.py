"""Figures of the home page: which column of which dataset, and what number its rows make.

Pure: knows nothing of CKAN. A figure is shown as it stands in open data or not at all: a row that
holds something else than a number, or one row too many, makes no figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal

import msgspec

from ... import paths
from ...surface.yaml_source import Days, Source, Text

PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
MOST_ROWS = 2000
"""So many rows of a dataset are read at most; of a longer one no figure is made."""


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands after a number: a msgid, or a symbol that is the same in all languages."""

    label: str = ""
    symbol: str = ""


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure that the home page looks for; ``where`` are values that the rows must have."""

    name: Text
    label: Text
    dataset: Text
    column: Text
    combine: Literal["sum", "only"]
    where: dict[str, str] = msgspec.field(default_factory=dict)
    period: str = ""
    decimals: Days = 0
    unit: Unit = Unit()


@dataclass(frozen=True)
class Figure:
    """A number, and the period that its rows name: ``2025``, ``2025-12`` or nothing."""

    value: Decimal
    period: str


class Home(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``schemas/home.yaml`` says."""

    version: int
    numbers: tuple[Number, ...] = ()
    icons: dict[str, str] = msgspec.field(default_factory=dict)
    searches: tuple[str, ...] = ()

    @classmethod
    def of(cls, source: Source) -> Home:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        found = source.shaped(cls)
        names = [number.name for number in found.numbers]
        alike = len(set(names)) < len(names)
        source.require("two numbers have the same name", not alike, "numbers")
        return found


@lru_cache(maxsize=1)
def home() -> Home:
    """Return the definition of the home page, from ``schemas/home.yaml``."""
    return Home.of(Source.read(paths.schemas() / "home.yaml"))


def figure(number: Number, rows: Sequence[Mapping[str, Any]]) -> Figure | None:
    """Return the number that rows make, ``None`` where they make none.

    :param number: What is looked for.
    :param rows: All rows that have the values of ``number.where``.
    """
    period = ""
    if number.period:
        periods = [str(row.get(number.period) or "").strip() for row in rows]
        known = {p for p in periods if PERIOD.fullmatch(p)}
        if not known or len({len(p) for p in known}) > 1:
            return None
        period = max(known)
        rows = [row for row, p in zip(rows, periods, strict=True) if p == period]
    values = [_decimal(row.get(number.column)) for row in rows]
    found = [v for v in values if v is not None]
    if not found or len(found) != len(values) or (number.combine == "only" and len(found) > 1):
        return None
    return Figure(sum(found, Decimal()), period)


def _decimal(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
