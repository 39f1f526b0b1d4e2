"""A comparison of two versions as a page shows it.

Pure: knows nothing of CKAN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal

from ..web.formats import locale_of

FIRST = 10


@dataclass(frozen=True)
class Totals:
    """Totals that changed, the greatest change first, and how many did not."""

    first: Sequence[Mapping[str, Any]]
    more: Sequence[Mapping[str, Any]]
    unchanged: int


def totals(compared: Mapping[str, Any]) -> Totals:
    """Return the totals of one table; a few at once, those of a wide table on demand."""
    items = compared.get("totals") or []
    changed = [item for item in items if item["before"] != item["after"]]
    # Without a percentage it was nothing before: no change is greater.
    changed.sort(key=lambda i: float("inf") if i["percent"] is None else abs(i["percent"]))
    changed.reverse()
    return Totals(changed[:FIRST], changed[FIRST:], len(items) - len(changed))


def figure(text: str, language: str | None) -> str:
    """Return a sum with the marks of the language, to two decimals."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return ""
    return format_decimal(value, format="#,##0.##", locale=locale_of(language))


def percent(value: float | None, language: str | None) -> str:
    """Return a percentage with its sign; the empty text where there is none, or nothing changed."""
    if value is None or not value:
        return ""
    sign = "+" if value > 0 else "−"
    shown = format_decimal(Decimal(str(abs(value))), format="#,##0.#", locale=locale_of(language))
    return f"{sign}{shown} %"


def change(before: int, after: int, language: str | None) -> str:
    """Return by how many percent a number changed; the empty text where it was none before."""
    return percent(round((after - before) / before * 100, 1), language) if before else ""
