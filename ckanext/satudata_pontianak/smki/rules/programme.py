"""Which controls an audit looks at in which quarter, so that each has its turn in time. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from .definition import period

QUARTER = "quarter"
Audited = Mapping[str, Sequence[str]]
"""Name → the quarters in which it was looked at."""


def quarter(day: dt.date) -> str:
    """Return the quarter of a day, named by its first month: ``2026-10``."""
    return period("quarter", 1, day)


def quarters_of(year: int) -> list[str]:
    """Return the four quarters of a year."""
    return [f"{year:04}-{month:02}" for month in (1, 4, 7, 10)]


def _at(name: str) -> int:
    year, month = name.split("-")
    return int(year) * 4 + (int(month) - 1) // 3


def share(names: Sequence[str], audited: Audited, at: str, span: int) -> list[str]:
    """Return what is looked at in a quarter, in the order of ``names``.

    Who waits for longest comes first; whoever would wait for more than the span comes as well.
    What was looked at in the quarter itself changes nothing: the list stands while it is worked
    through. What was never looked at is due once the programme has run for the span.
    """
    begun = min((_at(each) for found in audited.values() for each in found), default=_at(at))

    def last(name: str) -> int:
        before = [_at(each) for each in audited.get(name, ()) if each < at]
        return max(before, default=0)

    oldest = sorted(names, key=last)
    due = {name for name in names if max(last(name), begun) <= _at(at) - span}
    chosen = {*oldest[: -(-len(names) // span)], *due}
    return [name for name in names if name in chosen]


def programme(
    names: Sequence[str], audited: Audited, year: int, today: dt.date, span: int
) -> dict[str, list[str]]:
    """Return what each quarter of a year looks at: what it did, and what it will.

    Quarters to come are planned as though each was worked through until then.
    """
    now, found = quarter(today), dict[str, list[str]]()
    assumed = {name: list(audited.get(name, ())) for name in names}
    at = now
    while at <= f"{year:04}-12":
        planned = share(names, assumed, at, span)
        for name in planned:
            assumed[name].append(at)
        found[at] = planned
        at = _next(at)
    for each in quarters_of(year):
        if each < now:
            found[each] = [name for name in names if each in audited.get(name, ())]
    return {each: found.get(each, []) for each in quarters_of(year)}


def _next(name: str) -> str:
    year, month = (int(part) for part in name.split("-"))
    return f"{year + month // 10:04}-{(month + 2) % 12 + 1:02}"
