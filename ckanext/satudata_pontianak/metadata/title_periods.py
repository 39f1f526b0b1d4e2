"""The period that a title names: read, left out, and put in the place of another. Pure."""

from __future__ import annotations

import re

from ..days import MONTH_NUMBERS, MONTHS
from . import periods
from .periods import Grain, Period

_MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_PART = (
    rf"(?:bulan\s+)?(?P<month>{_MONTH})\.?"
    r"|(?P<part>(?:triwulan|semester|kuartal|tw|smt)\s*(?:iv|i{1,3}|[1-4]))"
)
_PERIOD = re.compile(
    rf"(?:^|[\s,(\-–:])(?:(?:{_PART})[\s,\-]*)?(?:(?:tahun|thn)\s*)?(?P<year>(?:19|20)\d\d)\)?(?=$|\W)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_ROMAN = ("I", "II", "III", "IV")
_NAMES = {Grain.QUARTER: "Triwulan", Grain.SEMESTER: "Semester"}
_PER_YEAR = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.SEMESTER: 2}


def _found(title: str) -> tuple[re.Match[str], Period] | None:
    """Return the last period that a title names, and where; of two years beside another none."""
    told = list(_PERIOD.finditer(title))
    if len(told) != 1:
        return None
    part = told[0]["month"] or told[0]["part"] or ""
    period = periods.parse(f"{part} {told[0]['year']}".strip())
    return (told[0], period) if period else None


def bare(title: str) -> str:
    """Return a title without its period."""
    found = _found(title)
    if found is None:
        return " ".join(title.split())
    said = title[: found[0].start()] + " " + title[found[0].end() :]
    return " ".join(said.split()).strip(" ,-–:(")


def period(title: str, years: str = "") -> Period | None:
    """Return the one period that a dataset is about, ``None`` where it is about none or several.

    :param years: what its metadata say, where its title says nothing.
    """
    found = _found(title)
    if found is not None:
        return found[1]
    said = years.strip()
    return periods.parse(said) if _YEAR.fullmatch(said) else None


def part_of_year(title: str) -> Period | None:
    """Return the month, quarter or semester that a title names with its year, ``None`` of none."""
    found = _found(title)
    return found[1] if found is not None and found[1].grain in _PER_YEAR else None


def named(name: str, years: str = "") -> Period | None:
    """Return the month that the name of a file or a sheet says, ``None`` where it says none or two.

    :param years: what is known of the figures: the year where the name says none, and no other one.
    """
    words = [word.casefold() for word in _WORD.findall(name)]
    months = {MONTH_NUMBERS[word] for word in words if word in MONTH_NUMBERS}
    told = {word for word in words if _YEAR.fullmatch(word)} or {years.strip()}
    if len(months) != 1 or len(told) != 1:
        return None
    year = told.pop()
    if not _YEAR.fullmatch(year) or (years and year not in _YEAR.findall(years)):
        return None
    return Period(int(year), months.pop(), 0, Grain.MONTH)


def following(one: Period) -> Period:
    """Return the part of a year that comes after another one."""
    parts = _PER_YEAR[one.grain]
    year, part = divmod(one.position + 1, parts)
    return Period(year, part + 1, 0, one.grain)


def renamed(title: str, new: Period) -> str:
    """Return a title with another part of a year in the place of the one that it names."""
    found = _found(title)
    if found is None:
        return title
    start = found[0].start("month")
    if start < 0:
        start = found[0].start("part")
    if start < 0:
        start = found[0].start("year")
    return title[:start] + shown(new) + title[found[0].end("year") :]


def moved(before: str, after: str) -> bool:
    """Tell whether two titles are the same but for the part of a year that they name."""
    old, new = part_of_year(before), part_of_year(after)
    if old is None or new is None or old == new or old.grain is not new.grain:
        return False
    return bare(before) == bare(after)


def sortable(one: Period) -> str:
    """Return a period as programs sort it: 2025, 2025-01, 2025-Q1, 2025-S1, 2025-01-31."""
    if one.grain is Grain.QUARTER:
        return f"{one.year:04}-Q{one.part}"
    if one.grain is Grain.SEMESTER:
        return f"{one.year:04}-S{one.part}"
    if one.grain is Grain.SCHOOL_YEAR:
        return f"{one.year:04}/{one.year + 1:04}"
    parts = (f"{one.year:04}", *(f"{n:02}" for n in (one.part, one.day) if n))
    return "-".join(parts)


def shown(one: Period) -> str:
    """Return a period as titles and the column of a download have it."""
    if one.grain is Grain.MONTH:
        return f"{MONTHS[one.part - 1].capitalize()} {one.year}"
    if one.grain in _NAMES:
        return f"{_NAMES[one.grain]} {_ROMAN[one.part - 1]} {one.year}"
    if one.grain is Grain.SCHOOL_YEAR:
        return f"{one.year}/{one.year + 1}"
    return str(one.year)
