"""Who may delegate what to whom, without services."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ckanext.satudata_pontianak.agencies.rules.delegation import (
    LONGEST_DAYS,
    Candidate,
    may_delegate,
    objections,
    sees_all,
)
from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Agency, Delegation, Duty

TODAY = date(2026, 11, 24)
BODY = Agency("p", "ppid", "PPID", roles=frozenset({Duty.PPID}))
PRODUCER = Agency("d", "dinkes", "Dinkes", roles=frozenset({Duty.PRODUSEN}))
HEAD = Actor("head", "head", administers=frozenset({"p"}))
PERSON = Candidate("x", active=True, admin=False)


def keys(**changes) -> list[str]:
    values = {
        "actor": HEAD,
        "body": BODY,
        "person": PERSON,
        "days": (TODAY, TODAY),
        "decree": "SK/1",
        "today": TODAY,
        **changes,
    }
    return [objection.key for objection in objections(**values)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"days": (TODAY - timedelta(9), TODAY)}, []),
        ({"days": (TODAY, TODAY + timedelta(LONGEST_DAYS - 1))}, []),
        ({"days": (TODAY, TODAY + timedelta(LONGEST_DAYS))}, ["until"]),
        ({"days": (TODAY, TODAY - timedelta(1))}, ["until"]),
        ({"days": (TODAY - timedelta(2), TODAY - timedelta(1))}, ["until"]),
        ({"body": PRODUCER}, ["organization"]),
        ({"person": Candidate("x", active=False, admin=False)}, ["user"]),
        ({"person": Candidate("x", active=True, admin=True)}, ["user"]),
        ({"person": Candidate("head", active=True, admin=False)}, ["user"]),
        ({"decree": None}, ["nomor_sk"]),
        ({"decree": "  "}, ["nomor_sk"]),
        ({"decree": "x" * 201}, ["nomor_sk"]),
    ],
)
def test_what_speaks_against_it(changes, expected) -> None:
    assert keys(**changes) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Delegation("p", "x", TODAY, TODAY), ["from"]),
        (Delegation("p", "x", TODAY - timedelta(9), TODAY + timedelta(9)), ["from"]),
        (Delegation("p", "x", TODAY + timedelta(1), TODAY + timedelta(9)), []),
        (Delegation("q", "x", TODAY, TODAY), []),
        (Delegation("p", "y", TODAY, TODAY), []),
    ],
)
def test_the_same_days_are_given_once(other, expected) -> None:
    assert keys(standing=[other]) == expected


def test_who_may() -> None:
    assert may_delegate(HEAD, BODY)
    assert may_delegate(Actor("s", "s", sysadmin=True), BODY)
    assert not may_delegate(Actor("s", "s", sysadmin=True, active=False), BODY)
    assert not may_delegate(HEAD, PRODUCER)
    assert not may_delegate(Actor("x", "x", duties=frozenset({Duty.PPID})), BODY)


def test_who_sees_all() -> None:
    assert sees_all(Actor("i", "i", duties=frozenset({Duty.PENGAWAS})))
    assert not sees_all(Actor("i", "i", duties=frozenset({Duty.PEMBINA})))
