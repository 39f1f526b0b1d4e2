"""Periods as tables of the city write them: years, semesters, quarters, months, days.

Pure: knows nothing of CKAN. A period has an order of its own, so that time never stands in the
order of the alphabet ("Agustus" before "Januari") or of the rows of a file.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ..days import MONTH_NUMBERS


class Grain(StrEnum):
    """How long a period is; the parts of a year may stand without their year."""

    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    SEMESTER = "semester"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"


PARTS = (Grain.SEMESTER, Grain.QUARTER, Grain.MONTH)
_PER_YEAR = {Grain.SEMESTER: 2, Grain.QUARTER: 4, Grain.MONTH: 12}
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, order=True)
class Period:
    """A period; ordered by its beginning.

    ``year`` is 0 where only the part of a year is known. ``part`` is the number of the semester,
    quarter or month, ``day`` the day of the month; 0 where there is none.
    """

    year: int
    part: int
    day: int
    grain: Grain

    @property
    def position(self) -> int:
        """Return a number that grows by one from each period to the next of the same grain."""
        if self.grain is Grain.DAY:
            return dt.date(self.year, self.part, self.day).toordinal()
        return self.year * _PER_YEAR.get(self.grain, 1) + max(self.part - 1, 0)


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WORDS = {
    Grain.SEMESTER: r"(?:semester|smt|sem|s)",
    Grain.QUARTER: r"(?:triwulan|triwln|trw|tw|kuartal|kw|quarter|q)",
}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PART = r"(?P<part>iv|i{1,3}|[1-4])"
_GAP = r"[\s\-_/.,]*"


def _patterns() -> list[tuple[Grain, re.Pattern[str]]]:
    found = []
    for grain, word in _WORDS.items():
        own = rf"{word}{_GAP}(?:ke{_GAP})?{_PART}"
        texts = (rf"{_YEAR}{_GAP}{own}", rf"{own}{_GAP}(?:tahun{_GAP})?{_YEAR}", own)
        found += [(grain, re.compile(text)) for text in texts]
    return found


_PARTED = _patterns()
_YEAR_ONLY = re.compile(rf"(?:tahun|thn|th)?{_GAP}{_YEAR}")
_SCHOOL = re.compile(rf"{_YEAR}\s*[/\-–]\s*(?P<next>(?:20)?\d\d)")
_ISO_MONTH = re.compile(rf"{_YEAR}[-/.](?P<part>0[1-9]|1[0-2])")
_MONTH_YEAR = re.compile(r"(?P<part>0?[1-9]|1[0-2])[-/.](?P<year>(?:19|20)\d\d)")
_NAMED = re.compile(r"(?P<name>[a-z]+)\.?[\s\-_/']*(?P<year>(?:19|20)\d\d|\d\d)?")
_NAMED_AFTER = re.compile(rf"{_YEAR}[\s\-_/]*(?P<name>[a-z]+)")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_NAMED_DAY = re.compile(r"(\d{1,2})\s+([a-z]+)\s+(\d{4})")


@lru_cache(maxsize=20_000)
def parse(text: str) -> Period | None:
    """Return the period that a text names, ``None`` where it names none for certain.

    :param text: e.g. ``2025``, ``2024/2025``, ``Semester II 2025``, ``2025-TW3``, ``Agustus``,
        ``Agu-25``, ``2025-08``, ``17 Agustus 2025``. Days are read as day/month/year.
    """
    said = " ".join(text.casefold().split())
    if not said:
        return None
    return _year(said) or _month(said) or _part(said) or _day(said)


def _year(said: str) -> Period | None:
    if found := _YEAR_ONLY.fullmatch(said):
        return Period(int(found["year"]), 0, 0, Grain.YEAR)
    if found := _SCHOOL.fullmatch(said):
        year = int(found["year"])
        if int(found["next"]) in (year + 1, (year + 1) % 100):
            return Period(year, 0, 0, Grain.SCHOOL_YEAR)
    return None


def _part(said: str) -> Period | None:
    for grain, pattern in _PARTED:
        found = pattern.fullmatch(said)
        if found is None:
            continue
        part = _ROMAN.get(found["part"]) or int(found["part"])
        if part > _PER_YEAR[grain]:
            return None
        return Period(int(found.groupdict().get("year") or 0), part, 0, grain)
    return None


def _month(said: str) -> Period | None:
    for pattern in (_ISO_MONTH, _MONTH_YEAR):
        if found := pattern.fullmatch(said):
            return Period(int(found["year"]), int(found["part"]), 0, Grain.MONTH)
    for pattern in (_NAMED, _NAMED_AFTER):
        found = pattern.fullmatch(said)
        if found and found["name"] in MONTH_NUMBERS:
            year = int(found["year"] or 0)
            year += 2000 if found["year"] and len(found["year"]) == 2 else 0
            return Period(year, MONTH_NUMBERS[found["name"]], 0, Grain.MONTH)
    return None


def _day(said: str) -> Period | None:
    if found := _ISO_DAY.fullmatch(said):
        year, month, day = (int(n) for n in found.groups())
    elif found := _DAY.fullmatch(said):
        day, month, year = (int(n) for n in found.groups())
    elif (found := _NAMED_DAY.fullmatch(said)) and found[2] in MONTH_NUMBERS:
        day, month, year = int(found[1]), MONTH_NUMBERS[found[2]], int(found[3])
    else:
        return None
    try:
        dt.date(year, month, day)
    except ValueError:
        return None
    return Period(year, month, day, Grain.DAY)


def numbered(grain: Grain, text: str) -> Period | None:
    """Return the part of a year that a bare number stands for, in a column that says which.

    :param grain: what the column holds: semesters, quarters or months.
    :param text: a number, also Roman or with leading zeros.
    """
    said = text.strip().casefold()
    part = _ROMAN.get(said) or (int(said) if said.isdigit() and len(said) <= 2 else 0)
    return Period(0, part, 0, grain) if 1 <= part <= _PER_YEAR[grain] else None


def joined(year: Period, part: Period) -> Period:
    """Return the part of a year together with its year, which stood in another column."""
    return Period(year.year, part.part, 0, part.grain)
