"""Who accepts which risk, for how long; and when one is above what the city bears."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.smki.rules import risks
from ckanext.satudata_pontianak.smki.rules.registers import registers

RULES = registers().risks
TODAY = dt.date(2026, 12, 1)
LATER = TODAY + dt.timedelta(days=30)
ROLES = sorted({role for level in RULES.levels.values() for role in level.accepted_by})
steps = st.integers(1, 5)
days = st.dates(TODAY - dt.timedelta(days=800), TODAY + dt.timedelta(days=800))


def values(likelihood: int, impact: int, **more):
    return {"likelihood": likelihood, "impact": impact, **more}


def objections(said, *, held=("pimpinan",), person="a", treaters=(), until=LATER):
    return risks.objections(
        RULES,
        said,
        person=person,
        held=held,
        treaters=treaters,
        until=until,
        given=True,
        today=TODAY,
    )


@given(
    said=st.builds(values, steps, steps),
    held=st.sets(st.sampled_from([*ROLES, "operator", "auditor", "pemilik_risiko"])),
    treats=st.booleans(),
    until=st.none() | days,
)
def test_only_who_may_accepts_and_only_until_a_day(said, held, treats, until) -> None:
    """Nothing speaks against it: then the level is theirs, they do not treat it, it has an end."""
    treaters = {"a", "b"} if treats else {"b"}
    against = objections(said, held=held, treaters=treaters, until=until)
    size = said["likelihood"] * said["impact"]
    level = next(each for each in RULES.levels.values() if size <= each.up_to)
    longest = TODAY + dt.timedelta(days=RULES.longest_acceptance_days)
    may = bool(held & {*level.accepted_by}) and not treats
    assert (not against) == (may and until is not None and TODAY < until <= longest)


@given(one=st.builds(values, steps, steps), other=st.builds(values, steps, steps))
def test_whoever_may_accept_a_risk_may_accept_a_smaller_one(one, other) -> None:
    small, large = sorted((one, other), key=lambda v: v["likelihood"] * v["impact"])
    if not objections(large):
        assert not objections(small)


def test_a_risk_that_nobody_measured_is_accepted_by_nobody() -> None:
    assert [o.key for o in objections({"likelihood": 2})] == ["entry"]


def test_a_treatment_that_is_only_planned_lowers_nothing() -> None:
    said = values(4, 4, likelihood_after=1, impact_after=1)
    assert risks.left(said, TODAY) == 16
    assert risks.left({**said, "treated": "2026-11-30"}, TODAY) == 1
    assert risks.left({**said, "treated": "2026-12-24"}, TODAY) == 16


@pytest.mark.parametrize(
    ("said", "accepted", "uncovered"),
    [
        (values(2, 3), False, False),
        (values(3, 3), False, True),
        (values(3, 3), True, False),
        (values(3, 3, treatment="reduce", due="2026-12-31"), False, False),
        (values(3, 3, treatment="reduce", due="2026-11-30"), False, True),
        (values(3, 3, treatment="accept", due="2026-12-31"), False, True),
        ({}, False, True),
    ],
)
def test_a_risk_above_the_appetite_needs_a_treatment_or_an_acceptance(
    said, accepted, uncovered
) -> None:
    assert risks.uncovered(RULES, said, TODAY, accepted=accepted) is uncovered


def test_an_acceptance_stands_until_its_day_and_of_what_was_accepted_alone() -> None:
    kept = risks.Acceptance("a", "pimpinan", "2026-12-01T00:00:00+00:00", LATER, "x")
    assert risks.stands(kept, "x", LATER)
    assert not risks.stands(kept, "x", LATER + dt.timedelta(days=1))
    assert not risks.stands(kept, "y", TODAY)
    assert not risks.stands(None, "x", TODAY)


def test_a_treatment_is_overdue_until_it_is_done() -> None:
    assert risks.overdue({"due": "2026-11-30"}, TODAY)
    assert not risks.overdue({"due": "2026-11-30", "treated": "2026-12-01"}, TODAY)
    assert not risks.overdue({"due": "2026-12-01"}, TODAY)
