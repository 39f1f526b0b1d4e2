"""Dates, numbers and sizes as people of the city write them.

Pure: knows nothing of CKAN. In Indonesian ``24 November 2026``, ``1.234,5`` and ``12,4 KB``;
English keeps the same order of day, month and year, so that a date is never read the wrong way.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_decimal

DAY = "d MMMM y"
_FIGURE = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
UNITS = ("KB", "MB", "GB", "TB")
STEP = 1024


_EXPONENT = re.compile(r"\b([kcm]?m)([23])\b")


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


def read_moment(value: object) -> dt.datetime | None:
    """Return the moment in an ISO text or a moment, with UTC where it names no zone."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, dt.datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)


def local_day(value: object, language: str | None, zone: dt.tzinfo) -> str:
    """Return the date of a moment on the clock of ``zone``; a bare date stays what it is."""
    found = read_moment(value)
    if isinstance(value, str) and len(value) <= len("2026-11-24"):
        found = None
    return day(found.astimezone(zone) if found else value, language)


def moment(value: object, language: str | None, zone: dt.tzinfo, seconds: bool = False) -> str:
    """Return a moment in words, on the clock of ``zone``; without a zone it is taken as UTC."""
    found = read_moment(value)
    if found is None:
        return ""
    local = found.astimezone(zone)
    locale = locale_of(language)
    # The clock of 24 hours in every language, with the mark that the language puts in it.
    mark = "." if locale.language == "id" else ":"
    pattern = mark.join(["HH", "mm", "ss"] if seconds else ["HH", "mm"])
    date = format_date(local.date(), format=DAY, locale=locale)
    return f"{date}, {format_time(local.time(), format=pattern, locale=locale)} {local.tzname()}"


def ago(value: dt.datetime, now: dt.datetime, language: str | None) -> str:
    """Return how long before or after ``now`` a moment is, in its greatest unit.

    :returns: such as ``3 hari yang lalu``; the empty text for less than a second.
    """
    found = read_moment(value)
    if found is None or abs(found - now) < dt.timedelta(seconds=1):
        return ""
    return format_timedelta(found - now, add_direction=True, locale=locale_of(language))


def order(text: str) -> tuple[str, str]:
    """Return what to sort a name by: as in a dictionary, without regard to case and accents.

    Indonesian and English both take the letters a to z as they stand, so one order serves both.
    """
    bare = unicodedata.normalize("NFKD", text)
    return "".join(c for c in bare if not unicodedata.combining(c)).casefold(), text


def number(value: float | Decimal, language: str | None) -> str:
    """Return a number with the marks of the language."""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(int(value))  # without marks in every language: most of what a list counts
    return format_decimal(value, locale=locale_of(language))


def figure(text: str, language: str | None) -> str:
    """Return a number that is written with a point as the language writes it, with all its digits.

    :returns: the text as it is where it is no number.
    """
    if not _FIGURE.fullmatch(text):
        return text
    return format_decimal(Decimal(text), locale=locale_of(language), decimal_quantization=False)


def share(value: float, language: str | None) -> str:
    """Return a part of the whole in percent: some is never told as none, most never as all."""
    percent = 100 * value
    if 0 < percent < 0.01:
        return f"< {number(0.01, language)} %"
    if 99.95 <= percent < 100:
        return f"> {number(99.9, language)} %"
    return f"{number(round(percent, 1 if percent >= 1 else 2), language)} %"


def unit(text: str) -> str:
    """Return a unit of measurement with its exponents raised: "km2" is "km²"."""
    return _EXPONENT.sub(lambda found: found[1] + "²³"[int(found[2]) - 2], text)


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
