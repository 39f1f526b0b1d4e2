"""Working days of the city: Monday to Friday without public holidays.

Indonesian holidays come from a kept library; what a year's decree says otherwise (joint leave,
a holiday that was moved) stands in a file of the operator's, see :mod:`.holidays`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

import holidays

from ... import days as written_days

CITY = written_days.CITY
"""The clock by which days begin and end."""
_NO_DAYS: frozenset[dt.date] = frozenset()
_override: dict[str, frozenset[dt.date]] = {"off": _NO_DAYS, "worked": _NO_DAYS}


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[dt.date]:
    known = frozenset(holidays.country_holidays("ID", years=year))
    return (known | _override["off"]) - _override["worked"]


def override(off: frozenset[dt.date] = _NO_DAYS, worked: frozenset[dt.date] = _NO_DAYS) -> None:
    """Add days on which nobody works, and take holidays away on which people do.

    Called once at the start of a process, before anything is reckoned; a weekend stays one.
    """
    _override.update(off=off, worked=worked)
    _holidays.cache_clear()


def is_working_day(day: dt.date) -> bool:
    """Tell whether agencies work on ``day``."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def add_working_days(start: dt.date, days: int) -> dt.date:
    """Return the day on which ``days`` working days after ``start`` have passed.

    :param days: zero or more.
    :raises ValueError: ``days`` is negative.
    """
    if days < 0:
        raise ValueError("days must not be negative")
    day = start
    while days:
        day += dt.timedelta(days=1)
        if is_working_day(day):
            days -= 1
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Return how many working days there are after ``start``, up to and with ``end``.

    Negative where ``end`` lies before ``start``: then those after ``end``, up to ``start``.
    """
    low, high = min(start, end), max(start, end)
    count = sum(is_working_day(low + dt.timedelta(days=n + 1)) for n in range((high - low).days))
    return count if start <= end else -count


def first_free(day: dt.date, taken: Mapping[dt.date, int], per_day: int) -> dt.date:
    """Return the first working day from ``day`` on with fewer than ``per_day`` taken.

    :param taken: how many fall due on each day already.
    :raises ValueError: ``per_day`` is less than one, so that no day would ever do.
    """
    if per_day < 1:
        raise ValueError("per_day must be at least one")
    while not is_working_day(day) or taken.get(day, 0) >= per_day:
        day += dt.timedelta(days=1)
    return day


def working_days(start: dt.date, end: dt.date) -> int:
    """Return how many working days came after ``start``, up to and with ``end``.

    So that what is done on its deadline took just the days that were given.
    """
    days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in days if is_working_day(day))
