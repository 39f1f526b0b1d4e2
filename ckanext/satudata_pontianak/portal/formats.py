"""Dates, numbers and sizes as people of the city write them.

Pure: knows nothing of CKAN. In Indonesian ``24 November 2026``, ``1.234,5`` and ``12,4 KB``;
English keeps the same order of day, month and year, so that a date is never read the wrong way.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

DAY = "d MMMM y"
UNITS = ("KB", "MB", "GB", "TB")
STEP = 1024


def locale_of(language: str | None) -> Locale:
    """Return the locale of a language code; Indonesian where it is unknown."""
    try:
        return Locale.parse(language or "id")
    except (ValueError, UnknownLocaleError):
        return Locale.parse("id")


def read_day(value: object) -> dt.date | None:
    """Return the date in an ISO text or a date, ``None`` where there is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return None


def day(value: object, language: str | None) -> str:
    """Return a date in words, and an empty text where there is none."""
    found = read_day(value)
    return format_date(found, format=DAY, locale=locale_of(language)) if found else ""


def moment(value: object, language: str | None, zone: dt.tzinfo) -> str:
    """Return a moment in words, on the clock of ``zone``; without a zone it is taken as UTC."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return ""
    if not isinstance(value, dt.datetime):
        return ""
    if value.tzinfo is None:
        value = value.replace(tzinfo=dt.UTC)
    local = value.astimezone(zone)
    locale = locale_of(language)
    # The clock of 24 hours in every language, with the mark that the language puts in it.
    pattern = "HH.mm" if locale.language == "id" else "HH:mm"
    date = format_date(local.date(), format=DAY, locale=locale)
    return f"{date}, {format_time(local.time(), format=pattern, locale=locale)} {local.tzname()}"


def number(value: float | Decimal, language: str | None) -> str:
    """Return a number with the marks of the language."""
    return format_decimal(value, locale=locale_of(language))


def size(value: int | None, language: str | None) -> str:
    """Return a size of a file for people; the empty text where it is not known."""
    if value is None:
        return ""
    if value < STEP:
        return f"{number(value, language)} B"
    amount = Decimal(value)
    unit = ""
    for name in UNITS:
        amount, unit = amount / STEP, name
        if amount < STEP:
            break
    return f"{format_decimal(amount, format='#,##0.#', locale=locale_of(language))} {unit}"
