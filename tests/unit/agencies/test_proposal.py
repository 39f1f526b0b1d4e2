"""Who confirms a membership that somebody else proposed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ckanext.satudata_pontianak.agencies.rules import proposal
from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Agency, Duty
from ckanext.satudata_pontianak.agencies.rules.proposal import Proposal

PPID = Agency("p", "ppid", "PPID", roles=frozenset({Duty.PPID}))
DINKES = Agency("d", "dinkes", "Dinkes", roles=frozenset({Duty.PRODUSEN}))
UNTIL = datetime(2026, 11, 24, tzinfo=UTC)
HEAD = Actor("head", "head", administers=frozenset({"p", "d"}))
OTHER = Actor("other", "other", sysadmin=True)


@pytest.mark.parametrize(
    ("actor", "body", "by_sysadmin", "hands", "expected"),
    [
        (HEAD, PPID, True, {}, None),
        (OTHER, PPID, False, {}, None),
        (HEAD, DINKES, False, {}, None),
        (HEAD, PPID, False, {}, proposal.NO_ADMINISTRATOR),
        (Actor("maker", "m", sysadmin=True), PPID, True, {}, proposal.ONESELF),
        (Actor("x", "x", sysadmin=True), PPID, True, {}, proposal.ONESELF),
        (HEAD, PPID, True, {"head": {"maker"}}, proposal.ONE_MAKER),
        (HEAD, PPID, True, {"head": {"z"}, "maker": {"z"}}, proposal.ONE_MAKER),
        (HEAD, PPID, True, {"x": {"y"}, "y": {"head"}}, proposal.ONE_MAKER),
        (HEAD, PPID, True, {"x": {"maker"}}, None),
    ],
)
def test_three_people_take_part(actor, body, by_sysadmin, hands, expected) -> None:
    waiting = Proposal(body, "x", "admin", "maker", by_sysadmin, UNTIL)
    found = proposal.against_confirming(actor, waiting, hands, active=True)
    assert [objection.message.msgid for objection in found] == ([expected] if expected else [])


def test_who_takes_part_and_what_may_be_proposed() -> None:
    assert proposal.may_take_part(HEAD, "p")
    assert not proposal.may_take_part(HEAD, "other")
    assert not proposal.may_take_part(Actor("s", "s", sysadmin=True, active=False), "p")
    for role, has, active, waits, key in (
        ("admin", None, True, False, None),
        ("owner", None, True, False, "role"),
        (["admin"], None, True, False, "role"),
        ("editor", "editor", True, False, "role"),
        ("admin", None, False, False, "user"),
        ("admin", None, True, True, "user"),
    ):
        found = proposal.objections(role, has, active=active, waits=waits)
        assert [objection.key for objection in found] == ([key] if key else [])
