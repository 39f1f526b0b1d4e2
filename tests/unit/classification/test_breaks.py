"""Ten deliberate breaks of the rules: each is found by what must hold after every step.

Each break changes one place of one file, loads it, and lets people do what it allows. With the
real rules the same people are refused somewhere on the way, and everything holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.classification.rules.axes import Axes, Classification
from ckanext.satudata_pontianak.classification.rules.conditions import CONDITIONS
from ckanext.satudata_pontianak.classification.rules.definition import Workflow
from ckanext.satudata_pontianak.classification.rules.refusals import InvalidFields, Refused
from ckanext.satudata_pontianak.surface.yaml_source import Source

from .walk_acts import Acts
from .walk_contents import CONTENTS
from .walk_invariants import CHECKS, check_openings, check_table
from .walk_machine import CLOSED, EVERYBODY, OPENED, PEOPLE, SENT, can_be_decided, fields_of
from .walk_model import THIRD

WHO = {str(p.id): p for p in PEOPLE if not p.break_glass}
Act = Callable[[Acts], None]


def definitions(broken: str = "", old: str = "", new: str = "", after: str = "") -> Any:
    """Return workflow and classification with one replacement, the first behind ``after``."""
    texts = {}
    for name in ("workflow.yaml", "classification.yaml"):
        text = (paths.schemas() / name).read_text(encoding="utf-8")
        if name == broken:
            start = text.index(after)
            assert old in text[start:], f"{name} has no '{old}' behind '{after}'"
            text = text[:start] + text[start:].replace(old, new, 1)
        texts[name] = Source(name, text)
    workflow = Workflow(texts["workflow.yaml"], CONDITIONS)
    return workflow, Classification(texts["classification.yaml"])


def step(who: str, name: str, axes: Axes | None = None, *, go_on: bool = False) -> Act:
    """Somebody takes a step, with every field that it knows."""

    def act(world: Acts) -> None:
        case = world.case
        assert case is not None
        found = world.workflow.named(case.state, name, case.kind)
        limited = case.assessed is not None and case.assessed.tingkat_keamanan == "terbatas"
        recipients = [THIRD] if limited else []
        fields = fields_of(found, axes, recipients, go_on=go_on) if found else SENT
        world.step(WHO[who], name, fields)

    return act


def write(who: str, axes: Axes | None = None, content: str | None = None) -> Act:
    """Somebody brings bytes or changes the proposal."""
    return lambda world: world.write(WHO[who], axes, "r1", CONTENTS[content] if content else None)


def reopen(who: str, kind: str = "classify") -> Act:
    """Somebody opens a case on what was decided."""
    return lambda world: world.reopen(WHO[who], kind)


def hold(who: str) -> Act:
    """Somebody holds the data."""
    return lambda world: world.hold(WHO[who], "data")


def resolve(who: str, said: str) -> Act:
    """Somebody says something of the newest version's first finding."""

    def act(world: Acts) -> None:
        version = world.versions[-1]
        world.resolve(WHO[who], version, next(iter(version.content.items), None), said)

    return act


def published(content: str = "bersih-1", by: str = "produsen_1") -> list[Act]:
    """Somebody proposes these bytes as open and submits them."""
    return [write(by, OPENED[0], content), step(by, "submit")]


REFERRED = [*published(), step("walidata_1", "refer")]
LIMITED = [*REFERRED, step("ppid_1", "assess", CLOSED[0]), step("penetap_1", "approve")]
SECRET = [*REFERRED, step("ppid_1", "assess", CLOSED[2]), step("penetap_1", "approve")]

# name: file, the text there, what it becomes, behind which text; and what people then do.
BREAKS: dict[str, tuple[tuple[str, str, str, str], Sequence[Act]]] = {
    "the proposer approves": (
        (
            "workflow.yaml",
            "exclude: [proposer, assessor, approver, resolver]",
            "exclude: [assessor, approver, resolver]",
            "label: Approve as open",
        ),
        [*published(by="rangkap_walidata"), step("rangkap_walidata", "approve")],
    ),
    "findings are no reason against opening": (
        (
            "workflow.yaml",
            "no_unconcluded_referral, scans_clear,",
            "no_unconcluded_referral,",
            "label: Approve as open",
        ),
        [*published("nik"), step("walidata_1", "approve")],
    ),
    "Walidata opens what PPID closed": (
        ("workflow.yaml", "decision_open_or_none, ", "", "label: Approve as open"),
        [
            *LIMITED,
            reopen("produsen_1"),
            write("produsen_1", OPENED[0]),
            step("produsen_1", "submit"),
            step("walidata_2", "approve"),
        ],
    ),
    "a referral ends by withdrawing": (
        ("workflow.yaml", "no_unconcluded_referral, ", "", "label: Approve as open"),
        [
            *REFERRED,
            step("ppid_1", "return"),
            step("produsen_1", "withdraw"),
            *published("bersih-2"),
            step("walidata_2", "approve"),
        ],
    ),
    "who verified also assesses": (
        (
            "workflow.yaml",
            "exclude: [proposer, verifier, approver]",
            "exclude: [proposer, approver]",
            "label: Propose to close",
        ),
        [
            *published(),
            step("rangkap_semua", "refer"),
            step("rangkap_semua", "assess", CLOSED[0]),
        ],
    ),
    "who assessed also approves": (
        (
            "workflow.yaml",
            "exclude: [proposer, verifier, assessor]",
            "exclude: [proposer, verifier]",
            "label: Approve the decision",
        ),
        [
            *REFERRED,
            step("rangkap_semua", "declare_open", OPENED[0]),
            step("rangkap_semua", "approve"),
        ],
    ),
    "who verified also proposes": (
        (
            "workflow.yaml",
            "exclude: [verifier, assessor, approver]",
            "exclude: [assessor, approver]",
            "name: submit",
        ),
        [
            *published(),
            step("rangkap_walidata", "return"),
            step("rangkap_walidata", "submit"),
            step("walidata_1", "refer"),
        ],
    ),
    "PPID and its superior open what has findings": (
        (
            "workflow.yaml",
            "conditions_when_open: [scans_clear, personal_data_resolved,",
            "conditions_when_open: [personal_data_resolved,",
            "label: Approve the decision",
        ),
        [
            *published("nik"),
            step("walidata_1", "refer"),
            resolve("ppid_2", "false_alarm"),
            step("ppid_1", "declare_open", OPENED[0]),
            lambda world: world.said.clear(),
            step("penetap_1", "approve"),
        ],
    ),
    "who called a NIK a false alarm approves": (
        (
            "workflow.yaml",
            "exclude: [proposer, assessor, approver, resolver]",
            "exclude: [proposer, assessor, approver]",
            "label: Approve as open",
        ),
        [
            *published("nik"),
            resolve("walidata_1", "false_alarm"),
            step("walidata_1", "approve"),
        ],
    ),
    "a NIK is lawfully public": (
        ("classification.yaml", "kinds: [nik, no_kk]", "kinds: [no_kk]", "findings:"),
        [
            *published("nik"),
            resolve("walidata_1", "lawfully_public"),
            step("walidata_2", "approve"),
        ],
    ),
    "what waits is for everyone": (
        (
            "classification.yaml",
            "    data: [uploader, owner_publishers, case_holder]",
            "    data: [everyone, uploader]",
            "\n  waiting:",
        ),
        published(),
    ),
    "held data stay open": (
        (
            "classification.yaml",
            "data: [case_holder, walidata, ppid]",
            "data: [everyone]",
            "\n  held_data:",
        ),
        [
            *published(),
            step("walidata_1", "approve"),
            lambda world: world.hold(WHO["walidata_2"], "data"),
        ],
    ),
    "the owner's members see what is secret": (
        (
            "classification.yaml",
            "exists: [owner_publishers,",
            "exists: [owner_members, owner_publishers,",
            "\n  rahasia:\n    exists",
        ),
        SECRET,
    ),
    "Walidata lifts an incident": (
        ("classification.yaml", "[false_alarm]", "[false_alarm, remedied]", "lifted_by:"),
        [
            *published(),
            step("walidata_1", "approve"),
            hold("kepala"),
            write("produsen_1", None, "bersih-2"),
            step("produsen_1", "submit"),
            step("walidata_1", "refer"),
            step("ppid_1", "return", go_on=True),
            step("produsen_1", "submit"),
            step("walidata_2", "approve"),
            lambda world: world.lift(WHO["walidata_1"], world.holds[-1], "false_alarm"),
            lambda world: world.lift(WHO["walidata_1"], world.holds[-1], "remedied"),
        ],
    ),
    "a move needs a receiver who accepts, and nobody can": (
        ("workflow.yaml", "by: produsen_data", "by: operator", "name: accept"),
        [
            *published(),
            step("walidata_1", "approve"),
            reopen("produsen_1", "move"),
            step("produsen_1", "submit"),
        ],
    ),
}


CAUGHT = {
    "the proposer approves": "opened what rangkap_walidata proposed",
    "findings are no reason against opening": "nik was opened",
    "Walidata opens what PPID closed": "without PPID",
    "a referral ends by withdrawing": "without PPID",
    "who verified also assesses": "acted as assessor and as verifier",
    "who assessed also approves": "acted as approver and as assessor",
    "who verified also proposes": "acted as proposer and as verifier",
    "PPID and its superior open what has findings": "nik was opened",
    "who called a NIK a false alarm approves": "nik was opened",
    "a NIK is lawfully public": "nik was opened",
    "what waits is for everyone": "what waits is public|data without a decision are public",
    "held data stay open": "held data are public",
    "the owner's members see what is secret": "staf sees exists",
    "Walidata lifts an incident": "Walidata lifted an incident",
    "a move needs a receiver who accepts, and nobody can": "stuck",
}


def play(rules: Any, acts: Sequence[Act]) -> int:
    """Let people act one after the other, look after each act; return how many were refused."""
    world, refused, judged = Acts(*rules), 0, 0
    world.open_new(WHO["produsen_1"], Axes())
    for act in acts:
        try:
            act(world)
        except (Refused, InvalidFields):
            refused += 1
        for check in CHECKS:
            check(world)
        check_table(world, EVERYBODY, set())
        judged = check_openings(world, judged)
        case = world.case
        assert case is None or can_be_decided(world, world.context(case), set()), "stuck"
    return refused


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_is_caught(name: str) -> None:
    change, acts = BREAKS[name]
    rules = definitions(*change)
    with pytest.raises(AssertionError, match=CAUGHT[name]):
        play(rules, acts)


@pytest.mark.parametrize("name", BREAKS)
def test_the_real_rules_hold_where_a_broken_one_does_not(name: str) -> None:
    play(definitions(), BREAKS[name][1])


@pytest.mark.parametrize(("who", "refused"), [("walidata_1", 1), ("walidata_2", 0)])
def test_who_called_it_a_false_alarm_does_not_approve_it_in_a_later_case(who, refused) -> None:
    acts = [
        *published("nik"),
        resolve("walidata_1", "false_alarm"),
        step("produsen_1", "recall"),
        step("produsen_1", "withdraw"),
        write("produsen_1", OPENED[1]),
        step("produsen_1", "submit"),
        step(who, "approve"),
    ]
    assert play(definitions(), acts) == refused


@pytest.mark.parametrize(("who", "refused"), [("rangkap_walidata", 1), ("walidata_1", 0)])
def test_who_brought_bytes_meanwhile_is_a_proposer_once_they_are_proposed(who, refused) -> None:
    acts = [
        *published(),
        write("rangkap_walidata", None, "bersih-2"),
        step("produsen_1", "recall"),
        step("produsen_1", "submit"),
        step(who, "approve"),
    ]
    assert play(definitions(), acts) == refused


@pytest.mark.parametrize(("go_on", "refused"), [(False, 1), (True, 0)])
def test_what_ppid_took_up_itself_is_before_ppid_until_it_is_concluded(go_on, refused) -> None:
    acts = [
        *published(),
        step("walidata_1", "approve"),
        reopen("ppid_1"),
        step("ppid_1", "return", go_on=go_on),
        step("produsen_1", "submit"),
        step("walidata_1", "approve"),
    ]
    assert play(definitions(), acts) == refused


def test_bytes_brought_during_a_move_wait_for_the_next_case() -> None:
    acts = [
        *published(),
        step("walidata_1", "approve"),
        reopen("produsen_1", "move"),
        write("produsen_1", None, "bersih-2"),
        step("produsen_1", "submit"),
        step("produsen_penerima", "accept"),
        step("walidata_1", "approve"),
    ]
    world = Acts(*definitions())
    world.open_new(WHO["produsen_1"], Axes())
    for act in acts:
        act(world)
    assert world.owner == "dinsos"
    assert world.case is not None
    assert [v.case for v in world.waiting()] == [world.case.number]


def test_what_a_proposer_said_of_a_finding_does_not_count() -> None:
    acts = [
        *published("nama"),
        resolve("rangkap_walidata", "false_alarm"),
        step("produsen_1", "recall"),
        write("rangkap_walidata", OPENED[1]),
        step("produsen_1", "submit"),
        step("walidata_1", "approve"),
    ]
    assert play(definitions(), acts) == 1
    assert play(definitions(), [*acts, resolve("walidata_2", "false_alarm"), acts[-1]]) == 1
