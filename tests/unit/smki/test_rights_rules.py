"""Rights line by line: for how long an answer counts for a review."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak.smki.rules import rights

OPENED = dt.date(2027, 1, 4)


@pytest.mark.parametrize(
    ("before", "last", "since"),
    [
        (None, OPENED, OPENED),
        (None, dt.date(2027, 4, 4), OPENED),
        (None, dt.date(2027, 4, 5), dt.date(2027, 1, 5)),
        (dt.date(2026, 12, 1), dt.date(2027, 1, 20), dt.date(2026, 12, 1)),
        (dt.date(2026, 6, 1), dt.date(2027, 1, 20), dt.date(2026, 10, 22)),
        (dt.date(2027, 1, 9), dt.date(2027, 1, 20), OPENED),
    ],
)
def test_answers_count_since_the_task_that_was_taken_over_and_no_longer_than_they_hold(
    before, last, since
) -> None:
    assert rights.since(OPENED, before, last, 90) == since
