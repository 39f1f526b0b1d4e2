"""Duties: who publishes, who decides, and that nothing else gives a duty."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.agencies.rules.duties import (
    ANONYMOUS,
    DECIDING,
    Actor,
    Agency,
    Delegation,
    Duty,
    Membership,
    actor_from,
    bodies,
    duties_of,
)

DAY = date(2026, 11, 24)
AGENCIES = {
    a.id: a
    for a in (
        Agency("setda", "setda", "Sekretariat Daerah", roles=frozenset({Duty.ATASAN_PPID})),
        Agency(
            "kominfo",
            "kominfo",
            "Diskominfo",
            "setda",
            frozenset({Duty.WALIDATA, Duty.PRODUSEN}),
        ),
        Agency("ppid", "ppid", "PPID", "kominfo", frozenset({Duty.PPID})),
        Agency("dinkes", "dinkes", "Dinkes", "setda", frozenset({Duty.PRODUSEN})),
        Agency("puskesmas", "puskesmas", "Puskesmas", "dinkes", frozenset({Duty.PRODUSEN})),
        Agency("lama", "lama", "Closed", None, frozenset({Duty.PENGAWAS}), active=False),
    )
}


def actor(
    *memberships: tuple[str, str],
    sysadmin: bool = False,
    active: bool = True,
    delegations: tuple[Delegation, ...] = (),
    today: date | None = DAY,
) -> Actor:
    """A person with these memberships."""
    own = [Membership(a, c) for a, c in memberships]
    return actor_from("u", "u", sysadmin, active, own, AGENCIES, delegations, today)


def test_an_admin_of_the_body_has_its_duty() -> None:
    assert actor(("kominfo", "admin")).duties == {Duty.WALIDATA}
    assert actor(("ppid", "admin")).has(Duty.PPID)


@pytest.mark.parametrize("capacity", ["editor", "member", "public", "parent", ""])
def test_nobody_but_an_admin_of_the_body_has_its_duty(capacity: str) -> None:
    assert not actor(("kominfo", capacity)).duties


def test_a_duty_does_not_come_down_the_tree_but_publishing_does() -> None:
    above = actor(("setda", "admin"))
    assert above.duties == {Duty.ATASAN_PPID}
    assert above.publishes_for == {"setda", "kominfo", "ppid", "dinkes", "puskesmas"}
    assert above.administers == {"setda"}
    assert above.member_of == {"setda"}


def test_editors_publish_for_the_agencies_below_and_members_for_none() -> None:
    assert actor(("dinkes", "editor")).publishes_for == {"dinkes", "puskesmas"}
    assert actor(("dinkes", "editor")).administers == frozenset()
    assert actor(("dinkes", "member")).publishes_for == frozenset()
    assert actor(("dinkes", "member")).member_of == {"dinkes"}


def test_producing_data_is_never_a_deciding_duty() -> None:
    assert Duty.PRODUSEN not in actor(("kominfo", "admin")).duties


def test_a_sysadmin_has_no_duty_and_publishes_for_nobody() -> None:
    admin = actor(sysadmin=True)
    assert admin.sysadmin
    assert not admin.duties
    assert not admin.publishes_for


def test_an_inactive_person_has_nothing() -> None:
    gone = actor(("kominfo", "admin"), sysadmin=True, active=False)
    assert gone == Actor("u", "u", sysadmin=False, active=False)


def test_a_closed_agency_gives_nothing() -> None:
    closed = actor(("lama", "admin"))
    assert not closed.duties
    assert not closed.member_of
    assert not closed.publishes_for


def test_nobody_is_anonymous() -> None:
    assert actor_from(None, None, True, True, [Membership("kominfo", "admin")], AGENCIES) == (
        ANONYMOUS
    )
    assert ANONYMOUS.anonymous
    assert not actor().anonymous


def delegation(start: int, end: int, duties: frozenset[Duty] | None = None) -> Delegation:
    """A delegation of the PPID, by days from today."""
    return Delegation("ppid", "u", DAY + timedelta(start), DAY + timedelta(end), duties)


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [(0, 0, True), (-3, 0, True), (0, 3, True), (1, 3, False), (-3, -1, False), (2, -2, False)],
)
def test_a_delegation_counts_from_its_first_day_to_its_last(
    start: int, end: int, held: bool
) -> None:
    assert actor(delegations=(delegation(start, end),)).has(Duty.PPID) is held


def test_a_delegation_without_a_date_to_hold_it_against_does_not_count() -> None:
    assert not actor(delegations=(delegation(-9, 9),), today=None).duties


def test_a_delegation_gives_only_what_the_body_holds_and_no_right_to_publish() -> None:
    wrong = actor(delegations=(delegation(-1, 1, frozenset({Duty.WALIDATA})),))
    right = actor(delegations=(delegation(-1, 1, frozenset({Duty.PPID})),))
    assert not wrong.duties
    assert right.duties == {Duty.PPID}
    assert not right.publishes_for
    assert not right.member_of


def test_a_delegation_to_somebody_else_gives_nothing() -> None:
    other = Delegation("ppid", "other", DAY, DAY)
    assert not actor(delegations=(other,)).duties


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*AGENCIES, "unknown"]),
            st.sampled_from(["admin", "editor", "member", "public", "Admin", ""]),
        )
    ),
    st.booleans(),
)
def test_what_holds_for_everybody(memberships: list[tuple[str, str]], sysadmin: bool) -> None:
    one = actor(*memberships, sysadmin=sysadmin)
    assert one.duties <= DECIDING
    assert one.administers <= one.publishes_for
    assert one.administers <= one.member_of
    assert one.duties == {d for a in one.administers for d in AGENCIES[a].deciding}
    known = {i for i, a in AGENCIES.items() if a.active}
    assert one.member_of | one.publishes_for <= known
    without_power = actor(*[(a, c) for a, c in memberships if c not in ("admin", "editor")])
    assert not without_power.publishes_for


def test_unknown_role_names_are_no_duty() -> None:
    assert duties_of(["walidata", "WALIDATA", "raja", ""]) == {Duty.WALIDATA}


def test_bodies_are_active_and_in_order() -> None:
    assert [a.id for a in bodies(AGENCIES, Duty.PRODUSEN)] == ["dinkes", "kominfo", "puskesmas"]
    assert bodies(AGENCIES, Duty.PENGAWAS) == []
