"""Deadlines: what is told before and after them, over ten years, against another reckoning."""

from __future__ import annotations

import datetime as dt

import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.clock import due_rules
from ckanext.satudata_pontianak.classification.clock.due_rules import Stage
from ckanext.satudata_pontianak.classification.rules import deadlines
from ckanext.satudata_pontianak.classification.rules import holidays as holiday_file
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

FIRST, LAST = dt.date(2026, 11, 24), dt.date(2036, 11, 24)
DAYS = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
OFF = np.array(sorted(holidays.country_holidays("ID", years=range(2025, 2039))), dtype="datetime64")
WARN = 2

some_days = st.dates(FIRST, LAST)


def works(day: dt.date) -> bool:
    """Tell by another library whether agencies work on a day."""
    return bool(np.is_busday(np.datetime64(day), holidays=OFF))


def after(day: dt.date, count: int) -> dt.date:
    """Return by another library the day that lies so many working days after another."""
    before = np.busday_offset(np.datetime64(day), 0, roll="backward", holidays=OFF)
    return np.busday_offset(before, count, holidays=OFF).astype(dt.date)


def test_every_deadline_of_ten_years_is_found_late_exactly_when_it_is() -> None:
    """Each day of ten years is somebody's deadline; each is told on the days that it must be."""
    told: dict[dt.date, list[tuple[Stage, dt.date]]] = {}
    for due in DAYS[::3]:
        seen: set[str] = set()
        for offset in range(-10, 8):
            today = due + dt.timedelta(days=offset)
            telling = due_rules.telling(due, today, WARN)
            assert (due_rules.stage(due, today, WARN) is Stage.LATE) == (today > due)
            assert due_rules.left(due, today).late == (today > due)
            if telling is not None and telling.about not in seen:
                seen.add(telling.about)
                told.setdefault(due, []).append((telling.stage, today))
    for due in DAYS[::3]:
        days = [due + dt.timedelta(days=offset) for offset in range(-10, 8)]
        soon = next(day for day in days if after(day, WARN) >= due)
        late = [(Stage.LATE, day) for day in days if day > due and works(day)]
        assert told[due] == [(Stage.SOON, soon), *late], due


@given(some_days, some_days)
def test_working_days_are_those_of_another_library(start: dt.date, end: dt.date) -> None:
    one = dt.timedelta(days=1)
    low, high = min(start, end), max(start, end)
    count = int(np.busday_count(low + one, high + one, holidays=OFF))
    assert deadlines.working_days_between(start, end) == (count if start <= end else -count)


@given(some_days, st.integers(0, 80))
def test_the_day_after_so_many_working_days_is_so_many_away(start: dt.date, days: int) -> None:
    end = deadlines.add_working_days(start, days)
    assert deadlines.working_days_between(start, end) == days
    if days:
        assert deadlines.is_working_day(end)


def test_what_has_no_deadline_is_never_late() -> None:
    assert due_rules.telling(None, FIRST, WARN) is None
    assert due_rules.stage(None, FIRST, WARN) is Stage.CALM


@given(st.integers(-80 * 60, 80 * 60))
def test_an_incident_is_told_by_hours_also_at_night_and_on_holidays(minutes: int) -> None:
    due = dt.datetime(2026, 12, 25, 3, 0, tzinfo=dt.UTC)
    telling = due_rules.incident_telling(due, due + dt.timedelta(minutes=minutes), 24)
    stage = telling.stage if telling else Stage.CALM
    expected = Stage.LATE if minutes > 0 else Stage.SOON if minutes >= -24 * 60 else Stage.CALM
    assert stage is expected
    if minutes > 0:
        assert telling is not None
        assert telling.about.endswith(f"+{minutes // (24 * 60)}")


def test_a_late_decision_is_told_again_after_the_days_of_the_file() -> None:
    due = dt.date(2027, 1, 8)
    days = [due + dt.timedelta(days=n) for n in range(1, 30)]
    told = {t.about for day in days if (t := due_rules.telling(due, day, 20, repeat_days=5))}
    working = sum(works(day) for day in days)
    assert len(told) == -(-working // 5)


YEARS = """
years:
  2027:
    holidays: {2027-04-05: "Cuti bersama"}
    working: [2027-05-01, 2027-01-01]
  2028:
    holidays: {2028-04-03: "Cuti bersama"}
"""


def test_a_file_changes_which_days_are_worked() -> None:
    days = holiday_file.overrides(Source("libur.yaml", YEARS))
    assert not works(dt.date(2027, 1, 1))
    assert works(dt.date(2027, 4, 5))
    try:
        deadlines.override(days.off, days.worked)
        assert deadlines.is_working_day(dt.date(2027, 1, 1))
        assert not deadlines.is_working_day(dt.date(2027, 4, 5))
        assert not deadlines.is_working_day(dt.date(2028, 4, 3))
        # A Saturday that is worked stays a Saturday: deadlines never end on one.
        assert not deadlines.is_working_day(dt.date(2027, 5, 1))
        assert deadlines.add_working_days(dt.date(2027, 4, 2), 1) == dt.date(2027, 4, 6)
    finally:
        deadlines.override()
    assert deadlines.is_working_day(dt.date(2027, 4, 5))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("years: [2027]", "'years': Expected `object`"),
        ("year: {}", "unknown key 'year'"),
        ("years: {2027: }", "'years': Expected `object`, got `null`"),
        ("years:\n  2027: {libur: []}", "line 2: 'years': unknown key 'libur'"),
        ("years: {'27': {working: []}}", "Expected `int`, got `str`"),
        ("years: {2027: {working: {2027-05-01: x}}}", "'working': Expected `array`"),
        ("years: {2027: {holidays: [2027-05-01]}}", "'holidays': Expected `object`"),
        ("years: {2027: {holidays: {2028-05-01: x}}}", "does not lie in 2027"),
        ("years: {2027: {holidays: {2027-13-01: x}}}", "is no date"),
        ("years: {2027: {holidays: {2027-05-01: }}}", "Expected `str`, got `null`"),
        ("years: {2027: {holidays: {2027-05-01T10:00:00: x}}}", "Expected `date`"),
        ("years: {2027: {holidays: {2027-05-03: x}, working: [2027-05-03]}}", "and worked"),
        ("years: {2027: {", "expected"),
    ],
)
def test_a_wrong_file_of_holidays_names_its_line(text: str, reason: str) -> None:
    with pytest.raises(DefinitionError) as error:
        holiday_file.overrides(Source("libur.yaml", text))
    assert reason in str(error.value)
    assert str(error.value).startswith("libur.yaml, line ")
