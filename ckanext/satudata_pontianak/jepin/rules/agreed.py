"""Reads ``schemas/agreed_data.yaml``: a list of agreed data, and where each row stands. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

import msgspec

from ... import days, paths
from ...classification.incidents.fields import PERSONAL, Kinds
from ...msgids import N_
from ...surface.yaml_source import Days, Labelled, Positive, Source, Text
from .columns import Column, ListRow, Outcome, cells_of

CODE, AGENCY, TITLE, FREQUENCY, DUE, PRIORITY, DATASET = COLUMNS = (
    "code",
    "agency",
    "title",
    "frequency",
    "due",
    "priority",
    "dataset",
)
WRITTEN = (CODE, TITLE)
YES, NO = "ya", "tidak"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]*")
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?")
"""How a cell that holds a day comes out of a workbook."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
"""No week of ISO 8601 (``2026-W47-2``), which is as long."""

NO_CODE = N_("Give a code of letters, digits, dots, dashes and slashes, %(count)s characters.")
NO_AGENCY = N_("Name the agency that owes it.")
NO_TITLE = N_("Give a title in one line, %(count)s characters.")
NO_FREQUENCY = N_("Give one of: %(choices)s.")
NO_DAY = N_("Give a day such as 24/11/2026.")
OTHER_DAY = N_("Give a day from %(low)s to %(high)s.")
NO_PRIORITY = N_("Give ya or tidak.")
TWICE = N_("Another row has this code.")


class Standing(StrEnum):
    """Where a row of the list stands.

    ``AHEAD``: its day is not near. ``SOON``: it comes within days of the definition. ``LATE``: it
    has passed. ``MET``: data came by then. ``MET_LATE``: they came afterwards.
    """

    AHEAD = "ahead"
    SOON = "soon"
    LATE = "late"
    MET = "met"
    MET_LATE = "met_late"


OWED = frozenset({Standing.AHEAD, Standing.SOON, Standing.LATE})
"""Where something has still to be done."""


class Reminder(StrEnum):
    """Of what somebody is reminded: a day that is near, one that has passed, or long ago."""

    NEAR = "near"
    PAST = "past"
    LONG_PAST = "long_past"


@dataclass(frozen=True)
class Stage:
    """A reminder of one of the days of the definition, counted from the day of the schedule."""

    days: int
    kind: Reminder


class Years(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of which years a list may be, from the present one."""

    back: Days
    ahead: Days


@dataclass(frozen=True)
class Line:
    """What a row says, of an agency by its id."""

    agency: str
    title: str
    frequency: str
    due: dt.date
    priority: bool = False
    dataset: str = ""
    """The name of the dataset that fulfils it; empty: nothing is said of it."""


@dataclass
class AgreedRow(ListRow):
    """A row of a list: its cells as they were read; ``empty``: it has a code and nothing else."""

    code: str = ""
    agency: str = ""
    title: str = ""
    frequency: str = ""
    due: dt.date | None = None
    priority: bool = False
    dataset: str = ""
    empty: bool = False

    def line(self, agency_id: str) -> Line | None:
        """Return what it says; ``None`` where it says nothing, or something is wrong."""
        if self.empty or self.errors or self.due is None:
            return None
        return Line(agency_id, self.title, self.frequency, self.due, self.priority, self.dataset)


class Agreed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    years: Years
    rows: Positive
    after: Days
    soon_days: Days
    remind: Annotated[tuple[int, ...], msgspec.Meta(min_length=1)]
    caught_up_days: Positive
    standings: dict[Standing, Labelled]
    columns: dict[str, Column]

    @classmethod
    def of(cls, source: Source) -> Agreed:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        file = source.shaped(cls)
        gaps = zip(file.remind, file.remind[1:], strict=False)
        apart = all(after - before >= file.caught_up_days for before, after in gaps)
        source.require(
            "reminders in their order, further apart than days are caught up", apart, "remind"
        )
        source.whole("standing", Standing, file.standings, "standings")
        source.exactly("column", COLUMNS, file.columns, "columns")
        for name, column in file.columns.items():
            bounded = (column.most is not None) == (name in WRITTEN)
            source.require(
                "of what is written freely, and of no other: 'most'", bounded, "columns", name
            )
        once = len({column.heading for column in file.columns.values()}) == len(COLUMNS)
        source.require("a heading stands twice", once, "columns")
        return file

    @property
    def headings(self) -> list[str]:
        """Return the headings of a list, in order."""
        return [self.columns[name].heading for name in COLUMNS]

    def span(self, today: dt.date) -> tuple[int, int]:
        """Return the first and the last year of which a list may be."""
        return today.year - self.years.back, today.year + self.years.ahead

    def read(
        self,
        rows: Iterable[Mapping[str, str]],
        year: int,
        frequencies: Collection[str],
        kinds_in: Kinds,
    ) -> list[AgreedRow]:
        """Return the rows of a list of a year, with what is wrong with each by itself.

        A row that has a code and nothing else takes away what stands under it.

        :param frequencies: the codes of how often something may be published.
        :param kinds_in: gives the labels of hard identifiers in a text: such a text is refused.
        """
        reading = _Reading(self, year, frequencies, kinds_in)
        found, seen = [], set[str]()
        for number, cells in cells_of(rows, self.columns):
            row = reading.row(number, cells)
            if row.code and row.code in seen:
                row.wrong(CODE, TWICE)
            seen.add(row.code)
            found.append(row)
        return found

    def standing(self, due: dt.date, today: dt.date, met: dt.date | None) -> Standing:
        """Return where a row stands.

        :param due: the day of its schedule; data that come on it come in time.
        :param met: the day on which its data came (:func:`met_on`).
        """
        if met is not None:
            return Standing.MET if met <= due else Standing.MET_LATE
        if today > due:
            return Standing.LATE
        return Standing.SOON if (due - today).days <= self.soon_days else Standing.AHEAD

    def reminder(self, due: dt.date, today: dt.date) -> Stage | None:
        """Return the reminder whose day it is, or was a few days ago; ``None``: there is none.

        A few days are caught up, so that a clock that stood still leaves nobody out; a list that
        is brought long after its days reminds nobody of them.
        """
        passed = (today - due).days
        for day in self.remind:
            if 0 <= passed - day < self.caught_up_days:
                last = day == self.remind[-1] and day > 0
                past = Reminder.LONG_PAST if last else Reminder.PAST
                return Stage(day, past if day > 0 else Reminder.NEAR)
        return None

    def reminded(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """Return the first and the last day of a schedule of which somebody may be reminded."""
        span = dt.timedelta(days=self.remind[-1] + self.caught_up_days)
        return today - span, today - dt.timedelta(days=self.remind[0])


@dataclass(frozen=True)
class _Reading:
    """What the rows of one list are read by."""

    rules: Agreed
    year: int
    frequencies: Collection[str]
    kinds_in: Kinds

    def row(self, number: int, cells: Mapping[str, str]) -> AgreedRow:
        row = AgreedRow(number)
        most = self.rules.columns[CODE].most or 0
        row.code = self._written(row, CODE, cells[CODE])
        if not _CODE.fullmatch(cells[CODE]) or len(cells[CODE]) > most:
            row.wrong(CODE, NO_CODE, count=most)
            row.code = ""
        row.empty = not any(cells[name] for name in COLUMNS if name != CODE)
        if row.empty:
            return row
        row.agency, row.dataset = cells[AGENCY], cells[DATASET]
        if not row.agency:
            row.wrong(AGENCY, NO_AGENCY)
        self._title(row, " ".join(cells[TITLE].split()))
        row.frequency = cells[FREQUENCY].lower()
        if row.frequency not in self.frequencies:
            row.wrong(FREQUENCY, NO_FREQUENCY, choices=", ".join(self.frequencies))
        self._due(row, cells[DUE])
        said = cells[PRIORITY].lower()
        row.priority = said == YES
        if said not in ("", YES, NO):
            row.wrong(PRIORITY, NO_PRIORITY)
        return row

    def _title(self, row: AgreedRow, text: str) -> None:
        most = self.rules.columns[TITLE].most or 0
        if not 0 < len(text) <= most:
            row.wrong(TITLE, NO_TITLE, count=most)
            return
        row.title = self._written(row, TITLE, text)

    def _written(self, row: AgreedRow, key: str, text: str) -> str:
        if kinds := self.kinds_in(text):
            row.wrong(key, PERSONAL, kinds=", ".join(kinds))
            return ""
        return text

    def _due(self, row: AgreedRow, text: str) -> None:
        row.due = day_of(text)
        low, high = dt.date(self.year, 1, 1), dt.date(self.year + self.rules.after, 12, 31)
        if row.due is None:
            row.wrong(DUE, NO_DAY)
        elif not low <= row.due <= high:
            row.wrong(DUE, OTHER_DAY, low=days.written(low), high=days.written(high))


def day_of(text: str) -> dt.date | None:
    """Return the day that a cell names; ``None`` where it names none.

    As Indonesians write days (:func:`.days.iso`), or as a workbook keeps them.
    """
    said = days.iso(text)
    midnight = _MIDNIGHT.fullmatch(said)
    said = midnight[1] if midnight else said
    try:
        return dt.date.fromisoformat(said) if _DAY.fullmatch(said) else None
    except ValueError:
        return None


def met_on(came: Iterable[dt.date], year: int) -> dt.date | None:
    """Return the day on which a row of a year was fulfilled; ``None`` where it was not.

    :param came: the days on which data of its dataset were decided for the first time. What came
        before the year began fulfils nothing of it: a description that is touched, or a decision
        that is renewed, brings no data.
    """
    return min((day for day in came if day.year >= year), default=None)


def outcome(before: Line | None, after: Line | None) -> Outcome:
    """Return what becomes of a row; where its code stands alone it goes.

    :param before: what stands there, if anything does.
    """
    if before == after:
        return "same"
    if before is None:
        return "new"
    return "changed" if after is not None else "gone"


def counted(standings: Iterable[Standing]) -> dict[Standing, int]:
    """Return how many rows stand where; every standing is there."""
    found = Counter(standings)
    return {each: found[each] for each in Standing}


@lru_cache(maxsize=1)
def agreed() -> Agreed:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Agreed.of(Source.read(paths.schemas() / "agreed_data.yaml"))
