"""Dates, numbers and sizes as people of the city write them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from ckanext.satudata_pontianak.portal.web import formats

CITY = ZoneInfo("Asia/Pontianak")


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("2026-11-24", "id", "24 November 2026"),
        ("2026-11-24", "en", "24 November 2026"),
        ("2026-12-01", "id", "1 Desember 2026"),
        ("2026-12-01", "en", "1 December 2026"),
        (dt.date(2026, 8, 17), "id", "17 Agustus 2026"),
        ("2026-11-24T23:30:00+00:00", "id", "24 November 2026"),
        ("2026-11-24", "tidak-ada", "24 November 2026"),
        ("2026-11-24", None, "24 November 2026"),
        (None, "id", ""),
        ("", "id", ""),
        ("kemarin", "id", ""),
        (20261124, "id", ""),
    ],
)
def test_a_date_is_written_in_words(value, language, expected) -> None:
    assert formats.day(value, language) == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("2026-11-24T05:30:00+00:00", "id", "24 November 2026, 12.30 WIB"),
        ("2026-11-24T05:30:00+00:00", "en", "24 November 2026, 12:30 WIB"),
        ("2026-11-24T05:30:00", "id", "24 November 2026, 12.30 WIB"),
        # The day of the city, not of the server.
        ("2026-11-24T23:30:00+00:00", "id", "25 November 2026, 06.30 WIB"),
        (dt.datetime(2026, 11, 24, 5, 30, tzinfo=dt.UTC), "id", "24 November 2026, 12.30 WIB"),
        (None, "id", ""),
        ("kemarin", "id", ""),
    ],
)
def test_a_moment_is_told_on_the_clock_of_the_city(value, language, expected) -> None:
    assert formats.moment(value, language, CITY) == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (1234.5, "id", "1.234,5"),
        (1234.5, "en", "1,234.5"),
        (0, "id", "0"),
        (1000000, "id", "1.000.000"),
    ],
)
def test_a_number_has_the_marks_of_the_language(value, language, expected) -> None:
    assert formats.number(value, language) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0 B"),
        (1023, "1.023 B"),
        (1024, "1 KB"),
        (1536, "1,5 KB"),
        (20 * 1024**2, "20 MB"),
        (1024**4, "1 TB"),
        (3000 * 1024**4, "3.000 TB"),
        (None, ""),
    ],
)
def test_a_size_is_rounded_for_people(value, expected) -> None:
    assert formats.size(value, "id") == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        # The day of the city, also where it is not the server's.
        ("2026-11-24T23:30:00", "id", "25 November 2026"),
        ("2026-12-01T01:00:00+00:00", "en", "1 December 2026"),
        ("2026-11-24", "id", "24 November 2026"),
        (dt.date(2026, 11, 24), "id", "24 November 2026"),
        (None, "id", ""),
        ("2026", "id", ""),
    ],
)
def test_a_moment_has_a_day_in_the_city(value, language, expected) -> None:
    assert formats.local_day(value, language, CITY) == expected


def test_seconds_are_told_where_asked_for() -> None:
    assert formats.moment("2026-11-24T05:30:09", "id", CITY, True) == (
        "24 November 2026, 12.30.09 WIB"
    )


NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (NOW - dt.timedelta(days=3), "3 hari yang lalu", "3 days ago"),
        (NOW - dt.timedelta(days=1), "1 hari yang lalu", "1 day ago"),
        (NOW - dt.timedelta(days=70), "2 bulan yang lalu", "2 months ago"),
        (NOW + dt.timedelta(hours=2), "dalam 2 jam", "in 2 hours"),
        (NOW.replace(tzinfo=None) - dt.timedelta(minutes=5), "5 menit yang lalu", "5 minutes ago"),
        (NOW, "", ""),
    ],
)
def test_how_long_ago_is_told_in_the_language(value, indonesian, english) -> None:
    assert formats.ago(value, NOW, "id") == indonesian
    assert formats.ago(value, NOW, "en") == english


def test_names_stand_as_in_a_dictionary() -> None:
    names = ["kota", "Église", "Dinas", "dataset", "Zona", "eceran"]
    assert sorted(names, key=formats.order) == [
        "dataset",
        "Dinas",
        "eceran",
        "Église",
        "kota",
        "Zona",
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("135.81", "135,81"),
        ("-1234567.891011", "-1.234.567,891011"),
        ("14000", "14.000"),
        ("", ""),
        ("1e5", "1e5"),
        ("n/a", "n/a"),
    ],
)
def test_a_figure_keeps_all_its_digits_and_what_is_none_stays(text, written):
    assert formats.figure(text, "id") == written
