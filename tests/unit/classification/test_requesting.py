"""Requests and grants: who may, by when, and never by one person what needs two."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Actor, Duty, StandIn
from ckanext.satudata_pontianak.classification.grants.request_definition import (
    STATES,
    RequestRules,
    request_rules,
)
from ckanext.satudata_pontianak.classification.grants.request_fields import check_asked, readable
from ckanext.satudata_pontianak.classification.grants.request_rules import (
    RequestContext,
    Requests,
    road_of,
)
from ckanext.satudata_pontianak.classification.rules.axes import classification
from ckanext.satudata_pontianak.classification.rules.refusals import (
    InvalidFields,
    NotAllowed,
    Refused,
)
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

OWNER, DATASET = "dinkes", "d"
TODAY = dt.date(2026, 11, 24)
LEVELS = list(classification().levels)
RULES = request_rules()
ENGINE = Requests(RULES, classification())
unhurried = settings(deadline=None)  # the first look at a year's holidays takes long
REASON = {"reason": "Alasan yang cukup panjang"}


def person(name: str, *duties: Duty, admin: bool = False, member: bool = False) -> Actor:
    return Actor(
        name,
        name,
        member_of=frozenset({"dinsos"} if member else ()),
        administers=frozenset({OWNER} if admin else ()),
        duties=frozenset(duties),
    )


PEOPLE = [
    person("citizen"),
    person("official", member=True),
    person("owner", admin=True),
    person("walidata", Duty.WALIDATA),
    person("ppid", Duty.PPID),
    person("ppid_2", Duty.PPID),
    person("superior", Duty.ATASAN_PPID),
    person("both", Duty.PPID, Duty.ATASAN_PPID),
    person("auditor", Duty.PENGAWAS),
    Actor("root", "root", sysadmin=True),
    Actor("gone", "gone", active=False, duties=frozenset({Duty.PPID})),
    ANONYMOUS,
]
BY_NAME = {p.name: p for p in PEOPLE}
people = st.sampled_from(PEOPLE)
roads = st.sampled_from(["official", "public", "personal", "closed", None])


def context(state: str = "open", road: str | None = "public", **values: object) -> RequestContext:
    known: dict = {"due": TODAY, "until": TODAY + dt.timedelta(days=30), **values}
    return RequestContext(state, road, DATASET, OWNER, known.pop("mine", False), **known)


def who_may(name: str, asked: RequestContext) -> set[str | None]:
    return {p.name for p in PEOPLE if name in ENGINE.options(asked, p, TODAY)}


@pytest.mark.parametrize(
    ("road", "who"),
    [
        ("official", {"owner", "walidata"}),
        ("public", {"ppid", "ppid_2", "both"}),
        ("personal", {"ppid", "ppid_2", "both"}),
        ("closed", set()),
        (None, set()),
    ],
)
def test_who_grants(road: str | None, who: set[str]) -> None:
    assert who_may("grant", context(road=road)) == who


@pytest.mark.parametrize(
    ("level", "personal", "official", "road"),
    [
        (None, None, False, None),
        ("biasa", "tidak_ada", False, None),
        ("terbatas", "tidak_ada", False, "public"),
        ("terbatas", "dianonimkan", True, "official"),
        ("terbatas", "umum", True, "personal"),
        ("terbatas", "spesifik", True, "personal"),
        ("terbatas", "umum", False, "closed"),
        ("terbatas", "unheard_of", False, "closed"),
        ("terbatas", "unheard_of", True, "personal"),
        ("rahasia", "tidak_ada", True, "closed"),
        ("sangat_rahasia", "tidak_ada", True, "closed"),
        ("unheard_of", "tidak_ada", True, "closed"),
    ],
)
def test_the_road_of_a_request(level, personal, official, road) -> None:
    assert road_of(level, personal, official, classification()) == road


@unhurried
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ppid", "ppid_2", "superior", "both", "official"]).map(BY_NAME.get),
            st.sampled_from(["grant", "grant", "refuse", "send_back", "object"]),
        ),
        min_size=2,
    )
)
def test_no_walk_gives_personal_data_by_one_person(acts) -> None:
    """Random people try random steps; who asked may object whenever the rules let them."""
    state, parts, granted_by = "open", {}, []
    for actor, name in acts:
        asked = context(
            state,
            "personal",
            parts=parts,
            mine=actor.name == "official",
            due=TODAY - dt.timedelta(days=1),
            answered_on=TODAY,
        )
        try:
            act = ENGINE.check(asked, name, actor, REASON, TODAY)
        except (Refused, InvalidFields):
            continue
        if act.part:
            parts = {**parts, act.part: parts.get(act.part, frozenset()) | {actor.id}}
        if name == "grant":
            granted_by = granted_by[-1:] if state in ("consent", "execution") else []
            granted_by.append(actor)
        state = act.target
        if state == "granted":
            assert len({p.id for p in granted_by}) == 2
            assert any(p.has(Duty.PPID) for p in granted_by)
            assert any(p.has(Duty.ATASAN_PPID) for p in granted_by)
            assert "official" not in {p.name for p in granted_by}
            return


@unhurried
@given(st.sampled_from(STATES), roads, people, st.booleans())
def test_nobody_answers_what_they_asked(state, road, actor, by_mailbox) -> None:
    mine = {"same_mailbox": True} if by_mailbox else {"mine": True}
    asked = context(state, road, answered_on=TODAY, **mine)
    allowed = set(ENGINE.options(asked, actor, TODAY))
    assert allowed <= ({"withdraw", "confirm", "object"} if not by_mailbox else set())


@unhurried
@given(st.sampled_from(STATES), roads, people)
def test_whoever_is_no_answerer_can_do_nothing_with_a_strangers_request(state, road, actor) -> None:
    asked = context(state, road, answered_on=TODAY)
    if (not actor.duties and not actor.administers) or not actor.active:
        assert ENGINE.options(asked, actor, TODAY) == []
        if not actor.active or actor.id is None:
            assert not ENGINE.sees(asked, actor)


@unhurried
@given(roads, people, st.sampled_from([s for s in STATES if RULES.states[s].end]))
def test_an_end_stays_an_end(road, actor, state) -> None:
    asked = context(state, road, answered_on=TODAY, mine=True)
    left = set(ENGINE.options(asked, actor, TODAY))
    assert left <= ({"object"} if state == "refused" else set())


def test_every_road_can_be_answered_by_different_people() -> None:
    """With everybody at their desk no request is stuck in any state."""
    for road in RULES.roads:
        for state in RULES.states.values():
            if state.end or state.name == "unconfirmed":
                continue
            parts = {"answerer": frozenset({"ppid"}), "judge": frozenset({"superior"})}
            if state.name == "objection":
                parts.pop("judge")
            asked = context(state.name, road, parts=parts)
            found = {n for p in PEOPLE for n in ENGINE.options(asked, p, TODAY)}
            reachable = road in {r for t in RULES.from_state(state.name) for r in t.roads}
            assert not reachable or found, (road, state.name)


def test_exclusions_are_of_persons() -> None:
    asked = context("consent", "personal", parts={"answerer": frozenset({"both"})})
    assert who_may("grant", asked) == {"superior"}
    judged = context("objection", "public", parts={"consenter": frozenset({"superior"})})
    assert who_may("refuse", judged) == {"both"}
    done = context("execution", "personal", parts={"judge": frozenset({"both"})})
    assert who_may("grant", done) == {"ppid", "ppid_2"}


def test_break_glass_counts_in_its_dataset_only() -> None:
    moment = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    for dataset, count in ((DATASET, True), ("other", False)):
        glass = StandIn("g", Duty.PPID, dataset, moment, moment + dt.timedelta(hours=1))
        root = Actor("root", "root", sysadmin=True, break_glass=frozenset({glass}))
        assert ("grant" in ENGINE.options(context(), root, TODAY)) is count


def refusal(asked: RequestContext, name: str, actor: str) -> str:
    with pytest.raises(Refused) as refused:
        ENGINE.check(asked, name, BY_NAME[actor], REASON, TODAY)
    return refused.value.code


def test_clocks() -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    mine = {"mine": True}
    assert refusal(context(**mine), "object", "citizen") == "not_overdue"
    assert ENGINE.check(context(due=yesterday, **mine), "object", BY_NAME["citizen"], REASON, TODAY)
    assert refusal(context(due=yesterday), "extend", "ppid") == "deadline_passed"
    assert refusal(context(extended=True), "extend", "ppid") == "extended_already"
    old = context("refused", answered_on=dt.date(2026, 1, 5), **mine)
    assert refusal(old, "object", "citizen") == "too_late"
    assert refusal(context("granted", **mine), "withdraw", "citizen") == "not_from_here"
    changed = context("consent", "personal", same_decision=False)
    assert refusal(changed, "grant", "superior") == "decision_changed"
    again = context("execution", "personal")
    assert refusal(again, "send_back", "ppid") == "decision_unchanged"
    assert refusal(context(road="closed"), "grant", "ppid") == "not_on_this_road"
    assert refusal(context(), "grant", "walidata") == "not_yours"


def test_deadlines_are_working_days_of_the_act() -> None:
    """UU 14/2008: 10 and 7 more for the answer, 30 to object, 30 for the superior."""
    due = ENGINE.due_after("create", "open", None, TODAY)
    assert due == dt.date(2026, 12, 8)
    assert ENGINE.due_after("extend", "open", due, TODAY) == dt.date(2026, 12, 17)
    assert ENGINE.due_after("grant", "consent", due, TODAY) == due
    assert ENGINE.due_after("send_back", "open", due, TODAY) == due
    assert ENGINE.due_after("refuse", "refused", due, TODAY) is None
    after = ENGINE.due_after("object", "objection", None, TODAY)
    assert after == ENGINE.last_day_to_object(TODAY)
    assert after is not None
    assert after > dt.date(2027, 1, 4)


texts = st.text() | st.none() | st.integers() | st.binary() | st.lists(st.text(), max_size=3)


@unhurried
@given(texts, texts, texts | st.dictionaries(st.text(), st.text(), max_size=2))
def test_no_input_passes_unread(purpose, until, scope) -> None:
    values = {"purpose": purpose, "until": until, "scope": scope}
    try:
        asked = check_asked(values, RULES, "public", ["r1"], TODAY)
    except InvalidFields:
        return
    assert "\x00" not in asked.purpose
    assert TODAY <= asked.until <= TODAY + dt.timedelta(days=90)
    assert asked.scope is None or asked.scope <= {"r1"}


@pytest.mark.parametrize("value", [None, 1, b"x", "a\x00b", "\ud800", ["x"]])
def test_what_a_database_cannot_keep_is_no_text(value) -> None:
    assert readable(value) is None


@unhurried
@given(st.dates(TODAY, TODAY + dt.timedelta(days=200)), st.dates(), people)
def test_never_more_is_given_than_was_asked(wanted, given_until, actor) -> None:
    asked = context(until=wanted, scope=frozenset({"r1", "r2"}))
    fields = {**REASON, "until": given_until.isoformat(), "scope": ["r1"]}
    try:
        act = ENGINE.check(asked, "grant", actor, fields, TODAY)
    except (Refused, InvalidFields):
        return
    assert act.until is not None
    assert TODAY <= act.until <= wanted
    assert act.scope == {"r1"}
    with pytest.raises(InvalidFields):
        ENGINE.check(asked, "grant", actor, {**fields, "scope": ["r3"]}, TODAY)
    with pytest.raises(InvalidFields):
        ENGINE.check(asked, "grant", actor, {**fields, "scope": "dataset"}, TODAY)


# ---------------------------------------------------------------------- the definition


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("answered_by: [ppid]", "answered_by: [pppid]", "unknown duty 'pppid'"),
        (
            "answered_by: [ppid]",
            "answered_by: []",
            "'answered_by': Expected `array` of length >= 1",
        ),
        ("longest_days: 366", "longest_days: -1", "'longest_days': Expected `int` >= 1"),
        ("due_working_days: 10", "due_working_days: soon", "Expected `int | null`, got `str`"),
        ("holder: atasan_ppid", "holder: boss", "unknown duty 'boss'"),
        ("  lapsed:", "  lapset:", "unknown state 'lapset'"),
        ("to: consent", "to: konsen", "unknown state 'konsen'"),
        ("part: answerer", "part: boss", "unknown part 'boss'"),
        ("when: overdue", "when: late", "'when': Invalid enum value 'late'"),
        ("roads: [personal]", "roads: [persons]", "'roads': Invalid enum value 'persons'"),
        ("required: [reason]", "required: [raison]", "unknown field 'raison'"),
        ("  too_many:", "  toomany:", "the message 'too_many' is missing"),
        ("open_of_one_person: 20", "open_of_one_person: many", "Expected `int`, got `str`"),
        ("roads: [official, public]\n", "roads: [official, public, personal]\n", "second person"),
        ("    exclude: [answerer]\n    roads: [personal]", "    roads: [personal]", "second"),
    ],
)
def test_a_wrong_definition_names_its_line(old: str, new: str, reason: str) -> None:
    text = (paths.schemas() / "requests.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(DefinitionError) as error:
        RequestRules.of(Source("requests.yaml", text.replace(old, new, 1)))
    assert reason in str(error.value)
    assert str(error.value).startswith("requests.yaml, line ")


def test_messages_of_refusals_are_those_of_the_file() -> None:
    with pytest.raises(NotAllowed) as refused:
        ENGINE.check(context(), "grant", BY_NAME["citizen"], REASON, TODAY)
    assert "PPID" in str(refused.value.message)
