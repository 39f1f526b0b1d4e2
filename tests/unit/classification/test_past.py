"""Versions that newer ones took the place of: never wider than what was decided, then or now."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Actor
from ckanext.satudata_pontianak.classification.rules.axes import classification
from ckanext.satudata_pontianak.classification.rules.past import (
    Decided,
    History,
    Judged,
    Kept,
    Shadow,
    past_facts,
)
from ckanext.satudata_pontianak.classification.rules.policy import (
    Channel,
    DecisionFacts,
    Facts,
    PastFacts,
    VersionFacts,
    decide,
)

from .test_policy import PEOPLE, decisions, facts_, people

RULES = classification().superseded
TODAY = dt.date(2026, 6, 1)
NEWEST = "newest"
OPEN = DecisionFacts("biasa")
pasts = st.builds(
    PastFacts,
    decisions=st.lists(decisions.filter(bool), max_size=3).map(tuple),
    said=st.booleans(),
    ordinary=st.booleans(),
    valid=st.booleans(),
    clean=st.booleans(),
    disputed=st.booleans(),
    kept=st.booleans(),
)
GIVEN = PastFacts(
    (OPEN,), said=True, ordinary=True, valid=True, clean=True, disputed=False, kept=True
)


def older(past: PastFacts, **values: object) -> VersionFacts:
    return VersionFacts(approved=False, past=past, **values)  # type: ignore[arg-type]


@given(people, facts_, pasts, st.sampled_from(list(Channel)), st.booleans())
def test_an_older_version_is_never_wider_than_its_decisions_nor_than_the_dataset_now(
    actor: Actor, facts: Facts, past: PastFacts, channel: Channel, ends_now: bool
) -> None:
    if ends_now and facts.decision is not None:
        past = replace(past, decisions=(*past.decisions, facts.decision))
    answer = decide(actor, facts, channel, older(past, uploader=actor.id))
    if not answer:
        return
    assert past.decisions
    assert decide(actor, facts, Channel.DATA)
    assert decide(actor, facts, Channel.DATA, VersionFacts(True))
    for decision in past.decisions:
        assert decide(actor, replace(facts, decision=decision), Channel.DATA)
    assert answer.readers == ("everyone",)
    assert {d.level for d in past.decisions} == {"biasa"}
    assert decide(ANONYMOUS, facts, Channel.DATA)
    assert past.said
    assert past.ordinary
    assert past.valid
    assert past.clean
    assert past.kept
    assert not past.disputed
    assert not facts.holds
    assert not facts.deleted


def test_older_versions_are_of_open_data_only_and_every_channel_says_the_same() -> None:
    facts = Facts("d", "dinkes", decision=OPEN)
    for channel in Channel:
        assert all(decide(actor, facts, channel, older(GIVEN)) for actor in PEOPLE.values())
        closed = older(replace(GIVEN, said=False))
        assert not any(decide(actor, facts, channel, closed) for actor in PEOPLE.values())
    limited = DecisionFacts("terbatas", frozenset({"disdukcapil"}))
    for then, now in ((limited, limited), (limited, OPEN), (OPEN, limited)):
        past = older(replace(GIVEN, decisions=(then, now)))
        for actor in PEOPLE.values():
            assert not decide(actor, replace(facts, decision=now), Channel.DATA, past)


@pytest.mark.parametrize("name", [f.name for f in fields(PastFacts)])
def test_what_is_not_said_closes_it(name: str) -> None:
    facts = Facts("d", "dinkes", decision=OPEN)
    unsaid = replace(GIVEN, **{name: getattr(PastFacts(), name)})
    for actor in PEOPLE.values():
        assert not decide(actor, facts, Channel.DATA, older(unsaid))


@pytest.mark.parametrize(
    "now",
    [
        {"holds": frozenset({"data"})},
        {"deleted": True},
        {"decision": None},
    ],
)
def test_whatever_befalls_the_dataset_closes_its_older_versions(now: dict[str, object]) -> None:
    facts = replace(Facts("d", "dinkes", decision=OPEN), **now)  # type: ignore[arg-type]
    for actor in PEOPLE.values():
        assert not decide(actor, facts, Channel.DATA, older(GIVEN))


def at(month: int) -> dt.datetime:
    return dt.datetime(2026, month, 1, tzinfo=dt.UTC)


def decided(number: int, version: str, **values: object) -> Decided:
    said = {"id": f"d{number}", "case": f"c{number}", "at": at(number), "says": OPEN}
    said |= {
        "personal": "tidak_ada",
        "older": True,
        "in_force": number == 3,
        "files": {"r": version},
    }
    return Decided(**{**said, **values})  # type: ignore[arg-type]


def case(number: int, reason: str = "new_bytes", **values: object) -> Judged:
    said = {"id": f"c{number}", "kind": "classify", "reasons": tuple(reason.split())}
    said |= {"states": frozenset({"draft", "verification", "decided"}), "ended": at(number)}
    return Judged(**{**said, **values})  # type: ignore[arg-type]


def kept(name: str, state: str = "superseded", **values: object) -> Kept:
    said = {"id": name, "resource": "r", "state": state, "brought": at(1), "kept": True}
    said |= {"sha256": f"hash of {name}"}
    return Kept(**{**said, "scans": {NEWEST: "clear", "before": "clear"}, **values})  # type: ignore[arg-type]


HISTORY = History(
    decisions=(decided(1, "v1"), decided(2, "v2"), decided(3, "v3")),
    cases=(case(1, "new_dataset"), case(2), case(3)),
    versions={v.id: v for v in (kept("v1"), kept("v2"), kept("v3", "approved"))},
    served={"r": "v3"},
)


def facts(history: History, version: str = "v1") -> PastFacts:
    return past_facts(history, version, newest=NEWEST, today=TODAY, rules=RULES)


def test_an_ordinary_next_version_leaves_the_older_ones_to_be_had() -> None:
    assert facts(HISTORY).given
    assert facts(HISTORY, "v2").given
    assert facts(HISTORY).decisions == (OPEN, OPEN, OPEN)
    assert not facts(HISTORY, "v3").given  # it is served, by its pointer
    assert facts(HISTORY, "unknown") == PastFacts()


def _with(**versions: Kept) -> History:
    return replace(HISTORY, versions={**HISTORY.versions, **versions})


def _decided_as(number: int, **values: object) -> History:
    made = [decided(n, f"v{n}", **(values if n == number else {})) for n in (1, 2, 3)]
    return replace(HISTORY, decisions=tuple(made))


CLOSED = {
    "a finding": replace(HISTORY, cases=(case(1), case(2), case(3, "new_findings"))),
    "a finding that joined": replace(HISTORY, cases=(case(1), case(2, "new_bytes new_findings"))),
    "a reason in words": replace(HISTORY, cases=(case(1), case(2, "Angka salah"), case(3))),
    "no reason": replace(HISTORY, cases=(case(1), case(2, ""), case(3))),
    "a removal": replace(HISTORY, cases=(*HISTORY.cases, case(4, kind="remove"))),
    "a removal that was withdrawn": replace(
        HISTORY, cases=(*HISTORY.cases, case(4, kind="remove", states=frozenset({"withdrawn"})))
    ),
    "a removal now": replace(HISTORY, cases=(*HISTORY.cases, case(4, kind="remove", ended=None))),
    "a consequence test": replace(
        HISTORY, cases=(case(1), case(2, states=frozenset({"consequence_test", "decided"})))
    ),
    "a hold, an incident or a request that ended": replace(HISTORY, shadows=(Shadow(at(2)),)),
    "one that lasts": replace(HISTORY, shadows=(Shadow(None),)),
    "nobody said it": _decided_as(3, older=False),
    "bytes that are wrong elsewhere": _with(v1=kept("v1", tainted=True)),
    "the bytes that are served": _with(v1=kept("v1", sha256="hash of v3")),
    "a masked next one": _with(v2=kept("v2", masked=True)),
    "masked": _with(v1=kept("v1", masked=True)),
    "a next one that is unknown": replace(HISTORY, versions={"v1": kept("v1")}),
    "sealed": _with(v1=kept("v1", sealed=True)),
    "purged": _with(v1=kept("v1", "purged", kept=False)),
    "bytes gone": _with(v1=kept("v1", kept=False)),
    "a file taken away": replace(HISTORY, served={}),
    "a file taken away for a time": _decided_as(2, files={}),
    "never scanned": _with(v1=kept("v1", scans={})),
    "older rules": _with(v1=kept("v1", scans={"before": "clear"})),
    "findings now": _with(v1=kept("v1", scans={NEWEST: "findings"})),
    "findings once": _with(v1=kept("v1", scans={NEWEST: "clear", "before": "findings"})),
    "a failed scan": _with(v1=kept("v1", scans={NEWEST: "failed"})),
    "classified anew": _decided_as(2, says=DecisionFacts("terbatas")),
    "another kind": _decided_as(3, kind="serta_merta"),
    "personal data": _decided_as(1, personal="umum"),
    "a decision that ended": _decided_as(1, ends=TODAY - dt.timedelta(1)),
    "a decision to be reviewed": _decided_as(2, review=TODAY - dt.timedelta(1)),
    "nothing in force": _decided_as(3, in_force=False),
}


@pytest.mark.parametrize("why", CLOSED)
def test_whatever_was_wrong_closes_it(why: str) -> None:
    assert not facts(CLOSED[why]).given


def test_an_ordinary_case_and_what_ended_before_close_nothing() -> None:
    harmless = replace(
        HISTORY,
        shadows=(Shadow(at(1) - dt.timedelta(1)),),
        cases=(*HISTORY.cases, case(4, ended=None, states=frozenset({"draft"}))),
    )
    assert facts(harmless).given


def test_bytes_that_came_back_are_as_old_as_they_are() -> None:
    """A hold before they were brought anew was on the same bytes."""
    back = _with(v1=kept("v1", sha256="same"), v2=kept("v2", sha256="same"))
    held = replace(back, shadows=(Shadow(at(2) - dt.timedelta(1)),))
    assert facts(back, "v2").given
    assert not facts(held, "v2").given


def test_an_incident_leaves_what_was_first_given_after_it() -> None:
    after = replace(HISTORY, shadows=(Shadow(at(2) - dt.timedelta(1)),))
    assert not facts(after).given
    assert facts(after, "v2").given


@given(st.sampled_from(sorted(CLOSED)), st.sampled_from(sorted(CLOSED)))
def test_two_things_that_are_wrong_open_nothing(one: str, two: str) -> None:
    changed = {
        f.name: getattr(CLOSED[two], f.name)
        for f in fields(History)
        if getattr(CLOSED[two], f.name) != getattr(HISTORY, f.name)
    }
    assert not facts(replace(CLOSED[one], **changed)).given
