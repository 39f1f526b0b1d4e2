"""Which datasets are the same but for their period, and which periods are missing. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from ... import paths
from ...metadata import periods
from ...metadata.periods import Grain, Period
from ...surface.yaml_source import Positive, Source, Text
from ...tidying.months import MONTHS

LONGEST = 100
MOST_GAPS = 60
_MONTH = r"jan|feb|mar|apr|mei|jun|jul|agu|ags|sep|okt|nov|des|pebruari|nopember"
_PART = (
    rf"(?:bulan\s+)?(?P<month>(?:{_MONTH})[a-z]*)\.?"
    r"|(?P<part>(?:triwulan|semester|kuartal|tw|smt)\s*(?:iv|i{1,3}|[1-4]))"
)
_PERIOD = re.compile(
    rf"(?:^|[\s,(\-–:])(?:(?:{_PART})[\s,\-]*)?(?:(?:tahun|thn)\s*)?(?P<year>(?:19|20)\d\d)\)?(?=$|\W)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ROMAN = ("I", "II", "III", "IV")
_NAMES = {Grain.QUARTER: "Triwulan", Grain.SEMESTER: "Semester"}


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    most: Positive
    cells: Positive
    column: Text
    otherwise: Text


@lru_cache(maxsize=1)
def series() -> Series:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Source.read(paths.schemas() / "series.yaml").shaped(Series)


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


def name(agency: str, title: str) -> str:
    """Return how the series of a dataset is called in its address.

    It says nothing that agency and title do not: who sees the dataset may know it.
    """
    text = unicodedata.normalize("NFKD", bare(title)).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", f"{agency} {text}".casefold()))
    if len(words) <= LONGEST:
        return words
    # What is cut off may be what tells two apart.
    rest = hashlib.sha256(words.encode()).hexdigest()[:8]
    return f"{words[: LONGEST - 9].strip('-')}-{rest}"


def shown(one: Period) -> str:
    """Return a period as the column of a download has it."""
    if one.grain is Grain.MONTH:
        return f"{MONTHS[one.part - 1]} {one.year}"
    if one.grain in _NAMES:
        return f"{_NAMES[one.grain]} {_ROMAN[one.part - 1]} {one.year}"
    if one.grain is Grain.SCHOOL_YEAR:
        return f"{one.year}/{one.year + 1}"
    return str(one.year)


def gaps(known: Sequence[Period]) -> list[str]:
    """Return the periods between the first and the last that are missing, ``[]`` of several kinds.

    :param known: of one grain, or nothing is told.
    """
    grains = {one.grain for one in known}
    if len(grains) != 1 or Grain.DAY in grains:
        return []
    grain, there = grains.pop(), {one.position for one in known}
    parts = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.SEMESTER: 2}.get(grain, 1)
    missing = [n for n in range(min(there), max(there)) if n not in there][:MOST_GAPS]
    part = 1 if parts > 1 else 0
    return [shown(Period(n // parts, n % parts + part, 0, grain)) for n in missing]
