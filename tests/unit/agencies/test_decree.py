"""What may be recorded as a decree, by whom, and who sees it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ckanext.satudata_pontianak.agencies.rules import decree
from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Agency, Duty
from ckanext.satudata_pontianak.portal.demo.paper import paper

TODAY = date(2026, 11, 24)
BODY = Agency("d", "dinkes", "Dinkes")
ADMIN = Actor("s", "s", sysadmin=True)
HEAD = Actor("h", "h", administers=frozenset({"d"}))
WALIDATA = Actor("w", "w", duties=frozenset({Duty.WALIDATA}))
AUDITOR = Actor("p", "p", duties=frozenset({Duty.PENGAWAS}))
EDITOR = Actor("e", "e", publishes_for=frozenset({"d"}))
NOBODY = Actor(None, None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"number": ""}, ["nomor_sk"]),
        ({"number": "x" * 201}, ["nomor_sk"]),
        ({"number": "SK\x07/1"}, ["nomor_sk"]),
        ({"day": None}, ["day"]),
        ({"day": TODAY + timedelta(days=1)}, ["day"]),
        ({"about": ""}, ["about"]),
        ({"about": "x" * 501}, ["about"]),
    ],
)
def test_what_speaks_against_a_record(changes, expected) -> None:
    values = {"number": "SK/1", "day": TODAY, "about": "Walidata", "body": None, **changes}
    found = decree.objections(ADMIN, decree.Offered(**values), TODAY)
    assert [objection.key for objection in found] == expected


def test_who_records_which_decree_and_who_has_its_scan() -> None:
    people = (ADMIN, WALIDATA, AUDITOR, HEAD, EDITOR, NOBODY)
    assert [decree.may_record(a, None) for a in people] == [True, True, *[False] * 4]
    assert [decree.may_record(a, "d") for a in people] == [True, True, False, True, False, False]
    assert [decree.may_see(a, "d") for a in people] == [*[True] * 4, False, False]
    assert [decree.may_see(a, None) for a in people] == [*[True] * 3, *[False] * 3]
    assert [decree.may_name(a, None) for a in people] == [*[True] * 4, False, False]
    assert not decree.may_see(HEAD, "other")
    assert not decree.watches(Actor("x", "x", sysadmin=True, active=False))
    named = decree.Offered("SK/1", TODAY, "x", Agency("o", "other", "Other"))
    assert [s.key for s in decree.objections(HEAD, named, TODAY)] == ["organization"]


def test_a_scan_is_a_pdf_of_a_bounded_size() -> None:
    assert decree.scan_objections(paper("SK/1")) == []
    for content in (
        None,
        b"",
        b"MZ\x90",
        b"%PDF-1.4 cut off",
        b"%%EOF %PDF-"[:5],
        b"%PDF-1.4\n%%EOF" + b" " * 10_000_000,
    ):
        assert [s.key for s in decree.scan_objections(content)] == ["scan"]


def test_a_number_is_recorded_for_its_agency_or_for_the_city() -> None:
    known = [("d", "sk/1"), (None, "sk/2")]
    named = [("d", "SK/1"), ("o", "SK/1"), ("o", " sk/2"), ("o", "SK/3"), ("d", "SK/3"), ("d", "")]
    assert decree.unrecorded(named, known) == ["SK/1", "SK/3"]
