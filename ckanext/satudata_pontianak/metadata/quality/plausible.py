"""Figures that somebody should look at once more: jumps, totals, regions against the whole. Pure.

A finding is a question. It holds the number of a row, the heading of a column of figures and two
numbers, never another cell: what stands there may name somebody. In doubt nothing is asked.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .. import codes, periods, roles
from ..periods import Grain, Period
from ..roles import Column, Place, Role, Seen
from .definition import Plausible

_BESIDE = (Role.CATEGORY, Role.CODE, Role.UNIT)
_KEYS = (Role.REGION, Role.REGION_CODE, *_BESIDE)
_MALE, _FEMALE = ("laki_laki", "laki"), ("perempuan",)
_KEY = 12
_TOTALS = ("jumlah", "total", "jumlah_total", "total_jumlah")


class Kind(StrEnum):
    """What does not agree."""

    JUMP = "jump"  # with the period before
    TOTAL = "total"  # a total with its parts, in rows or in columns
    REGION = "region"  # a region with all regions in it
    SAME = "same"  # with the same figure of another dataset


@dataclass(frozen=True)
class Asked:
    """A figure to look at.

    :ivar row: the number of its row below the headings, from 1.
    :ivar column: the heading of its column.
    :ivar found: the figure.
    :ivar other: the figure of the period before, or the sum of the parts.
    :ivar older: that figure stands in the file that was served before, not in this one.
    """

    kind: Kind
    row: int
    column: str
    found: Decimal
    other: Decimal
    older: bool = False

    @property
    def key(self) -> str:
        """Return what stands for it in an address; another figure there is another question."""
        told = "\n".join(
            (self.kind.value, str(self.row), self.column, str(self.found), str(self.other))
        )
        return hashlib.sha256(told.encode()).hexdigest()[:_KEY]

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept; figures as texts, so that none of their digits is lost."""
        return {
            "kind": self.kind.value,
            "row": self.row,
            "column": self.column,
            "found": str(self.found),
            "other": str(self.other),
            "older": self.older,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Asked:
        """Read what is kept; a jump that does not say against which file may be against another."""
        kind = Kind(kept["kind"])
        return cls(
            kind,
            int(kept["row"]),
            str(kept["column"]),
            Decimal(kept["found"]),
            Decimal(kept["other"]),
            bool(kept.get("older", kind is Kind.JUMP)),
        )


@dataclass(frozen=True)
class Rows:
    """A table by what its columns are for."""

    seen: Sequence[Seen]
    when: Sequence[Period | None]
    count: int

    def measures(self) -> Iterator[Seen]:
        """Return the columns of figures."""
        return (one for one in self.seen if one.role is Role.MEASURE)

    def key(self, row: int, without: Seen | None = None) -> tuple[str, ...]:
        """Return what tells a row from others of its period; names in one spelling."""
        return tuple(
            one.texts[row].casefold()
            for one in self.seen
            if one.role in _KEYS and one is not without
        )

    def beside(self, row: int) -> tuple[str, ...]:
        """Return what tells a row from others of its period and region, which may stand twice."""
        return tuple(one.texts[row].casefold() for one in self.seen if one.role in _BESIDE)


def asked(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    bounds: Plausible,
    before: Sequence[Sequence[str]] = (),
) -> list[Asked]:
    """Return the figures of a table that somebody should look at, at most ``bounds.places``.

    :param columns: the columns, with their headings.
    :param rows: every cell a text, empty where it is empty.
    :param bounds: from which difference on somebody is asked.
    :param before: rows of the same columns that were served until now; they are the period
        before where the table itself does not hold it, and nothing is asked of them.
    """
    table = read_rows(columns, rows)
    older = read_rows(columns, before) if before else None
    found = [*_of_columns(table, bounds), *_of_rows(table, bounds), *_of_regions(table, bounds)]
    found += _jumps(table, older, bounds)
    return list(dict.fromkeys(found))[: bounds.places]


def read_rows(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Rows:
    """Read a table by what its columns are for.

    :param rows: every cell a text, empty where it is empty.
    """
    seen = roles.see(columns, rows, _place)
    return Rows(seen, _when(seen, len(rows)), len(rows))


def _place(text: str) -> Place | None:
    found = codes.find_region(text)
    return None if found is None else Place(found.code, found.level, found.label)


def _when(seen: Sequence[Seen], count: int) -> Sequence[Period | None]:
    """Return the period of each row; of none where several columns do not say one together."""
    told = [one for one in seen if one.role is Role.PERIOD]
    if len(told) == 1:
        return [p if p is not None and p.year else None for p in told[0].periods]
    years = [one for one in told if one.grain is Grain.YEAR]
    parts = [one for one in told if one.grain in periods.PARTS]
    if len(told) != 2 or not years or not parts:
        return [None] * count
    return [
        periods.joined(year, part) if year is not None and part is not None else None
        for year, part in zip(years[0].periods, parts[0].periods, strict=True)
    ]


def _jumps(table: Rows, older: Rows | None, bounds: Plausible) -> Iterator[Asked]:
    """Ask of figures that are many times those of the period before, the newest first."""
    own = _by_period(table)
    known = {(key, when.position, when.grain) for key, rows in own.items() for when in rows}
    last = _by_period(older) if older is not None else {}
    newest = sorted({w for rows in own.values() for w in rows}, reverse=True)[: bounds.periods]
    for when in newest:
        for key, rows in own.items():
            row = rows.get(when)
            if row is None:
                continue
            source, at = table, _previous(rows, when)
            if at is None and (key, when.position - 1, when.grain) not in known:
                source, at = older or table, _previous(last.get(key, {}), when)
            if at is not None:
                yield from _compared(table, row, source, at, bounds)


def _previous(rows: Mapping[Period, int | None], when: Period) -> int | None:
    return next(
        (n for w, n in rows.items() if w.grain is when.grain and w.position == when.position - 1),
        None,
    )


def _by_period(table: Rows) -> dict[tuple[str, ...], dict[Period, int | None]]:
    """Return the row of each key and period; ``None`` where several rows are of both."""
    found: dict[tuple[str, ...], dict[Period, int | None]] = defaultdict(dict)
    for row, when in enumerate(table.when):
        if when is not None:
            had = found[table.key(row)]
            had[when] = None if when in had else row
    return found


def _compared(table: Rows, row: int, source: Rows, at: int, bounds: Plausible) -> Iterator[Asked]:
    others = {one.name: one for one in source.measures()}
    for one in table.measures():
        other = others.get(one.name)
        new = one.numbers[row]
        old = other.numbers[at] if other is not None else None
        if new is None or old is None or new < 0 or old < 0 or abs(new - old) < bounds.least:
            continue
        if max(new, old) >= min(new, old) * bounds.factor:
            older = source is not table
            yield Asked(Kind.JUMP, row + 1, one.column.shown, new, old, older)


def _of_rows(table: Rows, bounds: Plausible) -> Iterator[Asked]:
    """Ask of rows of totals that are not the sum of the rows beside them."""
    for dimension in table.seen:
        if dimension.role not in (Role.CATEGORY, Role.REGION):
            continue
        groups: dict[Any, list[int]] = defaultdict(list)
        for row in range(table.count):
            groups[(table.key(row, dimension), table.when[row])].append(row)
        for rows in groups.values():
            totals = [row for row in rows if roles.is_total(dimension.texts[row])]
            parts = [row for row in rows if row not in totals and dimension.texts[row]]
            places = {dimension.places.get(dimension.texts[row]) for row in parts}
            levels = {place.level for place in places if place is not None}
            if len(totals) == 1 and len(levels) < 2:
                yield from _summed(table, totals[0], parts, Kind.TOTAL, bounds)


def _of_regions(table: Rows, bounds: Plausible) -> Iterator[Asked]:
    """Ask of a region that is not the sum of all regions in it, where all of them stand there."""
    inside = _inside()
    for dimension in table.seen:
        if dimension.role not in (Role.REGION, Role.REGION_CODE):
            continue
        groups: dict[Any, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in range(table.count):
            place = dimension.places.get(dimension.texts[row])
            if place is not None:
                groups[(table.beside(row), table.when[row])][place.code].append(row)
        for rows in groups.values():
            for code, whole in rows.items():
                children = inside.get(code, ())
                parts = [rows[child][0] for child in children if len(rows.get(child, ())) == 1]
                if len(whole) == 1 and children and len(parts) == len(children):
                    yield from _summed(table, whole[0], parts, Kind.REGION, bounds)


def _inside() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in codes.code_list("wilayah").codes.values():
        if code.parent is not None:
            found[code.parent].append(code.code)
    # The city is the only one of the list in its province: that is no whole.
    return {code: parts for code, parts in found.items() if len(parts) > 1}


def _summed(
    table: Rows, whole: int, parts: Sequence[int], kind: Kind, bounds: Plausible
) -> Iterator[Asked]:
    if len(parts) < 2:
        return
    for one in table.measures():
        total, numbers = one.numbers[whole], [one.numbers[row] for row in parts]
        given = [number for number in numbers if number is not None]
        if one.additive and total is not None and len(given) == len(numbers):
            other = sum(given, Decimal(0))
            if _differs(total, other, given, bounds):
                yield Asked(kind, whole + 1, one.column.shown, total, other)


def _of_columns(table: Rows, bounds: Plausible) -> Iterator[Asked]:
    """Ask of a column of totals that is not the sum of men and women beside it."""
    by_name = {roles.folded(one.name): one for one in table.measures()}
    for name, men in by_name.items():
        word = next((w for w in _MALE if w in name.split("_") or name.endswith(w)), None)
        if word is None:
            continue
        rest = name.replace(word, "").replace("__", "_").strip("_")
        women = by_name.get(name.replace(word, _FEMALE[0]))
        wanted = {rest, f"total_{rest}", f"jumlah_{rest}", f"{rest}_total", *_TOTALS} - {""}
        totals = [by_name[key] for key in sorted(wanted) if key in by_name]
        if women is None or len(totals) != 1 or not men.additive or not women.additive:
            continue
        for row in range(table.count):
            total, given = totals[0].numbers[row], (men.numbers[row], women.numbers[row])
            if total is None or given[0] is None or given[1] is None:
                continue
            both = (given[0], given[1])
            if _differs(total, sum(both, Decimal(0)), both, bounds):
                column = totals[0].column.shown
                yield Asked(Kind.TOTAL, row + 1, column, total, sum(both, Decimal(0)))


def _differs(total: Decimal, other: Decimal, parts: Sequence[Decimal], bounds: Plausible) -> bool:
    """Tell whether a total differs by more than its share, and more than rounding explains."""
    exponents = (number.as_tuple().exponent for number in (total, *parts))
    places = max((-e for e in exponents if isinstance(e, int) and e < 0), default=0)
    rounding = Decimal(len(parts) + 1) / 2 / (10**places) if places else Decimal(0)
    allowed = max(abs(total) * Decimal(str(bounds.share)), rounding)
    return abs(total - other) > allowed
