"""A number that stands in two reports under one name is one number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.sop import evidence, reports
from ckanext.satudata_pontianak.sop.conformance import Period
from ckanext.satudata_pontianak.sop.conformance_tables import conformance_tables
from ckanext.satudata_pontianak.sop.transparency_tables import transparency_tables

LEAST_SHARED = 4


def by_name(tables: Any) -> dict[str, Any]:
    (short,) = (table for table in tables if table.key == "numbers")
    return {str(name.msgid): value for name, value in short.rows}


def test_what_has_one_name_has_one_number(city) -> None:
    dataset = city.publish()
    city.limit()
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="all", reason="Diperiksa.")
    waiting = city.dataset()
    city.step("produsen", waiting, "submit")
    # Whoever proposed may not approve, and somebody of another agency may not look.
    for who in ("produsen", "produsen_lain"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError)):
            city.step(who, waiting, "approve")
    reports.forget()
    today = registry.today()
    told = reports.transparency(today.year, today)
    # For nobody in particular: from a person is kept what they may not know of.
    measured = reports.evidence(None, today.year, today)
    year = Period(*(dt.date.fromisoformat(told.data[key]) for key in ("from", "to")))
    conformance = reports.conformance(None, year)
    names: dict[str, dict[str, Any]] = defaultdict(dict)
    found = {
        "conformance": by_name(conformance_tables(conformance.data, conformance.names)),
        "transparency": by_name(transparency_tables(told.data, told.names, reports.level_labels())),
        "evidence": {
            evidence.NUMBERS[key][0]: value for key, value in evidence.measured(measured).items()
        },
    }
    for report, numbers in found.items():
        for name, value in numbers.items():
            names[name][report] = value
    shared = {name: told for name, told in names.items() if len(told) > 1}
    assert len(shared) >= LEAST_SHARED
    assert {n: t for n, t in shared.items() if len(set(map(str, t.values()))) > 1} == {}
    assert found["evidence"]["Refused attempts"] > 0
