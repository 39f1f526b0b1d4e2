"""What a report calls things that are gone: by words, never by their id."""

from __future__ import annotations

from ckanext.satudata_pontianak.sop.audit.conformance_tables import deviation
from ckanext.satudata_pontianak.sop.audit.tables import Language, Names

GONE = "8cf7c84f-6945-4cb1-9ac2-0f6d3f1f2b11"


def test_an_agency_that_is_gone_is_not_called_by_its_id() -> None:
    names = Names({}, {}, {"dinas": "Dinas Kesehatan"})
    assert names.agency("dinas") == "Dinas Kesehatan"
    assert GONE not in str(names.agency(GONE))
    assert "no longer there" in str(names.agency(GONE))
    assert "whole city" in str(names.agency(None))


def test_what_a_deviation_is_about_is_said_as_people_say_it() -> None:
    names = Names({"walidata_check": "Checked by Walidata"}, {}, {})
    row = {"agency": None, "state": "walidata_check", "step": "approve", "entry": 1}
    row |= {"dataset": GONE, "day": "2026-11-30"}
    for code, what, told in (
        ("break_glass", [GONE], "–"),
        ("late", ["2026-11-24"], "24 November 2026"),
        ("wrong_duty", ["walidata", "produsen_data"], "Data custodian (Walidata) / Data producer"),
        ("wrong_state", ["walidata_check"], "Checked by Walidata"),
        ("exclusion", ["proposer"], "proposer"),
    ):
        report = {"code": code, "what": what, **row}
        cells = [Language(str, "en").said(cell) for cell in deviation(report, names)]
        assert cells[-1] == told, code
        assert not any("8cf7c84f" in cell or "2026-11" in cell for cell in cells), code
