"""Dates of birth as they are written in Indonesian tables, read strictly: day before month."""

from __future__ import annotations

import datetime as dt
import re

from ...days import MONTH_NUMBERS

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: 0{1,2}:00(?::00)?)?")
_NAMED = re.compile(r"(\d{1,2})[-/. ]*([a-z]+)\.?[-/., ]*(\d{4}|\d{2})")
# A place of birth before the date: "Pontianak, 2 Mei 1990".
_PLACE = re.compile(r"^[^\W\d_][^\d,]*[,/]\s*")
OLDEST = 120


def read_date(text: str, today: dt.date) -> dt.date | None:
    """Return the day, or None where the text is no day of the last 120 years.

    A year of two digits is the latest that is not after ``today``.
    """
    text = _PLACE.sub("", " ".join(text.split()).casefold())
    parts: tuple[str, str, str] | None = None
    if found := _ISO.fullmatch(text):
        parts = (found[3], found[2], found[1])
    elif found := _DAY_FIRST.fullmatch(text):
        parts = (found[1], found[2], found[3])
    elif (found := _NAMED.fullmatch(text)) and found[2] in MONTH_NUMBERS:
        parts = (found[1], str(MONTH_NUMBERS[found[2]]), found[3])
    if parts is None:
        return None
    day, month, year = map(int, parts)
    if len(parts[2]) == 2:
        year += today.year // 100 * 100
        if year > today.year:
            year -= 100
    try:
        read = dt.date(year, month, day)
    except ValueError:
        return None
    return read if read <= today and age_on(read, today) <= OLDEST else None


def age_on(born: dt.date, today: dt.date) -> int:
    """Return the age in completed years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
