"""Whose data may be destroyed when, by whom, and what stops it: for every combination."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.smki.rules import destruction
from ckanext.satudata_pontianak.smki.rules.destruction import (
    DESTROYED,
    OWNER,
    STOPS,
    Term,
    against_concluding,
    against_term,
    concluding,
    destruction_rules,
    proposing,
    stopped,
)

RULES = destruction_rules()
ROLES = sorted({*RULES.proposed_by, *RULES.concluded_by, *RULES.seen_by} - {OWNER})
carried = st.frozensets(st.sampled_from(ROLES))
dates = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))


@given(
    proposer=st.tuples(carried, st.booleans()),
    other=st.tuples(carried, st.booleans()),
    same=st.booleans(),
)
def test_two_people_of_two_duties_or_nobody(proposer, other, same) -> None:
    as_what = proposing(RULES, proposer[0], owns=proposer[1])
    if not as_what:
        return
    roles, owns = proposer if same else other
    against = against_concluding(
        RULES,
        person="a" if same else "b",
        carried=roles,
        owns=owns,
        proposed_by="a",
        proposed_as=as_what,
    )
    may = against is None
    assert may == (
        not same
        and bool(roles & {*RULES.concluded_by})
        and not as_what & proposing(RULES, roles, owns=owns)
    )
    if may:
        assert concluding(RULES, roles) not in RULES.proposed_by


@given(found=st.frozensets(st.sampled_from(STOPS)))
def test_each_thing_that_stops_it_is_said(found) -> None:
    said = [message.msgid for message in stopped(RULES, found)]
    assert said == [RULES.stops[name].label for name in RULES.stops if name in found]


def test_what_the_file_does_not_name_raises() -> None:
    with pytest.raises(KeyError):
        stopped(RULES, {"lain"})


@given(
    fate=st.sampled_from([DESTROYED, "kept", "assessed", None]),
    years=st.none() | st.integers(0, 200),
    begins=st.none() | dates,
    today=dates,
)
def test_nothing_goes_before_its_term_is_over(fate, years, begins, today) -> None:
    term = Term("X", fate, years, begins)
    may = against_term(term, today) is None
    if may:
        assert fate == DESTROYED
        assert begins is not None
        assert years is not None
        assert (today.year - begins.year, (today.month, today.day)) >= (
            years,
            (begins.month, begins.day),
        ) or today.year - begins.year > years
    elif fate == DESTROYED and begins is not None and years is not None:
        assert term.due is not None
        assert today < term.due


def test_a_leap_day_ends_on_the_first_of_march() -> None:
    assert Term("X", DESTROYED, 1, dt.date(2024, 2, 29)).due == dt.date(2025, 3, 1)
    assert Term("X", DESTROYED, 9999, dt.date(2024, 2, 29)).due is None
    assert against_term(None, dt.date(2026, 1, 1)).msgid == destruction.NO_CLASS
