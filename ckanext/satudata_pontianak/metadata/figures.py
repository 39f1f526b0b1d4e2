"""The figures of one region in a table: which column names the region, which rows to show.

Pure. Nothing is added up or worked out: every figure stands in the table as it is shown here,
also a mark for a cell that was withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import roles
from .codes import Code, code_list
from .roles import Role

MOST_ROWS = 12
NUMBERS = ("int", "numeric", "float", "double", "real", "bigint", "smallint")
# Headings, with everything but letters and digits as one underscore.
CODES = {
    "kecamatan": ("kode_kecamatan", "kode_kec", "kd_kec"),
    "kelurahan": ("kode_kelurahan", "kode_kel", "kd_kel", "kode_desa"),
}
NAMES = {
    "kecamatan": ("kecamatan", "nama_kecamatan"),
    "kelurahan": ("kelurahan", "nama_kelurahan", "kelurahan_desa"),
}
ANY_CODE = ("kode_wilayah", "kode_kemendagri")
PLACES = ("rw", "rt")
"""Parts of a kelurahan: they say which row it is."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading as published, and its type in the database."""

    name: str
    type: str

    @property
    def key(self) -> str:
        """The heading in small letters and underscores."""
        return re.sub(r"[^a-z0-9]+", "_", self.name.casefold()).strip("_")

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.type.casefold().startswith(NUMBERS)


@dataclass(frozen=True)
class Table:
    """What the columns of a table are for.

    :ivar region: the column that names the region, and the values that mean the one asked for.
    :ivar measures: columns of figures; ``labels`` say what a row counts; ``period`` says when.
    """

    region: Column
    values: tuple[str, ...]
    measures: tuple[Column, ...]
    labels: tuple[Column, ...]
    period: tuple[Column, ...]
    unit: Column | None

    def unit_of(self, column: Column, declared: str | None) -> str:
        """Return the unit of a measure; empty where nothing says it for this column.

        :param declared: ``satuan`` of the dataset, which counts where there is one measure only:
            of several it would be wrong for some.
        """
        if unit := roles.unit_of(roles.Column(column.name, column.type)):
            return unit
        if len(self.measures) == 1 and declared and self.unit is None:
            return declared
        return ""


def read(columns: Sequence[Column], code: Code) -> Table | None:
    """Return how a table tells of a region, ``None`` where its rows are not about such regions.

    A table with rows for each village says nothing about a district: its figures would have to
    be added up.
    """
    by_key = {column.key: column for column in columns}
    finer = _finer(code.level)
    if any(key in by_key for level in finer for key in (*CODES[level], *NAMES[level])):
        return None
    region, values = None, ()
    for key in (*CODES.get(code.level, ()), *ANY_CODE):
        if region is None and key in by_key:
            region, values = by_key[key], _codes(code)
    for key in NAMES.get(code.level, ()):
        if region is None and key in by_key:
            region, values = by_key[key], spellings(code)
    if region is None:
        return None
    known = {*ANY_CODE, *(k for group in (CODES, NAMES) for keys in group.values() for k in keys)}
    told = {c: roles.named(c.name) for c in columns if c.key not in known}
    period = [c for c, role in told.items() if role is Role.PERIOD]
    unit = next((c for c, role in told.items() if role is Role.UNIT), None)
    others = [c for c, role in told.items() if role is None or c.key in PLACES]
    measures = [c for c in others if c.is_number and c.key not in PLACES]
    if not measures:
        return None
    labels = [c for c in others if c not in measures]
    return Table(region, values, tuple(measures), tuple(labels), tuple(period), unit)


def _finer(level: str) -> tuple[str, ...]:
    return ("kelurahan",) if level == "kecamatan" else ()


def _codes(code: Code) -> tuple[str, ...]:
    found = [code.code, code.code.replace(".", "")]
    return tuple(dict.fromkeys([*found, *([code.bps_code] if code.bps_code else [])]))


def spellings(code: Code) -> tuple[str, ...]:
    """Return the ways in which a table writes the name of a region."""
    names = [code.label, *code.aliases]
    named = [*names, *(f"{code.level.capitalize()} {name}" for name in names)]
    return tuple(dict.fromkeys(t for n in named for t in (n, n.upper(), n.lower(), n.title())))


MOST_REGIONS = 5000
"""More different cells than this in a column of regions are not looked through."""


def names_regions(heading: str) -> bool:
    """Tell whether a column names regions in its cells, by its heading."""
    return Column(heading, "text").key in _HEADINGS


def regions_of(heading: str, cells: Iterable[str]) -> set[str]:
    """Return the codes of the districts and villages that cells of such a column name.

    A name is that of a region of the level that the heading says: the village Tengah is none in a
    column of districts.
    """
    levels = [
        level for level in NAMES if Column(heading, "text").key in (*CODES[level], *NAMES[level])
    ]
    found: set[str] = set()
    for cell in cells:
        code = _by_spelling().get(" ".join(cell.split()).casefold())
        if code is not None and (not levels or code.level in levels):
            found.add(code.code)
    return found


_HEADINGS = frozenset(
    {
        *ANY_CODE,
        "wilayah",
        "nama_wilayah",
        *(k for by in (CODES, NAMES) for keys in by.values() for k in keys),
    }
)


@cache
def _by_spelling() -> dict[str, Code]:
    """Return the districts and villages by every way in which a table writes them."""
    return {
        text.casefold(): code
        for code in code_list("wilayah").codes.values()
        if code.level in NAMES
        for text in (*_codes(code), *spellings(code))
    }


def newest(rows: Sequence[Mapping[str, Any]], table: Table) -> tuple[list[Mapping[str, Any]], bool]:
    """Return the rows of the newest period, in the table's order, and whether some are left out.

    A period of two columns (year and month) is compared by both.
    """
    kept = list(rows)
    if table.period:
        latest = max((_when(row, table) for row in kept), default=())
        kept = [row for row in kept if _when(row, table) == latest]
    return kept[:MOST_ROWS], len(kept) < len(rows) or len(kept) > MOST_ROWS


def _when(row: Mapping[str, Any], table: Table) -> tuple[str, ...]:
    return tuple(str(row.get(column.name) or "").zfill(12) for column in table.period)
