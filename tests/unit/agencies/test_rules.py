"""Changes of agencies: what needs a system administrator, what needs a decree, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.agencies.rules.duties import SINGLE, Agency, Duty
from ckanext.satudata_pontianak.agencies.rules.memberships import (
    DECREE_LENGTH,
    Against,
    Change,
    MemberChange,
    Part,
    guarded,
    needs_decree,
    refusals,
)

WALIDATA = Agency("kominfo", "kominfo", "Diskominfo", roles=frozenset({Duty.WALIDATA}))
DINKES = Agency("dinkes", "dinkes", "Dinkes", roles=frozenset({Duty.PRODUSEN}))
UPT = Agency("upt", "upt", "UPT", "dinkes", frozenset({Duty.PRODUSEN}))
AGENCIES = {a.id: a for a in (WALIDATA, DINKES, UPT)}
JOIN = (MemberChange("u", None, "admin"),)


def against(change: Change, *, sysadmin: bool = True, decree: str | None = "SK/1") -> list[Against]:
    """What speaks against a change."""
    return [r.against for r in refusals(change, AGENCIES, sysadmin=sysadmin, decree=decree)]


CHANGES = {
    "roles": (Change(DINKES, replace(DINKES, roles=frozenset({Duty.PENGAWAS}))), Part.ROLES),
    "no role": (Change(DINKES, replace(DINKES, roles=frozenset())), Part.ROLES),
    "parent": (Change(DINKES, replace(DINKES, parent_id="kominfo")), Part.PARENT),
    "no parent": (Change(UPT, replace(UPT, parent_id=None)), Part.PARENT),
    "member": (Change(WALIDATA, WALIDATA, JOIN), Part.MEMBERS),
    "member out": (Change(WALIDATA, WALIDATA, (MemberChange("u", "member", None),)), Part.MEMBERS),
    "closing": (Change(WALIDATA, replace(WALIDATA, active=False)), Part.STATE),
    "new body": (
        Change(None, Agency("x", "x", "X", roles=frozenset({Duty.PENGAWAS}))),
        Part.ROLES,
    ),
    "new below": (Change(None, Agency("x", "x", "X", "dinkes")), Part.PARENT),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_guarded_change_needs_a_sysadmin_and_a_decree(name: str) -> None:
    change, part = CHANGES[name]
    assert part in guarded(change)
    assert set(against(change, sysadmin=False)) == {Against.NOT_SYSADMIN}
    assert against(change, decree=None) == [Against.NO_DECREE]
    assert against(change, decree="  ") == [Against.NO_DECREE]
    assert against(change, decree="x" * (DECREE_LENGTH + 1)) == [Against.DECREE_TOO_LONG]
    assert against(change) == []


FREE = {
    "title": Change(WALIDATA, replace(WALIDATA, title="Another")),
    "member of a producer": Change(DINKES, DINKES, JOIN),
    "same member": Change(WALIDATA, WALIDATA, (MemberChange("u", "admin", "admin"),)),
    "new producer": Change(None, Agency("x", "x", "X", roles=frozenset({Duty.PRODUSEN}))),
}


@pytest.mark.parametrize("name", FREE)
def test_an_agency_looks_after_itself_in_everything_else(name: str) -> None:
    assert guarded(FREE[name]) == frozenset()
    assert against(FREE[name], sysadmin=False, decree=None) == []


def test_closing_a_body_without_duty_needs_a_sysadmin_but_no_decree() -> None:
    closing = Change(DINKES, replace(DINKES, active=False))
    assert against(closing, sysadmin=False) == [Against.NOT_SYSADMIN]
    assert against(closing, decree=None) == []
    assert needs_decree(replace(closing, children=True))


@pytest.mark.parametrize("duty", sorted(SINGLE))
def test_a_second_body_of_a_single_duty_is_refused(duty: Duty) -> None:
    holder = replace(WALIDATA, roles=frozenset({duty}))
    change = Change(DINKES, replace(DINKES, roles=frozenset({duty})))
    found = refusals(change, {"kominfo": holder, "dinkes": DINKES}, sysadmin=True, decree="SK")
    assert [(r.against, r.duty, r.body) for r in found] == [
        (Against.SECOND_BODY, duty.value, "Diskominfo")
    ]


def test_a_second_auditor_is_no_problem() -> None:
    holder = replace(WALIDATA, roles=frozenset({Duty.PENGAWAS}))
    change = Change(DINKES, replace(DINKES, roles=frozenset({Duty.PENGAWAS})))
    assert not refusals(change, {"kominfo": holder, "dinkes": DINKES}, sysadmin=True, decree="SK")


def test_reopening_a_body_meets_the_one_that_took_its_place() -> None:
    old = Agency("old", "old", "Old", roles=frozenset({Duty.WALIDATA}), active=False)
    assert against(Change(old, replace(old, active=True))) == [Against.SECOND_BODY]


def test_two_bodies_that_exist_already_do_not_stop_an_edit_of_the_title() -> None:
    twin = replace(DINKES, roles=frozenset({Duty.WALIDATA}))
    edit = Change(twin, replace(twin, title="T"))
    assert not refusals(edit, {"kominfo": WALIDATA, "dinkes": twin}, sysadmin=False, decree=None)


def test_a_loop_is_refused() -> None:
    assert against(Change(DINKES, replace(DINKES, parent_id="upt"))) == [Against.LOOP]
    assert against(Change(DINKES, replace(DINKES, parent_id="dinkes"))) == [Against.LOOP]


@pytest.mark.parametrize("capacity", ["public", "Admin", "admin+member", ""])
def test_a_capacity_that_core_would_store_and_nobody_understands_is_refused(capacity: str) -> None:
    change = Change(DINKES, DINKES, (MemberChange("u", None, capacity),))
    assert against(change, sysadmin=False, decree=None) == [Against.CAPACITY]


roles = st.frozensets(st.sampled_from(Duty))
parent = st.sampled_from([None, "kominfo", "dinkes", "upt"])
states = st.builds(
    lambda r, p, a: Agency("upt", "upt", "UPT", p, r, a), roles, parent, st.booleans()
)
moves = st.lists(
    st.builds(
        MemberChange,
        st.just("u"),
        st.none() | st.sampled_from(["admin", "member"]),
        st.none() | st.sampled_from(["admin", "member"]),
    )
).map(tuple)


@given(states, states, moves, st.booleans())
def test_without_a_sysadmin_no_duty_ever_appears_or_changes_hands(
    before: Agency, after: Agency, members: tuple[MemberChange, ...], children: bool
) -> None:
    change = Change(before, after, members, children)
    if refusals(change, AGENCIES, sysadmin=False, decree="SK"):
        return
    assert before.roles == after.roles
    assert before.parent_id == after.parent_id
    assert before.active == after.active
    assert not (change.moves and after.deciding)
