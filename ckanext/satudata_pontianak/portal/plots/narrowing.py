"""A part of a table: the rows of one region, of one period, or of both.

Pure: knows nothing of CKAN. Totals and higher levels are found on the whole table and left out
before it is narrowed, so that a part holds no number that the whole does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...messages import Message
from ...metadata.roles import Place, Role, Seen
from ...msgids import N_
from .choosing import ALL_WITHHELD, choose, together
from .drawing import shaping
from .drawing.charts import Chart, NoChart, Refused, Wanted
from .drawing.shaping import Value
from .regions import key_of

ONLY = N_("Only rows with %(region)s in the column “%(column)s” are drawn.")
NO_SUCH_ROWS = N_("The table has no rows of this region in this period.")


@dataclass(frozen=True)
class Region:
    """A region that may be drawn alone: the column that names it, and its rows."""

    place: Place
    column: Seen
    rows: list[int]


@dataclass(frozen=True)
class Table:
    """A table as it is narrowed: its columns."""

    seen: Sequence[Seen]

    @cached_property
    def _parts(self) -> tuple[list[int], list[Message]]:
        return shaping.parts_of(self.seen)

    @property
    def rows(self) -> list[int]:
        """Return the rows that hold parts alone."""
        return self._parts[0]

    @property
    def notes(self) -> list[Message]:
        """Return what was left out of them."""
        return self._parts[1]

    @cached_property
    def regions(self) -> Mapping[str, Region]:
        """Return the regions by their codes, in their order.

        One that stands in several columns is narrowed by the first, and names come before codes.
        """
        found: dict[str, Region] = {}
        for role in (Role.REGION, Role.REGION_CODE):
            for one in (s for s in self.seen if s.role is role):
                own: dict[str, Region] = {}
                for row in self.rows:
                    place = one.places.get(one.texts[row])
                    if place is not None and place.code not in found:
                        own.setdefault(place.code, Region(place, one, [])).rows.append(row)
                found |= own
        return dict(sorted(found.items()))

    @cached_property
    def timed(self) -> Mapping[str, tuple[Value, list[int]]]:
        """Return the periods of rows, as addresses name them and in order, with their rows."""
        found: dict[Value, list[int]] = {}
        values = shaping.periods_by_row(self.seen)
        for row in self.rows:
            value = values[row]
            if value is not None:
                found.setdefault(value, []).append(row)
        return {key_of(value): (value, found[value]) for value in sorted(found)}

    @cached_property
    def columns(self) -> Mapping[str, tuple[Value, Seen]]:
        """Return the periods that columns are of, where no row is of one: a column for each."""
        measures = shaping.measures_of(self.seen)
        found = [(p, m) for m in measures if (p := shaping.period_of_name(m.column)) is not None]
        if self.timed or len({p for p, _ in found}) < len(found):
            return {}
        return {key_of(p): (p, m) for p, m in sorted(found, key=lambda pair: pair[0])}

    @property
    def periods(self) -> dict[str, Value]:
        """Return the periods that may be drawn alone, as addresses name them and in order."""
        return {key: value for key, (value, _) in (self.timed or self.columns).items()}

    def offered(self, measure: str) -> tuple[dict[str, Place], dict[str, Value]]:
        """Return the regions and periods for which a measure has two numbers told apart."""
        columns = together(self.seen, measure)
        keys = shaping.keys_by_row(self.seen)

        def draws(rows: Sequence[int], of: Iterable[Seen] = columns) -> bool:
            told = {(m.name, keys[r]) for m in of for r in rows if m.numbers[r] is not None}
            return len(told) > 1

        def apart(rows: Sequence[int]) -> bool:
            return len(rows) < len(self.rows) and draws(rows)

        regions = {code: r.place for code, r in self.regions.items() if apart(r.rows)}
        periods = {key: value for key, (value, rows) in self.timed.items() if apart(rows)}
        if len(self.columns) > 1:
            periods = {k: value for k, (value, m) in self.columns.items() if draws(self.rows, [m])}
        return regions, periods

    def chart(self, measure: str, region: str = "", period: str = "") -> Chart | NoChart:
        """Return the chart of a part, which says of which region and period it is.

        :param measure: the column that is drawn; of a period that has a column, that one is.
        :param region: the code of a region, empty for all.
        :param period: a period as :func:`.regions.key_of` names it, empty for all.
        """
        rows = self.rows
        one = self.regions[region] if region else None
        if one is not None:
            rows = one.rows
        if period in self.timed:
            here = set(self.timed[period][1])
            rows = [row for row in rows if row in here]
        if not rows:
            return NoChart(Message(NO_SUCH_ROWS))
        seen, fixed, named = list(self.seen), self._single(rows, region, period), None
        if period in self.columns:
            value, column = self.columns[period]
            others = {m.name for _, m in self.columns.values()} - {column.name}
            seen = [s for s in seen if s.name not in others]
            measure, named = column.name, shaping.without_period(column.column)
            fixed = [("", value), *fixed]
        try:
            made = choose([_rows_of(s, rows) for s in seen], Wanted(measure=measure))
        except Refused:
            return NoChart(Message(ALL_WITHHELD))
        if isinstance(made, NoChart):
            return made
        notes = list(self.notes)
        if one is not None:
            told = {"region": one.place.name, "column": one.column.column.shown}
            notes.insert(0, Message(ONLY, told))
            if not any(self._code(value) == region for _, value in made.fixed):
                fixed.insert(0, (one.column.column.shown, one.place.name))
        return replace(
            made,
            notes=[*notes, *made.notes],
            fixed=[*made.fixed, *fixed],
            measure=made.measure if named is None else named,
        )

    def _code(self, value: Value) -> str:
        """Return the code of a region by what stands in the table, or by its name."""
        for one in self.seen:
            for text, place in one.places.items():
                if value in (text, place.name):
                    return place.code
        return ""

    def _single(self, rows: list[int], region: str, period: str) -> list[tuple[str, Value]]:
        """Return what else is the same in these rows, and need not be for such a part."""
        found: list[tuple[str, Value]] = []
        for one in (s for s in self.seen if s.role is Role.CATEGORY):
            here = {one.texts[row] for row in rows}
            if len(here) != 1 or here == {""}:
                continue
            told = self._told_by(region, period)
            pairs = {(told(row), one.texts[row]) for row in self.rows}
            if len(pairs) > len({key for key, _ in pairs}):
                found.append((one.column.shown, here.pop()))
        return found

    def _told_by(self, region: str, period: str) -> Callable[[int], Any]:
        column = self.regions[region].column if region else None
        values = shaping.periods_by_row(self.seen) if period in self.timed else None

        def told(row: int) -> Any:
            return column and column.texts[row], values and values[row]

        return told


def _rows_of(one: Seen, rows: Sequence[int]) -> Seen:
    def kept(values: Sequence[Any]) -> list[Any]:
        return [values[r] for r in rows] if values else []

    texts = kept(one.texts)
    here = set(texts)
    return replace(
        one,
        texts=texts,
        numbers=kept(one.numbers),
        periods=kept(one.periods),
        places={text: place for text, place in one.places.items() if text in here},
    )
