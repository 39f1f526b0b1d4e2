"""The calendar: who does what, how much that is for each, and who acts where one is away."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.rules import deadlines
from ckanext.satudata_pontianak.smki.rules import planning
from ckanext.satudata_pontianak.smki.rules.definition import (
    MONTHS_OF,
    begins,
    period,
    smki,
)

YEAR = 2027
OFFICE = {
    "walidata": ("satu", "dua", "tiga"),
    "ppid": ("empat", "lima"),
    "pimpinan": ("enam",),
    "auditor": ("tujuh",),
    "pejabat_pdp": ("delapan",),
}
"""A small office: three in Walidata, two in PPID, a superior, an auditor, a Pejabat PDP."""
PEOPLE = sorted({person for people in OFFICE.values() for person in people})


def office(without: str | None = None) -> planning.Holders:
    """Return who holds each role in the small office, with one person away."""
    return lambda role: [one for one in OFFICE.get(role, ()) if one != without]


def test_no_person_of_a_small_office_gets_more_tasks_than_they_can_give(capsys) -> None:
    plan = planning.assigned(smki(), YEAR, office())
    most = smki().roles.most_tasks_a_month
    load = planning.busiest(plan)
    lines = [f"Tasks of {YEAR} by person and month, at most {most}:"]
    for person in PEOPLE:
        months = [load[person, f"{YEAR}-{month:02}"] for month in range(1, 13)]
        lines.append(f"  {person:<8} {' '.join(f'{n:>2}' for n in months)}  {sum(months):>3}")
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert all(person for _, person in plan)
    assert max(load.values()) <= most
    assert len(plan) == sum(12 // MONTHS_OF[task.every] for task in smki().tasks.calendar)


@pytest.mark.parametrize("away", PEOPLE)
def test_each_step_has_a_holder_with_any_one_absent(away) -> None:
    known, there = smki(), office(without=away)
    named = {gap.role for gap in planning.gaps(known, office())}
    used = {task.role for task in known.tasks.tasks.values()}
    for role in used | {control.role for control in known.controls.controls.values()}:
        people = planning.carriers(known, role, there)
        others = planning.deputies(known, role, there)
        assert people or others or role in named, f"nobody acts for {role} while {away} is away"


def test_a_role_that_nobody_could_stand_in_for_is_named() -> None:
    # Who carries the coordinator's role in passing treats risks, and does not accept them.
    assert planning.gaps(smki(), office()) == [
        planning.Gap("auditor", "tujuh"),
        planning.Gap("pimpinan", "enam", ("pemilik_risiko",)),
    ]
    named = {**OFFICE, "pemilik_risiko": ("sembilan",)}
    assert [gap.role for gap in planning.gaps(smki(), lambda role: named.get(role, ()))] == [
        "auditor"
    ], "the decree that is named mends it"
    nobody = planning.gaps(smki(), lambda _: ())
    assert {gap.person for gap in nobody} == {None}
    two = {**OFFICE, "auditor": ("tujuh", "sembilan"), "pimpinan": ("enam", "sepuluh")}
    assert not planning.gaps(smki(), lambda role: two.get(role, ()))


ONE = {**OFFICE, "walidata": ("satu",)}
"""An office in which one person has all of Walidata, and what that carries in passing."""


def test_nobody_is_their_own_deputy() -> None:
    alone = {gap.role: gap.person for gap in planning.gaps(smki(), lambda r: ONE.get(r, ()))}
    for role in ("koordinator", "operator", "ttis", "pemilik_aset", "pemilik_risiko"):
        assert alone[role] == "satu", role
    assert "walidata" not in alone, "the superior acts for them"
    named = {**ONE, "koordinator": ("sembilan",)}
    assert "operator" not in {gap.role for gap in planning.gaps(smki(), lambda r: named.get(r, ()))}


def test_what_is_carried_in_passing_stays_apart_as_well() -> None:
    known = smki()
    # Whoever carries Walidata owns risks until an owner is named, and does not accept them.
    assert not planning.may_act(known, "pimpinan", "satu", lambda r: ONE.get(r, ()))
    assert planning.deputies(known, "pimpinan", lambda r: ONE.get(r, ())) == []
    named = {**ONE, "pemilik_risiko": ("sembilan",)}
    assert planning.deputies(known, "pimpinan", lambda r: named.get(r, ())) == ["satu"]


def test_a_role_of_before_is_carried_by_nobody() -> None:
    assert planning.carriers(smki(), "of_before", office()) == []
    assert planning.deputies(smki(), "of_before", office()) == []


def test_who_audits_acts_for_no_other_role_and_nobody_acts_for_them() -> None:
    known = smki()
    assert not planning.may_act(known, "koordinator", "tujuh", office())
    assert not planning.may_act(known, "auditor", "enam", office())
    assert planning.may_act(known, "operator", "satu", office())
    # Who accepts what is left of a risk does not treat it.
    assert not planning.may_act(known, "pemilik_risiko", "enam", office())


def test_a_role_is_carried_by_those_who_hold_another_until_somebody_is_named() -> None:
    known = smki()
    assert planning.carriers(known, "operator", office()) == sorted(OFFICE["walidata"])
    named = {**OFFICE, "operator": ("sepuluh",)}
    assert planning.carriers(known, "operator", lambda r: named.get(r, ())) == ["sepuluh"]


@given(
    every=st.sampled_from(sorted(MONTHS_OF)),
    month=st.integers(1, 12),
    day=st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)),
)
def test_each_day_lies_in_one_period_of_its_length(every, month, day) -> None:
    name = period(every, month, day)
    first = begins(name)
    after = first.year * 12 + first.month - 1 + MONTHS_OF[every]
    assert first <= day < dt.date(after // 12, after % 12 + 1, 1)
    assert (first.month - month) % MONTHS_OF[every] == 0
    assert period(every, month, first) == name


@given(
    last=st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    days=st.integers(0, 500),
    kind=st.sampled_from(sorted(task.name for task in smki().tasks.calendar)),
)
def test_a_clock_that_stood_still_misses_no_period(last, days, kind) -> None:
    spec = smki().tasks.tasks[kind]
    before = period(spec.every, spec.month, last)
    today = last + dt.timedelta(days=days)
    found = planning.due_since(spec, before, today)
    walked = {
        name
        for n in range(days + 1)
        if (name := period(spec.every, spec.month, last + dt.timedelta(days=n))) != before
        and planning.opens(spec, name) <= today
    }
    assert {task.period for task in found} == walked
    for task in found:
        assert task.opens == today
        assert deadlines.is_working_day(task.due)
        assert task.due > task.opens


def test_the_calendar_falls_to_whoever_has_the_least_to_do() -> None:
    load: Counter[str] = Counter({"satu": 2, "dua": 1, "tiga": 1})
    assert planning.chosen(OFFICE["walidata"], load) == "dua"
    assert planning.chosen((), load) is None
