"""The policy: closed by default, and never wider than the table says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Actor, Duty
from ckanext.satudata_pontianak.classification.rules.axes import classification
from ckanext.satudata_pontianak.classification.rules.policy import (
    CaseFacts,
    Channel,
    DecisionFacts,
    Facts,
    VersionFacts,
    decide,
    metadata_open,
    readers_of,
)

OWNER, OTHER, RECIPIENT = "dinkes", "dinsos", "disdukcapil"
LEVELS = tuple(classification().levels)
HOLDERS = {
    "draft": "produsen_data",
    "verification": "walidata",
    "consequence_test": "ppid",
    "approval": "atasan_ppid",
}


def person(name: str, **values: frozenset) -> Actor:
    return Actor(name, name, **values)


PEOPLE = {
    "anonymous": ANONYMOUS,
    "citizen": person("citizen"),
    "member": person("member", member_of=frozenset({OWNER})),
    "editor": person("editor", member_of=frozenset({OWNER}), publishes_for=frozenset({OWNER})),
    "admin": person(
        "admin",
        member_of=frozenset({OWNER}),
        publishes_for=frozenset({OWNER}),
        administers=frozenset({OWNER}),
    ),
    "other_editor": person(
        "other_editor", member_of=frozenset({OTHER}), publishes_for=frozenset({OTHER})
    ),
    "recipient": person("recipient", member_of=frozenset({RECIPIENT})),
    "walidata": person("walidata", duties=frozenset({Duty.WALIDATA})),
    "ppid": person("ppid", duties=frozenset({Duty.PPID})),
    "superior": person("superior", duties=frozenset({Duty.ATASAN_PPID})),
    "supervisor": person("supervisor", duties=frozenset({Duty.PENGAWAS})),
    "sysadmin": Actor("root", "root", sysadmin=True),
}

people = st.sampled_from(sorted(PEOPLE)).map(PEOPLE.__getitem__)
decisions = st.none() | st.builds(
    DecisionFacts,
    level=st.sampled_from([*LEVELS, "unheard_of"]),
    recipients=st.sampled_from([frozenset(), frozenset({RECIPIENT})]),
    all_agencies=st.booleans(),
)
cases = st.none() | st.sampled_from(sorted(HOLDERS)).map(lambda s: CaseFacts(s, HOLDERS[s]))
facts_ = st.builds(
    Facts,
    dataset_id=st.just("d"),
    owner_org=st.sampled_from([OWNER, None]),
    decision=decisions,
    case=cases,
    case_duties=st.frozensets(st.sampled_from(sorted(HOLDERS.values()))),
    holds=st.frozensets(st.sampled_from(["data", "all", "unheard_of"])),
    deleted=st.booleans(),
)
versions = st.none() | st.builds(
    VersionFacts,
    approved=st.booleans(),
    sealed=st.booleans(),
    uploader=st.sampled_from([None, "citizen", "editor"]),
)

# Design section 2, as a table: who may have the data at each level, nothing held, no case.
DATA = {
    None: {"editor", "admin"},
    "biasa": set(PEOPLE),
    "terbatas": {"member", "editor", "admin", "walidata", "ppid", "recipient"},
    "rahasia": set(),
    "sangat_rahasia": set(),
}
METADATA = {
    None: {"editor", "admin", "walidata", "supervisor", "sysadmin"},
    "biasa": set(PEOPLE),
    "terbatas": set(PEOPLE),
    "rahasia": {"editor", "admin", "walidata", "ppid", "supervisor", "sysadmin"},
    "sangat_rahasia": {"admin", "ppid", "superior", "supervisor", "sysadmin"},
}


def facts_at(level: str | None, **values: object) -> Facts:
    decision = DecisionFacts(level, frozenset({RECIPIENT})) if level else None
    return Facts("d", OWNER, decision=decision, **values)


@pytest.mark.parametrize("level", DATA)
def test_the_data_are_for_those_whom_the_design_names(level: str | None) -> None:
    got = {n for n, p in PEOPLE.items() if decide(p, facts_at(level), Channel.DATA)}
    assert got == DATA[level]


@pytest.mark.parametrize("level", METADATA)
@pytest.mark.parametrize("channel", [Channel.METADATA, Channel.EXISTS])
def test_the_metadata_are_for_those_whom_the_design_names(
    level: str | None, channel: Channel
) -> None:
    got = {n for n, p in PEOPLE.items() if decide(p, facts_at(level), channel)}
    assert got == METADATA[level]


@pytest.mark.parametrize(("state", "who"), [("verification", "walidata"), ("approval", "superior")])
@pytest.mark.parametrize("level", [None, *LEVELS])
def test_the_holder_of_the_case_sees_metadata_at_every_level(
    level: str | None, state: str, who: str
) -> None:
    facts = facts_at(level, case=CaseFacts(state, HOLDERS[state]))
    assert decide(PEOPLE[who], facts, Channel.METADATA)


def test_a_waiting_version_is_for_uploader_owner_and_holder_only() -> None:
    facts = facts_at("biasa", case=CaseFacts("verification", "walidata"))
    waiting = VersionFacts(approved=False, uploader="citizen")
    got = {n for n, p in PEOPLE.items() if decide(p, facts, Channel.DATA, waiting)}
    assert got == {"citizen", "editor", "admin", "walidata"}


@given(people, facts_, st.sampled_from(list(Channel)), versions)
def test_what_is_not_decided_open_is_never_for_strangers(
    actor: Actor, facts: Facts, channel: Channel, version: VersionFacts | None
) -> None:
    answer = decide(ANONYMOUS, facts, channel, version)
    if answer:
        assert facts.decision is not None
        assert facts.decision.level in ("biasa", "terbatas")
        assert version is None or version.approved
        if channel is Channel.DATA:
            assert facts.decision.level == "biasa"
            assert not facts.holds
            assert version is None or not version.sealed


@given(people, facts_, versions)
def test_data_are_never_wider_than_metadata_for_what_is_approved(
    actor: Actor, facts: Facts, version: VersionFacts | None
) -> None:
    approved = version is None or version.approved
    if approved and not facts.holds and decide(actor, facts, Channel.DATA, version):
        assert decide(actor, facts, Channel.METADATA)


@given(people, facts_, st.sampled_from(list(Channel)))
def test_who_is_not_active_has_no_more_than_a_stranger(
    actor: Actor, facts: Facts, channel: Channel
) -> None:
    gone = Actor(actor.id, actor.name, active=False)
    assert bool(decide(gone, facts, channel)) == bool(decide(ANONYMOUS, facts, channel))


@given(people, facts_, st.sampled_from(list(Channel)))
def test_a_hold_never_opens(actor: Actor, facts: Facts, channel: Channel) -> None:
    free = Facts(**{**facts.__dict__, "holds": frozenset()})
    lifts = {Duty.WALIDATA, Duty.PPID} & actor.duties
    case_holder = facts.case is not None and facts.case.holder in {d.value for d in actor.duties}
    if decide(actor, facts, channel) and not lifts and not case_holder:
        assert decide(actor, free, channel)


@given(facts_)
def test_labels_for_everyone_exist_exactly_where_strangers_see_metadata(facts: Facts) -> None:
    assert ("everyone" in readers_of(facts, Channel.METADATA)) == metadata_open(facts)


@given(facts_)
def test_an_unknown_level_is_as_closed_as_no_decision(facts: Facts) -> None:
    unknown = Facts(**{**facts.__dict__, "decision": DecisionFacts("unheard_of")})
    nothing = Facts(**{**facts.__dict__, "decision": None})
    for actor in PEOPLE.values():
        for channel in Channel:
            assert bool(decide(actor, unknown, channel)) == bool(decide(actor, nothing, channel))


def test_secret_levels_give_bytes_to_nobody_also_not_to_the_owner() -> None:
    for level in ("rahasia", "sangat_rahasia"):
        for waiting in (True, False):
            for actor in PEOPLE.values():
                version = VersionFacts(approved=not waiting, uploader=actor.id)
                assert not decide(actor, facts_at(level), Channel.DATA, version)
