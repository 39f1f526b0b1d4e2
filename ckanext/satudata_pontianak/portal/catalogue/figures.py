"""Figures of the home page: which column of which dataset, and what number its rows make.

Pure: knows nothing of CKAN. A figure is shown as it stands in open data or not at all: a row that
holds something else than a number, or one row too many, makes no figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from ... import paths
from ...surface import yaml_text

COMBINES = ("sum", "only")
PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
MOST_ROWS = 2000
"""So many rows of a dataset are read at most; of a longer one no figure is made."""


@dataclass(frozen=True)
class Number:
    """One figure that the home page looks for.

    ``label`` and ``unit`` are msgids, ``symbol`` is the same in all languages; ``where`` are
    values that the rows must have.
    """

    name: str
    label: str
    dataset: str
    column: str
    combine: str
    where: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    decimals: int = 0
    unit: str = ""
    symbol: str = ""


@dataclass(frozen=True)
class Figure:
    """A number, and the period that its rows name: ``2025``, ``2025-12`` or nothing."""

    value: Decimal
    period: str


@dataclass(frozen=True)
class Home:
    """What ``schemas/home.yaml`` says."""

    numbers: Sequence[Number]
    icons: Mapping[str, str]
    searches: Sequence[str]


def read(content: Mapping[str, Any]) -> Home:
    """Read a definition of the home page.

    :raises ValueError: A number lacks something, is named twice, or combines in an unknown way.
    """
    numbers = [_number(item) for item in content.get("numbers") or ()]
    names = [number.name for number in numbers]
    if len(set(names)) != len(names):
        raise ValueError("home.yaml: two numbers have the same name")
    return Home(
        numbers,
        {str(code): str(icon) for code, icon in (content.get("icons") or {}).items()},
        [str(word) for word in content.get("searches") or ()],
    )


def _number(item: Mapping[str, Any]) -> Number:
    needed = ("name", "label", "dataset", "column", "combine")
    missing = [key for key in needed if not item.get(key)]
    if missing:
        raise ValueError(f"home.yaml: a number lacks {', '.join(missing)}")
    if item["combine"] not in COMBINES:
        raise ValueError(f"home.yaml: combine is one of {', '.join(COMBINES)}")
    unit = item.get("unit") or {}
    return Number(
        **{key: str(item[key]) for key in needed},
        where={str(k): str(v) for k, v in (item.get("where") or {}).items()},
        period=str(item.get("period") or ""),
        decimals=int(item.get("decimals") or 0),
        unit=str(unit.get("label") or ""),
        symbol=str(unit.get("symbol") or ""),
    )


@lru_cache(maxsize=1)
def home() -> Home:
    """Return the definition of the home page, from ``schemas/home.yaml``."""
    return read(yaml_text.read(paths.schemas() / "home.yaml"))


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
