"""Days as Indonesians write them are read; everything else is left to who reads it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.messages import Message


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("30/11/2026", "2026-11-30"),
        ("1-2-2026", "2026-02-01"),
        ("01.02.2026", "2026-02-01"),
        (" 30 November 2026 ", "2026-11-30"),
        ("1 agustus 2026", "2026-08-01"),
        ("1 Agu 2026", "2026-08-01"),
        ("24 Nopember 2026", "2026-11-24"),
        ("3 Pebruari 2026", "2026-02-03"),
        ("5 Sept. 2026", "2026-09-05"),
        ("30/11/2026 07.00", "2026-11-30 07:00"),
        ("30 November 2026 pukul 7.05 WIB", "2026-11-30 07:05"),
        ("2026-11-30 07.00", "2026-11-30 07:00"),
        ("2026-11-30", "2026-11-30"),
        ("2026-11-30T07:00:00+07:00", "2026-11-30T07:00:00+07:00"),
    ],
)
def test_it_is_turned_into_iso(text, iso) -> None:
    assert days.iso(text) == iso


def test_a_text_says_a_day_as_it_is_written_and_a_moment_by_the_citys_clock() -> None:
    assert days.written(dt.date(2026, 2, 1)) == "01/02/2026"
    moment = dt.datetime(2026, 11, 30, 18, 5, tzinfo=dt.UTC)
    assert days.written(moment) == "01/12/2026 01.05"
    assert days.iso(days.written(moment)) == "2026-12-01 01:05"
    said = Message("Choose a day from %(first)s to %(last)s.", {"first": moment.date(), "last": ""})
    assert said.text() == "Choose a day from 30/11/2026 to ."


@pytest.mark.parametrize(
    "text", ["", "besok", "30/11/26", "30/11-2026", "30 Nonember 2026", "11/2026", "x" * 100_000]
)
def test_what_is_no_day_stays_as_it_is(text) -> None:
    assert days.iso(text) == text


@given(st.dates(min_value=dt.date(1000, 1, 1)), st.sampled_from(("/", "-", ".")))
def test_every_day_comes_back(day, mark) -> None:
    written = f"{day.day}{mark}{day.month}{mark}{day.year}"
    assert dt.date.fromisoformat(days.iso(written)) == day
    words = f"{day.day} {days.MONTHS[day.month - 1].title()} {day.year}"
    assert dt.date.fromisoformat(days.iso(words)) == day


@given(st.text(max_size=60))
def test_no_text_breaks_it(text) -> None:
    assert isinstance(days.iso(text), str)
