"""The life of an app, as its file has it."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.jepin.rules.lifecycle import (
    CONDITIONS,
    NOT_FROM_HERE,
    NOT_YOURS,
    Entry,
    Lifecycle,
    lifecycle,
)
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

TEXT = (paths.schemas() / "jepin" / "lifecycle.yaml").read_text("utf-8")
WHOLE = Entry(decided=True, address=True, office=True, basis=True)
BOTH = frozenset({"owner", "walidata"})


def test_every_state_is_reached_and_left():
    rules = lifecycle()
    reached, edge = {rules.first}, [rules.first]
    while edge:
        state = edge.pop()
        for step in rules.offered(state, BOTH):
            if step.to not in reached:
                reached.add(step.to)
                edge.append(step.to)
    assert reached == set(rules.states)
    assert {name for name, state in rules.states.items() if state.ended} == {"retired", "merged"}


@pytest.mark.parametrize("name", [*lifecycle().steps])
def test_a_step_is_taken_from_its_states_by_its_people_and_by_nobody_else(name):
    rules = lifecycle()
    step = rules.steps[name]
    for state in rules.states:
        for parts in (frozenset(), frozenset({"owner"}), frozenset({"walidata"}), BOTH):
            said = [p.msgid for p in rules.problems(name, state, parts, WHOLE)]
            if not parts & set(step.by):
                assert said == [NOT_YOURS]
                assert step not in rules.offered(state, parts)
            elif state not in step.before:
                assert said == [NOT_FROM_HERE]
            else:
                assert said == []
                assert step in rules.offered(state, parts)


@pytest.mark.parametrize("missing", ["decided", "address", "office", "basis"])
def test_an_app_is_taken_into_use_only_when_its_entry_is_whole(missing):
    entry = Entry(**{**vars(WHOLE), missing: False})
    said = lifecycle().problems("start", "draft", BOTH, entry)
    assert [p.msgid for p in said] == [
        text for text, holds in CONDITIONS.values() if not holds(entry)
    ]
    assert len(said) == 1


def test_who_switches_off_is_walidata_alone_and_says_what_replaces_it():
    rules = lifecycle()
    for name in ("retire", "merge"):
        assert rules.steps[name].by == ("walidata",)
        assert rules.steps[name].day
    assert rules.steps["merge"].successor == "required"
    assert rules.steps["retire"].successor == "optional"


def test_a_state_has_working_days_or_none():
    rules = lifecycle()
    friday = dt.date(2026, 11, 27)
    assert rules.due("disturbed", friday) == dt.date(2026, 12, 11)
    assert rules.due("active", friday) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("first: draft", "first: nowhere", "unknown state 'nowhere'"),
        ("    to: active", "    to: gone", "unknown state 'gone'"),
        ("from: [draft]", "from: [gone]", "unknown state 'gone'"),
        ("needs: [decided,", "needs: [lucky,", "unknown condition 'lucky'"),
        ("    successor: required", '    successor: "no"', "what ends an app asks"),
        ("    day: true\n    successor: optional\n", "", "what ends an app asks"),
        ("by: [walidata]", "by: [mayor]", "mayor"),
        ("    from: [review]\n    to: active", "    from: [draft]\n    to: active\n    x: 1", "x"),
        ("first: draft", "first: draft\nmore: 1", "more"),
        ("from: [retired, merged]", "from: [retired]", "'merged' has no way out"),
    ],
)
def test_what_is_not_declared_is_refused_with_its_line(old, new, said):
    assert old in TEXT
    with pytest.raises(DefinitionError, match=said) as refused:
        Lifecycle.of(Source("lifecycle.yaml", TEXT.replace(old, new)))
    assert "line" in str(refused.value)
