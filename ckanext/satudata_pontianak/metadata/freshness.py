"""How current figures are: when the next ones are due, and from when on they are late.

Pure: reads ``schemas/freshness.yaml`` and knows nothing of CKAN. What counts is when *data* came
last, never when somebody corrected a description: touching metadata makes nothing fresh. Nor does
a file that comes again with the old figures: where the rows tell of their period, the figures of
the next one are due when they have had a whole period to be made.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.surface.yaml_source import Days, Labelled, Source

from .. import days

MONTHS = 12
NEWEST = "satudata_newest"
"""Of a file in ``package_show``: the last day of the newest period in its rows."""


class Freshness(StrEnum):
    """Whether the figures of a dataset are as new as its publisher promised.

    ``FRESH``: the next ones are not due yet, or never will be. ``DUE``: their day has come and
    the days of grace run. ``LATE``: these are over. ``UNKNOWN``: no promise, or no data.
    """

    FRESH = "fresh"
    DUE = "due"
    LATE = "late"
    UNKNOWN = "unknown"


class Every(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A period: of days, or of months."""

    days: Days = 0
    months: Days = 0


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one frequency of publication promises."""

    every: Every | None = None
    grace: Days = 0
    never: bool = False
    code: str = ""
    """What linked data call it: of the frequencies of the EU's Publications Office."""


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of all frequencies, and what each answer is called (English msgids)."""

    version: int
    states: dict[Freshness, Labelled]
    frequencies: dict[str, Rule]

    @classmethod
    def of(cls, source: Source) -> Rules:
        """Return what ``source`` holds, checked.

        :raises DefinitionError: naming file, line and reason.
        """
        found = source.shaped(cls)
        source.whole("state", Freshness, found.states, "states")
        for name, rule in found.frequencies.items():
            said = [rule.every.days > 0, rule.every.months > 0] if rule.every else [False, True]
            good = sum(said) == 1 and not (rule.every and rule.never)
            reason = "give days or months, or 'never'"
            source.require(reason, good, "frequencies", name)
        return found

    @property
    def labels(self) -> dict[Freshness, str]:
        """What each answer is called."""
        return {state: said.label for state, said in self.states.items()}


@cache
def rules() -> Rules:
    """Return the rules that come with the package."""
    return Rules.of(Source.read(paths.schemas() / "freshness.yaml"))


def next_release(
    frequency: str | None,
    last_update: dt.date | None,
    scheduled: dt.date | None = None,
    newest: dt.date | None = None,
) -> dt.date | None:
    """Return the day on which the next figures are due; ``None`` where nothing says so.

    :param frequency: value of ``frekuensi_penerbitan``.
    :param last_update: the day on which data came last.
    :param scheduled: ``jadwal_rilis``, the day that the publisher named. It counts until data
        come on it or later; then the frequency counts from there.
    :param newest: the last day of the newest period in the data, where they tell it.
    """
    if scheduled is not None and (last_update is None or last_update < scheduled):
        return scheduled
    rule = rules().frequencies.get(frequency or "", Rule())
    if last_update is None or rule.every is None:
        return None
    due = _after(last_update, rule.every)
    if newest is None:
        return due
    # The next period ends, and another one passes in which its figures are made.
    return min(due, _after(_after(newest, rule.every), rule.every))


def freshness(
    frequency: str | None,
    last_update: dt.date | None,
    today: dt.date,
    scheduled: dt.date | None = None,
    newest: dt.date | None = None,
) -> Freshness:
    """Return whether figures are fresh, due, late, or whether that cannot be said.

    :param frequency: value of ``frekuensi_penerbitan``; an unknown one promises nothing.
    :param last_update: the day on which data came last; ``None`` where none came.
    :param today: the day for which it is asked, in the city's calendar.
    :param scheduled: as in :func:`next_release`.
    :param newest: as in :func:`next_release`.
    """
    rule = rules().frequencies.get(frequency or "", Rule())
    due = next_release(frequency, last_update, scheduled, newest)
    if due is None:
        return Freshness.FRESH if rule.never and last_update is not None else Freshness.UNKNOWN
    if today < due:
        return Freshness.FRESH
    return Freshness.DUE if (today - due).days <= rule.grace else Freshness.LATE


def last_update(dataset: Mapping[str, Any]) -> dt.date | None:
    """Return the day on which data of a dataset came last, as ``package_show`` tells of it.

    The newest of its files counts, by when its bytes changed or when it was made; a file whose
    description was corrected is not newer for it. ``None`` where no file is told of.
    """
    return max((day for day, _ in _files(dataset)), default=None)


def newest_period(dataset: Mapping[str, Any]) -> dt.date | None:
    """Return the last day of the newest period in the data that the reader of a dataset has."""
    return newest_told(_files(dataset))


def newest_told(files: Iterable[tuple[dt.date, dt.date | None]]) -> dt.date | None:
    """Return the last day of the newest period that files tell of.

    Where one came later than all that tell, and is silent, its figures may be newer: then nothing
    is certain.

    :param files: the day on which each came, and the last day of the newest period in it.
    """
    known = list(files)
    told = [(came, newest) for came, newest in known if newest is not None]
    if not told or max(came for came, _ in known) > max(came for came, _ in told):
        return None
    return max(newest for _, newest in told)


def _files(dataset: Mapping[str, Any]) -> Iterator[tuple[dt.date, dt.date | None]]:
    for resource in dataset.get("resources") or ():
        came = day_of(resource.get("last_modified")) or day_of(resource.get("created"))
        if came is not None:
            yield came, day_of(resource.get(NEWEST))


def of_dataset(dataset: Mapping[str, Any], today: dt.date) -> Freshness:
    """Return how current a dataset is, from the fields that ``package_show`` gives."""
    return freshness(
        dataset.get("frekuensi_penerbitan"),
        last_update(dataset),
        today,
        day_of(dataset.get("jadwal_rilis")),
        newest_period(dataset),
    )


def next_of_dataset(dataset: Mapping[str, Any]) -> dt.date | None:
    """Return the day of the next release of a dataset, from what ``package_show`` gives."""
    return next_release(
        dataset.get("frekuensi_penerbitan"),
        last_update(dataset),
        day_of(dataset.get("jadwal_rilis")),
        newest_period(dataset),
    )


def indexed(dataset: Mapping[str, Any]) -> dict[str, str]:
    """Return what the search index keeps of a dataset, so that freshness is never out of date.

    States change with the calendar and no document is written again for that, so the index keeps
    days: ``satudata_data_day`` (data came last), ``satudata_due_day`` (the next are due) and
    ``satudata_late_day`` (from then on they are late). What is never due again is due on the
    last day of the calendar; what promises nothing has neither of the two. They are words such as
    ``2026-11-25``, which Solr counts, sorts and compares in the order of time.
    """
    rule = rules().frequencies.get(dataset.get("frekuensi_penerbitan") or "", Rule())
    last, due = last_update(dataset), next_of_dataset(dataset)
    if due is None and rule.never and last is not None:
        due = dt.date.max
    found = {"satudata_data_day": last, "satudata_due_day": due}
    if due is not None:
        left = (dt.date.max - due).days
        found["satudata_late_day"] = due + dt.timedelta(days=min(rule.grace + 1, left))
    return {name: day.isoformat() for name, day in found.items() if day}


def _after(day: dt.date, every: Every) -> dt.date:
    """Return the day one period later; the last day of a shorter month, never past the calendar."""
    try:
        if every.days:
            return day + dt.timedelta(days=every.days)
        year, month = divmod(day.year * MONTHS + day.month - 1 + every.months, MONTHS)
        last = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(day.day, last))
    except (OverflowError, ValueError):
        return dt.date.max


def day_of(value: Any) -> dt.date | None:
    """Return the day of a date, or of a moment by the city's clock; CKAN keeps moments in UTC."""
    text = str(value) if value else ""
    try:
        if len(text) <= len("2026-11-24"):
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    known = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return known.astimezone(days.CITY).date()
