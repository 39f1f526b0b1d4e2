"""What is wrong with bodies and the people in them."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.agencies.checks import (
    Finding,
    check_bodies,
    check_pairs,
    check_people,
    check_tree,
)
from ckanext.satudata_pontianak.agencies.rules.duties import Agency, Duty

COMPLETE = {
    a.id: a
    for a in (
        Agency("kominfo", "kominfo", "Diskominfo", roles=frozenset({Duty.WALIDATA})),
        Agency("ppid", "ppid", "PPID", roles=frozenset({Duty.PPID})),
        Agency("setda", "setda", "Setda", roles=frozenset({Duty.ATASAN_PPID})),
        Agency("inspektorat", "inspektorat", "Inspektorat", roles=frozenset({Duty.PENGAWAS})),
        Agency("bps", "bps", "BPS", roles=frozenset({Duty.PEMBINA})),
    )
}
PEOPLE = {
    Duty.WALIDATA: ["w"],
    Duty.PPID: ["p"],
    Duty.ATASAN_PPID: ["a"],
    Duty.PENGAWAS: ["i"],
    Duty.PEMBINA: ["b"],
}


def said(findings: list[Finding]) -> list[str]:
    """The findings in words."""
    return [f"{f.level.value}: {f.problem % f.params}" for f in findings]


def test_a_complete_city_has_no_findings() -> None:
    assert check_bodies(COMPLETE) == []
    assert check_people(COMPLETE, PEOPLE) == []
    assert check_tree(COMPLETE) == []


@pytest.mark.parametrize(
    ("gone", "level"),
    [("kominfo", "error"), ("ppid", "error"), ("setda", "error"), ("inspektorat", "warning")],
)
def test_a_duty_that_nobody_has_is_named(gone: str, level: str) -> None:
    found = said(check_bodies({i: a for i, a in COMPLETE.items() if i != gone}))
    assert len(found) == 1
    assert found[0].startswith(f"{level}: No agency holds the duty")


def test_two_bodies_of_one_duty_are_an_error() -> None:
    twin = Agency("x", "x", "Dinas X", roles=frozenset({Duty.PPID, Duty.PENGAWAS}))
    found = said(check_bodies({**COMPLETE, "x": twin}))
    assert len(found) == 1
    assert found[0].startswith('error: The duty "Public information officer (PPID)" is held by')
    assert found[0].endswith("more than one agency: PPID, Dinas X.")


def test_a_duty_with_nobody_active_is_an_error() -> None:
    found = check_people(COMPLETE, {**PEOPLE, Duty.WALIDATA: []})
    assert said(found) == [
        'error: Nobody who is active holds the duty "Data custodian (Walidata)".'
    ]
    assert "Diskominfo" in found[0].repair % found[0].params


def test_one_person_in_two_duties_is_a_warning() -> None:
    found = said(check_people(COMPLETE, {**PEOPLE, Duty.PPID: ["w"]}))
    assert found == [
        "warning: w holds two duties that different people must act in: walidata, ppid."
    ]


def test_who_alone_publishes_and_alone_checks_is_named_and_nobody_else() -> None:
    """Both duties in one person exclude nothing while somebody else can take the other part."""
    dinkes = Agency("dinkes", "dinkes", "Dinkes", roles=frozenset({Duty.PRODUSEN}))
    city = {**COMPLETE, "dinkes": dinkes}
    found = check_pairs(city, ["w"], {"dinkes": ["w"], "kominfo": ["w"]})
    (warning,) = said(found)
    assert warning.startswith("warning: w alone publishes for these agencies and alone holds ")
    assert "the duty Walidata: Dinkes. Whoever proposes may not check" in warning
    assert check_pairs(city, ["w"], {"dinkes": ["w", "d"]}) == []
    assert check_pairs(city, ["w", "x"], {"dinkes": ["w"]}) == []
    assert check_pairs(city, ["w"], {"dinkes": ["d"]}) == []
    assert check_pairs(city, [], {}) == []


def test_a_loop_and_a_second_parent_are_errors() -> None:
    looped = {
        "a": Agency("a", "a", "A", "b"),
        "b": Agency("b", "b", "B", "a"),
    }
    assert said(check_tree(looped)) == ["error: These agencies stand below themselves: A, B."]
    assert said(check_tree(COMPLETE, ["ppid", "gone"])) == [
        "error: These agencies have more than one parent: PPID."
    ]


def test_every_finding_has_all_its_parameters() -> None:
    for finding in [*check_bodies({}), *check_people(COMPLETE, {})]:
        assert finding.problem % finding.params
        assert finding.repair % finding.params
