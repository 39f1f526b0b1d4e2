"""Years, dates, mailboxes: what is stored and what is refused, and why."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.metadata import formats


@pytest.mark.parametrize(
    ("given_value", "stored"),
    [
        ("2024", "2024"),
        (" 2024 ", "2024"),
        ("2019-2023", "2019-2023"),
        ("2019 - 2023", "2019-2023"),
        ("2019\u20132023", "2019-2023"),
        ("2019/2023", "2019-2023"),
        ("2024-2024", "2024"),
    ],
)
def test_years_are_stored_in_one_way(given_value: str, stored: str) -> None:
    assert formats.stored_years(given_value) == stored


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2023-2019", "years_order"),
        ("1899", "years_bounds"),
        ("2024-2101", "years_bounds"),
        ("24", "years_form"),
        ("2024-", "years_form"),
        ("2024-05", "years_form"),
        ("sejak 2019", "years_form"),
        ("2019-2020-2021", "years_form"),
    ],
)
def test_years_that_say_nothing_are_refused(value: str, code: str) -> None:
    with pytest.raises(formats.Malformed) as e:
        formats.years(value)
    assert e.value.code == code


@given(st.integers(1900, 2100), st.integers(1900, 2100))
def test_a_range_is_read_back_as_it_was_written(a: int, b: int) -> None:
    start, end = sorted((a, b))
    assert formats.years(formats.stored_years(f"{start}-{end}")) == (start, end)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("2026-03-31", "2026-03-31"),
        ("2026-03-31 00:00:00", "2026-03-31"),
        ("2026-03-31T10:30:00", "2026-03-31"),
        ("31/3/2026", "2026-03-31"),
        ("31 Maret 2026", "2026-03-31"),
        (date(2026, 3, 31), "2026-03-31"),
        (datetime(2026, 3, 31, 10), "2026-03-31"),  # noqa: DTZ001 - forms send it so
    ],
)
def test_dates_are_stored_as_days(value: str | date, stored: str) -> None:
    assert formats.stored_date(value) == stored


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("31-03-26", "date_form"),
        ("31-02-2026", "date_unknown"),
        ("2026", "date_form"),
        ("2026-3-1", "date_form"),
        ("besok", "date_form"),
        ("2026-02-30", "date_unknown"),
        ("2026-13-01", "date_unknown"),
    ],
)
def test_dates_that_are_none_are_refused(value: str, code: str) -> None:
    with pytest.raises(formats.Malformed) as e:
        formats.stored_date(value)
    assert e.value.code == code


@pytest.mark.parametrize(
    "value",
    ["data@dinkes.pontianak.go.id", " PPID@Contoh.Pontianak.go.id ", "bps6171@mail.bps.go.id"],
)
def test_mailboxes_of_offices_are_kept_in_small_letters(value: str) -> None:
    assert formats.stored_mailbox(value) == value.strip().lower()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("dinkes.ptk@gmail.com", "mailbox_free"),
        ("dinkes@yahoo.co.id", "mailbox_free"),
        ("dinkes@outlook.com", "mailbox_free"),
        ("dinkes@contoh.com", "mailbox_not_government"),
        ("dinkes@pontianak.go.id.contoh.com", "mailbox_not_government"),
        ("dinkes@evilgo.id", "mailbox_not_government"),
        ("dinkes", "mailbox_form"),
        ("dinkes@", "mailbox_form"),
        ("a b@pontianak.go.id", "mailbox_form"),
        ("a@b@pontianak.go.id", "mailbox_form"),
        ("a@pontianak..go.id", "mailbox_form"),
        ("<script>@pontianak.go.id", "mailbox_form"),
    ],
)
def test_other_mailboxes_are_refused(value: str, code: str) -> None:
    with pytest.raises(formats.Malformed) as e:
        formats.stored_mailbox(value)
    assert e.value.code == code
