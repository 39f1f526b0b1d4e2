"""Uptime and response of an app, from its checks counted by day. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .verdict import Outcome


@dataclass(frozen=True)
class Day:
    """The checks of one day that count: not those in maintenance, nor what cannot be seen."""

    day: dt.date
    answered: int = 0
    failed: int = 0
    ms_sum: int = 0
    ms_count: int = 0
    ms_most: int = 0

    @property
    def uptime(self) -> float | None:
        """The share of checks that were answered, 0 to 100; ``None``: there was none."""
        return share([self])

    @property
    def response(self) -> int | None:
        """Milliseconds until an answer, on average."""
        return round(self.ms_sum / self.ms_count) if self.ms_count else None


def counted(day: Day, outcome: Outcome, ms: int | None) -> Day:
    """Return a day with one more check."""
    if outcome not in ("answered", "failed"):
        return day
    answered = outcome == "answered"
    timed = ms if answered and ms is not None else None
    return Day(
        day.day,
        day.answered + answered,
        day.failed + (not answered),
        day.ms_sum + (timed or 0),
        day.ms_count + (timed is not None),
        max(day.ms_most, timed or 0),
    )


def share(days: Iterable[Day]) -> float | None:
    """Return the share of checks that were answered, in percent; ``None``: there was none."""
    answered = failed = 0
    for each in days:
        answered, failed = answered + each.answered, failed + each.failed
    whole = answered + failed
    return 100 * answered / whole if whole else None


def span(days: Sequence[Day], last: dt.date, length: int) -> list[Day]:
    """Return so many days up to the last one, those without a check too."""
    known = {each.day: each for each in days}
    dates = (last - dt.timedelta(days=back) for back in range(length - 1, -1, -1))
    return [known.get(date, Day(date)) for date in dates]
