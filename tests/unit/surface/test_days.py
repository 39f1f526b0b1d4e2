"""Days as Indonesians write them are read; everything else is left to who reads it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.surface import days


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("30/11/2026", "2026-11-30"),
        ("1-2-2026", "2026-02-01"),
        ("01.02.2026", "2026-02-01"),
        (" 30 November 2026 ", "2026-11-30"),
        ("1 agustus 2026", "2026-08-01"),
        ("1 Agu 2026", "2026-08-01"),
        ("30/11/2026 07.00", "2026-11-30 07:00"),
        ("30 November 2026 pukul 7.05 WIB", "2026-11-30 07:05"),
        ("2026-11-30 07.00", "2026-11-30 07:00"),
        ("2026-11-30", "2026-11-30"),
        ("2026-11-30T07:00:00+07:00", "2026-11-30T07:00:00+07:00"),
    ],
)
def test_it_is_turned_into_iso(text, iso) -> None:
    assert days.iso(text) == iso


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
