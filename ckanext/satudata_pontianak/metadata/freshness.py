"""How current figures are: when the next ones are due, and from when on they are late.

Pure: reads ``schemas/freshness.yaml`` and knows nothing of CKAN. What counts is when *data* came
last, never when somebody corrected a description: touching metadata makes nothing fresh.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.surface import days, yaml_text

MONTHS = 12


class Freshness(StrEnum):
    """Whether the figures of a dataset are as new as its publisher promised.

    ``FRESH``: the next ones are not due yet, or never will be. ``DUE``: their day has come and
    the days of grace run. ``LATE``: these are over. ``UNKNOWN``: no promise, or no data.
    """

    FRESH = "fresh"
    DUE = "due"
    LATE = "late"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    """What one frequency of publication promises."""

    days: int = 0
    months: int = 0
    grace: int = 0
    never: bool = False

    @property
    def promises(self) -> bool:
        """Whether a next day follows from the last one."""
        return bool(self.days or self.months)


@dataclass(frozen=True)
class Rules:
    """The rules of all frequencies, and what each answer is called (English msgids)."""

    frequencies: Mapping[str, Rule]
    labels: Mapping[Freshness, str]


def read(content: Mapping[str, Any]) -> Rules:
    """Return the rules in a parsed ``freshness.yaml``.

    :raises ValueError: a period without days or months, both of them, a negative number, or a
        state without a label.
    """
    found = {}
    for name, said in content["frequencies"].items():
        every = said.get("every") or {}
        rule = Rule(
            days=int(every.get("days", 0)),
            months=int(every.get("months", 0)),
            grace=int(said.get("grace", 0)),
            never=bool(said.get("never", False)),
        )
        unlike = [bool(rule.days), bool(rule.months), rule.never].count(True) > 1
        if (
            unlike
            or min(rule.days, rule.months, rule.grace) < 0
            or ("every" in said) != rule.promises
        ):
            raise ValueError(f"freshness.yaml, {name}: give days or months, or `never`")
        found[str(name)] = rule
    labels = {state: content["states"].get(state.value, {}).get("label") for state in Freshness}
    if not all(labels.values()):
        raise ValueError("freshness.yaml, states: each state needs a label")
    return Rules(found, labels)


@cache
def rules() -> Rules:
    """Return the rules that come with the package."""
    return read(yaml_text.read(paths.schemas() / "freshness.yaml"))


def next_release(
    frequency: str | None, last_update: dt.date | None, scheduled: dt.date | None = None
) -> dt.date | None:
    """Return the day on which the next figures are due; ``None`` where nothing says so.

    :param frequency: value of ``frekuensi_penerbitan``.
    :param last_update: the day on which data came last.
    :param scheduled: ``jadwal_rilis``, the day that the publisher named. It counts until data
        come on it or later; then the frequency counts from there.
    """
    if scheduled is not None and (last_update is None or last_update < scheduled):
        return scheduled
    rule = rules().frequencies.get(frequency or "", Rule())
    if last_update is None or not rule.promises:
        return None
    return _after(last_update, rule)


def freshness(
    frequency: str | None,
    last_update: dt.date | None,
    today: dt.date,
    scheduled: dt.date | None = None,
) -> Freshness:
    """Return whether figures are fresh, due, late, or whether that cannot be said.

    :param frequency: value of ``frekuensi_penerbitan``; an unknown one promises nothing.
    :param last_update: the day on which data came last; ``None`` where none came.
    :param today: the day for which it is asked, in the city's calendar.
    :param scheduled: as in :func:`next_release`.
    """
    rule = rules().frequencies.get(frequency or "", Rule())
    due = next_release(frequency, last_update, scheduled)
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
    came = [
        _day(resource.get("last_modified")) or _day(resource.get("created"))
        for resource in dataset.get("resources") or ()
    ]
    return max((day for day in came if day is not None), default=None)


def of_dataset(dataset: Mapping[str, Any], today: dt.date) -> Freshness:
    """Return how current a dataset is, from the fields that ``package_show`` gives."""
    return freshness(
        dataset.get("frekuensi_penerbitan"),
        last_update(dataset),
        today,
        _day(dataset.get("jadwal_rilis")),
    )


def next_of_dataset(dataset: Mapping[str, Any]) -> dt.date | None:
    """Return the day of the next release of a dataset, from what ``package_show`` gives."""
    return next_release(
        dataset.get("frekuensi_penerbitan"),
        last_update(dataset),
        _day(dataset.get("jadwal_rilis")),
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


def _after(day: dt.date, rule: Rule) -> dt.date:
    """Return the day one period later; the last day of a shorter month, never past the calendar."""
    try:
        if rule.days:
            return day + dt.timedelta(days=rule.days)
        year, month = divmod(day.year * MONTHS + day.month - 1 + rule.months, MONTHS)
        last = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(day.day, last))
    except (OverflowError, ValueError):
        return dt.date.max


def _day(value: Any) -> dt.date | None:
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
