"""Reads ``schemas/cost.yaml``: a list of what apps and datasets cost, row by row. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

import msgspec

from ... import paths
from ...classification.incidents.fields import PERSONAL, Kinds
from ...msgids import N_
from ...smki.rules.definition import smki
from ...surface.yaml_source import Days, Positive, Source, Text
from .columns import Column, ListRow, Outcome, cells_of

ENTRY, YEAR, CODE, COST, VISITS = COLUMNS = ("entry", "year", "budget_code", "cost", "visits")
BOUNDED = (CODE, COST, VISITS)
_CODE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})+")
_WHOLE = re.compile(
    r"(?:rp\.? ?)?([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,00|,-)?", re.IGNORECASE
)
_YEAR = re.compile(r"[0-9]{4}")

NO_ENTRY = N_("The row names no app and no dataset.")
NO_YEAR = N_("Give a year from %(low)s to %(high)s.")
NO_CODE = N_("Give groups of at most four digits with dots between them, %(count)s characters.")
NO_WHOLE = N_("Give a whole number up to %(most)s, without letters.")
TWICE = N_("Another row is of the same name and year.")


class Years(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of which years a line may be, from the present one."""

    back: Days
    ahead: Days


@dataclass(frozen=True)
class Line:
    """What somebody says of an app or dataset in a year; ``None``: it is not known."""

    budget_code: str | None = None
    cost: int | None = None
    visits: int | None = None

    @property
    def empty(self) -> bool:
        """Tell whether nothing is said."""
        return self == Line()

    @property
    def per_visit(self) -> int | None:
        """Return whole rupiah for each visit, as far as both are known."""
        return per_visit(self.cost, self.visits)


NOTHING = Line()


@dataclass
class CostRow(ListRow):
    """A row of a list, and what it says."""

    entry: str = ""
    year: int | None = None
    line: Line = NOTHING


class Costs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    seen_by: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    years: Years
    rows: Positive
    columns: dict[str, Column]

    @classmethod
    def of(cls, source: Source) -> Costs:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        source.known("role", file.seen_by, smki().roles.roles, "seen_by")
        source.exactly("column", COLUMNS, file.columns, "columns")
        for name, column in file.columns.items():
            bounded = (column.most is not None) == (name in BOUNDED)
            source.require("of a code or number, and of no other: 'most'", bounded, "columns", name)
        once = len({column.heading for column in file.columns.values()}) == len(COLUMNS)
        source.require("a heading stands twice", once, "columns")
        return file

    @property
    def headings(self) -> list[str]:
        """Return the headings of a list, in order."""
        return [self.columns[name].heading for name in COLUMNS]

    def span(self, today: dt.date) -> tuple[int, int]:
        """Return the first and the last year of which a line may be."""
        return today.year - self.years.back, today.year + self.years.ahead

    def read(
        self, rows: Iterable[Mapping[str, str]], kinds_in: Kinds, today: dt.date
    ) -> list[CostRow]:
        """Return the rows of a list with what is wrong with each; rows without a sign are none.

        :param kinds_in: gives the labels of hard identifiers in a text: such a code is refused.
        """
        found, seen = [], set[tuple[str, int]]()
        for number, cells in cells_of(rows, self.columns):
            row = self._row(number, cells, kinds_in, today)
            if row.entry and row.year is not None:
                if (row.entry, row.year) in seen:
                    row.wrong(ENTRY, TWICE)
                seen.add((row.entry, row.year))
            found.append(row)
        return found

    def _row(
        self, number: int, cells: Mapping[str, str], kinds_in: Kinds, today: dt.date
    ) -> CostRow:
        row = CostRow(number, cells[ENTRY])
        if not row.entry:
            row.wrong(ENTRY, NO_ENTRY)
        low, high = self.span(today)
        year = int(cells[YEAR]) if _YEAR.fullmatch(cells[YEAR]) else 0
        if low <= year <= high:
            row.year = year
        else:
            row.wrong(YEAR, NO_YEAR, low=low, high=high)
        row.line = Line(
            self._code(row, cells[CODE], kinds_in),
            self._whole(row, COST, cells[COST]),
            self._whole(row, VISITS, cells[VISITS]),
        )
        return row

    def _code(self, row: CostRow, text: str, kinds_in: Kinds) -> str | None:
        if not text:
            return None
        most = self.columns[CODE].most or 0
        if len(text) > most or not _CODE.fullmatch(text):
            row.wrong(CODE, NO_CODE, count=most)
            return None
        if kinds := kinds_in(text):
            row.wrong(CODE, PERSONAL, kinds=", ".join(kinds))
            return None
        return text

    def _whole(self, row: CostRow, key: str, text: str) -> int | None:
        most = self.columns[key].most or 0
        value = whole(text) if len(text) <= len(f"Rp. {most:,},00") else None
        if text and (value is None or value > most):
            row.wrong(key, NO_WHOLE, most=most)
            return None
        return value


def whole(text: str) -> int | None:
    """Return a whole number as a list has it: ``1500000``, ``1.500.000``, ``Rp 1.500.000,00``."""
    found = _WHOLE.fullmatch(text)
    return int(found[1].replace(".", "")) if found else None


def outcome(before: Line | None, after: Line) -> Outcome:
    """Return what becomes of a line; where a row says nothing the line goes.

    :param before: what stands there, if anything does.
    """
    if (before or NOTHING) == after:
        return "same"
    if before is None:
        return "new"
    return "gone" if after.empty else "changed"


def per_visit(cost: int | None, visits: int | None) -> int | None:
    """Return whole rupiah for each visit; ``None`` where one is not known, or nobody came."""
    return (2 * cost + visits) // (2 * visits) if cost is not None and visits else None


@dataclass(frozen=True)
class Totals:
    """What some lines come to. Of a number that no line knows there is none."""

    cost: int | None
    visits: int | None
    per_visit: int | None
    """Over the lines of which both are known."""

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Totals:
        """Return what the lines come to."""
        costs = [line.cost for line in lines if line.cost is not None]
        visits = [line.visits for line in lines if line.visits is not None]
        both = [(n.cost, n.visits) for n in lines if n.cost is not None and n.visits is not None]
        return cls(
            sum(costs) if costs else None,
            sum(visits) if visits else None,
            per_visit(sum(cost for cost, _ in both), sum(visits for _, visits in both)),
        )


@lru_cache(maxsize=1)
def costs() -> Costs:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Costs.of(Source.read(paths.schemas() / "cost.yaml"))
