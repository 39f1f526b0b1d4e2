"""File names, working days, canonical text."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.rules import deadlines, filenames
from ckanext.satudata_pontianak.ledger.canonical import canonical, digest_of


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "   ",
        "../../etc/passwd",
        "a\\b.csv",
        ".htaccess",
        "-rf.csv",
        "a\x00.csv",
        "a\n.csv",
        "data\u202evsc.exe",
        "<script>.csv",
        "a;rm.csv",
        "a'b.csv",
        "tanpa-akhiran",
        " a.csv",
        "x" * 201,
    ],
)
def test_hostile_names_are_refused(name: str | None) -> None:
    assert filenames.problem(name) is not None


@pytest.mark.parametrize(
    "name", ["data.csv", "Jumlah Penduduk 2025 (final).xlsx", "données.csv", "a.b.c.CSV"]
)
def test_ordinary_names_pass(name: str) -> None:
    assert filenames.problem(name) is None


@given(st.text(max_size=30))
def test_no_name_with_a_path_or_control_character_passes(name: str) -> None:
    if filenames.problem(name) is None:
        assert not set(name) & set("/\\\x00\n\r")
        assert not name.startswith(".")


def test_independence_day_and_weekends_are_no_working_days() -> None:
    assert not deadlines.is_working_day(dt.date(2026, 8, 17))
    assert not deadlines.is_working_day(dt.date(2026, 11, 28))
    assert deadlines.is_working_day(dt.date(2026, 11, 24))
    assert deadlines.add_working_days(dt.date(2026, 11, 27), 1) == dt.date(2026, 11, 30)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 40))
def test_deadlines_count_working_days(start: dt.date, days: int) -> None:
    end = deadlines.add_working_days(start, days)
    passed = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(deadlines.is_working_day(day) for day in passed) == days


def test_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        deadlines.add_working_days(dt.date(2026, 1, 1), -1)


def test_days_are_filled_one_after_another_and_only_working_days() -> None:
    friday, taken = dt.date(2026, 11, 27), {}
    for _ in range(7):
        day = deadlines.first_free(friday, taken, 3)
        taken[day] = taken.get(day, 0) + 1
    assert taken == {friday: 3, dt.date(2026, 11, 30): 3, dt.date(2026, 12, 1): 1}
    # A place that became free is given again before a later one.
    taken[dt.date(2026, 11, 30)] = 2
    assert deadlines.first_free(friday, taken, 3) == dt.date(2026, 11, 30)
    with pytest.raises(ValueError, match="at least one"):
        deadlines.first_free(friday, {}, 0)


def test_canonical_text_sorts_keys_and_knows_dates() -> None:
    assert canonical({"b": dt.date(2026, 11, 24), "a": {2, 1}}) == '{"a":[1,2],"b":"2026-11-24"}'


@given(st.dictionaries(st.text(max_size=5), st.integers(-(2**50), 2**50), max_size=6))
def test_the_hash_does_not_depend_on_the_order_of_keys(values: dict) -> None:
    assert digest_of(values) == digest_of(dict(reversed(list(values.items()))))


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"a": object()})
