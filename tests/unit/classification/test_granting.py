"""What a grant opens, and which decision ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Actor, Duty
from ckanext.satudata_pontianak.classification.grants.grant_rules import PERSONAL, Decided, tightens
from ckanext.satudata_pontianak.classification.rules.axes import classification
from ckanext.satudata_pontianak.classification.rules.policy import (
    Channel,
    DecisionFacts,
    Facts,
    GrantFacts,
    VersionFacts,
    decide,
    granted_resources,
)

OWNER, DATASET = "dinkes", "d"
LEVELS = list(classification().levels)
unhurried = settings(deadline=None)
people = st.sampled_from(
    [
        Actor("citizen", "citizen"),
        Actor("official", "official", member_of=frozenset({"dinsos"})),
        Actor("auditor", "auditor", duties=frozenset({Duty.PENGAWAS})),
        Actor("walidata", "walidata", duties=frozenset({Duty.WALIDATA})),
        Actor("citizen", "citizen", active=False),
        Actor("root", "root", sysadmin=True),
        ANONYMOUS,
    ]
)


decided = st.builds(
    Decided,
    level=st.sampled_from([*LEVELS, "unheard_of"]),
    personal=st.sampled_from([*PERSONAL, "unheard_of"]),
    recipients=st.frozensets(st.sampled_from(["a", "b", "c"])),
    all_agencies=st.booleans(),
)


@unhurried
@given(decided, decided)
def test_a_decision_never_loosens_both_ways(one: Decided, other: Decided) -> None:
    if not tightens(one, other, LEVELS) and not tightens(other, one, LEVELS):
        same = (one.level, one.personal) == (other.level, other.personal)
        assert same
    assert tightens(one, None, LEVELS)


@unhurried
@given(decided, decided, decided)
def test_not_tightening_is_transitive(one: Decided, two: Decided, three: Decided) -> None:
    if not tightens(one, two, LEVELS) and not tightens(two, three, LEVELS):
        open_between = two.level == LEVELS[0]
        assert open_between or not tightens(one, three, LEVELS)


grants = st.frozensets(
    st.builds(
        GrantFacts,
        id=st.sampled_from("12"),
        user_id=st.sampled_from(["citizen", "official", "auditor"]),
        resources=st.none() | st.frozensets(st.sampled_from(["r1", "r2"]), min_size=1),
        agency=st.sampled_from([None, "dinsos", "other"]),
    ),
    max_size=4,
)


@unhurried
@given(
    grants,
    people,
    st.none() | st.sampled_from([*LEVELS, "unheard_of"]),
    st.frozensets(st.sampled_from(["data", "all"])),
    st.none() | st.sampled_from(["r1", "r2"]),
    st.booleans(),
)
def test_a_grant_opens_limited_data_to_its_person_and_nothing_else(
    given_, actor, level, holds, resource, sealed
) -> None:
    decision = DecisionFacts(level) if level else None
    without = Facts(DATASET, OWNER, decision=decision, holds=holds)
    facts = Facts(DATASET, OWNER, decision=decision, holds=holds, grants=given_)
    for channel in (Channel.EXISTS, Channel.METADATA):
        assert bool(decide(actor, facts, channel)) == bool(decide(actor, without, channel))
    version = VersionFacts(True, sealed, resource_id=resource) if resource else None
    before = decide(actor, without, Channel.DATA, version)
    answer = decide(actor, facts, Channel.DATA, version)
    fitting = {
        g.id
        for g in given_
        if g.user_id == actor.id
        and (g.agency is None or g.agency in actor.member_of)
        and (g.resources is None or (resource and resource in g.resources))
    }
    if answer and not before:
        assert level == "terbatas"
        assert not holds
        assert not sealed or not resource
        assert actor.active
        assert not actor.has(Duty.PENGAWAS)
        assert answer.grant in fitting
    else:
        assert answer.grant is None
        assert bool(answer) == bool(before)
    waiting = VersionFacts(approved=False, resource_id="r1")
    assert bool(decide(actor, facts, Channel.DATA, waiting)) == bool(
        decide(actor, without, Channel.DATA, waiting)
    )
    for each in granted_resources(actor, facts):
        assert decide(actor, facts, Channel.DATA, VersionFacts(True, resource_id=each))


OFFICIAL = Actor("official", "official", member_of=frozenset({"dinsos"}))
GIVEN = GrantFacts("g", "official", agency="dinsos")


@pytest.mark.parametrize(
    ("actor", "grant", "resource", "allowed"),
    [
        (OFFICIAL, GIVEN, None, True),
        (OFFICIAL, GIVEN, "r1", True),
        (replace(OFFICIAL, active=False), GIVEN, None, False),
        (replace(OFFICIAL, member_of=frozenset()), GIVEN, None, False),
        (replace(OFFICIAL, duties=frozenset({Duty.PENGAWAS})), GIVEN, None, False),
        (replace(OFFICIAL, id="another"), GIVEN, None, False),
        (ANONYMOUS, GIVEN, None, False),
        (OFFICIAL, replace(GIVEN, resources=frozenset({"r1"})), "r1", True),
        (OFFICIAL, replace(GIVEN, resources=frozenset({"r1"})), "r2", False),
        (OFFICIAL, replace(GIVEN, resources=frozenset({"r1"})), None, False),
    ],
)
def test_a_grant_is_for_its_person_its_office_and_its_files(
    actor, grant, resource, allowed
) -> None:
    facts = Facts(DATASET, OWNER, decision=DecisionFacts("terbatas"), grants=frozenset({grant}))
    version = VersionFacts(True, resource_id=resource) if resource else None
    answer = decide(actor, facts, Channel.DATA, version)
    assert bool(answer) is allowed
    assert answer.grant == ("g" if allowed else None)
