"""The operator's file of holidays: what a year's joint decree says beyond the kept library.

::

    years:
      2027:
        holidays: {2027-03-09: "Cuti bersama Nyepi"}
        working: [2027-05-01]
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...surface.yaml_source import Source


@dataclass(frozen=True)
class Overrides:
    """Days on which nobody works beside the known holidays, and holidays on which people do."""

    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()


def read(path: Path) -> Overrides:
    """Read the file.

    :raises DefinitionError: naming file, line and reason: it cannot be read, a day is no date or
        stands under another year, or is both a holiday and worked.
    """
    return overrides(Source.read(path))


def overrides(source: Source) -> Overrides:
    """Check and return what ``source`` holds; see :func:`read`."""
    years = source.data.get("years")
    source.require("'years' is missing", isinstance(years, dict) and set(source.data) == {"years"})
    off: set[dt.date] = set()
    worked: set[dt.date] = set()
    for year, spec in source.data["years"].items():
        where = ("years", str(year))
        good = isinstance(year, int) and not isinstance(year, bool)
        source.require(f"'{year}' is no year", good, *where)
        known = isinstance(spec, dict) and bool(spec) and set(spec) <= {"holidays", "working"}
        source.require("'holidays', 'working' or both are expected", known, *where)
        off |= _days(source, year, spec, "holidays", dict)
        worked |= _days(source, year, spec, "working", list)
        both = sorted(day.isoformat() for day in off & worked)
        source.require(f"{', '.join(both)}: a holiday and worked", not both, *where)
    return Overrides(frozenset(off), frozenset(worked))


def _days(source: Source, year: int, spec: dict[str, Any], key: str, kind: type) -> set[dt.date]:
    where = ("years", str(year), key)
    given = spec.get(key, kind())
    what = "days with their names" if kind is dict else "a list of days"
    source.require(f"'{key}' must be {what}", isinstance(given, kind), *where)
    for day in given:
        # A moment is a date to Python, and no day.
        is_day = isinstance(day, dt.date) and not isinstance(day, dt.datetime)
        source.require(f"'{day}' is no date (YYYY-MM-DD)", is_day, *where)
        source.require(f"{day} does not lie in {year}", day.year == year, *where)
    if isinstance(given, dict):
        for day, name in given.items():
            source.require(
                f"{day}: a name is missing", isinstance(name, str) and bool(name), *where
            )
    return set(given)
