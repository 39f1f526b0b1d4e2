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

import msgspec

from ...surface.yaml_source import Source, Text


@dataclass(frozen=True)
class Overrides:
    """Days on which nobody works beside the known holidays, and holidays on which people do."""

    off: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()


class Year(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the decree of a year says: holidays with their names, and days that are worked."""

    holidays: dict[dt.date, Text] = msgspec.field(default_factory=dict)
    working: tuple[dt.date, ...] = ()


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of the file."""

    years: dict[int, Year]


def read(path: Path) -> Overrides:
    """Read the file.

    :raises DefinitionError: naming file, line and reason: it cannot be read, a day is no date or
        stands under another year, or is both a holiday and worked.
    """
    return overrides(Source.read(path))


def overrides(source: Source) -> Overrides:
    """Check and return what ``source`` holds; see :func:`read`."""
    off: set[dt.date] = set()
    worked: set[dt.date] = set()
    for year, said in source.shaped(File).years.items():
        where = ("years", year)
        for key, days in (("holidays", said.holidays), ("working", said.working)):
            for day in days:
                there = day.year == year
                source.require(f"{day} does not lie in {year}", there, *where, key)
        off.update(said.holidays)
        worked.update(said.working)
        both = sorted(day.isoformat() for day in off & worked)
        source.require(f"{', '.join(both)}: a holiday and worked", not both, *where)
    return Overrides(frozenset(off), frozenset(worked))
