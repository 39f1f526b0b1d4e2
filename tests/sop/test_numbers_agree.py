"""A number that stands in two places under one name is one number, and names where it is from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.ledger import proving
from ckanext.satudata_pontianak.ledger.tables import entry_table
from ckanext.satudata_pontianak.sop.audit import evidence, reports
from ckanext.satudata_pontianak.sop.audit.conformance import Period
from ckanext.satudata_pontianak.sop.audit.conformance_tables import conformance_tables
from ckanext.satudata_pontianak.sop.audit.transparency_tables import transparency_tables

LEAST_SHARED = 8
PUBLIC = " (counted in public)"


def by_name(tables: Any) -> dict[str, Any]:
    (short,) = (table for table in tables if table.key == "numbers")
    return {str(name.msgid): value for name, value in short.rows}


def told() -> dict[str, dict[str, Any]]:
    """Return each report's numbers by their names, for nobody in particular.

    From a person is kept what they may not know of.
    """
    reports.forget()
    today = days.today()
    public = reports.transparency(today.year, today)
    year = Period(*(dt.date.fromisoformat(public.data[key]) for key in ("from", "to")))
    conformance = reports.conformance(None, year)
    values = evidence.measured(reports.evidence(None, today.year, today))
    return {
        "conformance": by_name(conformance_tables(conformance.data, conformance.names)),
        "transparency": by_name(
            transparency_tables(public.data, public.names, reports.level_labels())
        ),
        "evidence": {evidence.NUMBERS[key][0]: value for key, value in values.items()},
    }


def shared(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    names: dict[str, dict[str, Any]] = defaultdict(dict)
    for report, numbers in found.items():
        for name, value in numbers.items():
            names[name][report] = value
    return {name: values for name, values in names.items() if len(values) > 1}


def elsewhere(city: Any) -> dict[str, dict[str, float]]:
    """Return what stands in two places that are made from different tables.

    The ledger remembers what other tests did, the tables do not: what comes of the same acts is
    compared, not what there was.
    """
    found = told()
    counted = {
        name: value
        for report in found.values()
        for name, value in report.items()
        if isinstance(value, int)
    }
    today = days.today()
    refused = sa.select(sa.func.count()).where(entry_table.c.outcome == "refused")

    def listed(who: str, action: str, **asked: Any) -> int:
        return city.act(who, action, **asked)["count"]

    held_back = listed("warga", "package_search", rows=0, fq="tingkat_keamanan:held")
    return {
        "open cases": {
            "transparency": counted["Open cases"],
            "queue": sum(
                listed(who, "satudata_classification_list", mine=False) for who in ("pengawas",)
            ),
        },
        "decisions in force": {
            "reports": counted["Decisions in force"],
            "tables": reports._stock(today)["decided"],
        },
        "open decisions": {
            "by level": reports.transparency(today.year, today).data["decisions"]["by_level"][
                "biasa"
            ],
            "catalogue": listed("warga", "package_search", rows=0, fq="tingkat_keamanan:biasa"),
            "register": listed("warga", "satudata_information_register", register="dip")
            - held_back,
        },
        "held decisions": {
            "transparency": reports.transparency(today.year, today).data["decisions"]["held"],
            "catalogue": held_back,
        },
        "requests": {
            "reports": counted["Requests for access"],
            "desk": listed("ppid", "satudata_access_request_list", desk=True),
        },
        "incidents": {
            "reports": counted["Incidents"],
            "list": listed("pengawas", "satudata_incident_list"),
        },
        "refused": {
            "reports": counted["Refused attempts"],
            "ledger": model.Session.scalar(refused) or 0,
        },
        "entries": {
            "reports": counted["Entries in the ledger"],
            "head": city.act(None, "satudata_ledger_head")["entries"],
        },
    }


def test_what_has_one_name_has_one_number_also_when_datasets_went_out_of_sight(city) -> None:
    """A dataset that goes out of sight is told to the public at the month's end only.

    That is another number, so it has another name: under one name the reports differed as soon
    as anything in the ledger of this month had been sealed, held or removed.
    """
    dataset = city.publish()
    city.limit()
    city.seal("sangat_rahasia")
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="all", reason="Diperiksa.")
    waiting = city.dataset()
    city.step("produsen", waiting, "submit")
    # Whoever proposed may not approve, and somebody of another agency may not look.
    for who in ("produsen", "produsen_lain"):
        with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError)):
            city.step(who, waiting, "approve")
    found = told()
    same = shared(found)
    assert len(same) >= LEAST_SHARED
    assert {n: t for n, t in same.items() if len(set(map(str, t.values()))) > 1} == {}
    assert found["evidence"]["Refused attempts"] > 0
    taken = "Decisions taken"
    assert found["conformance"][taken] > found["transparency"][taken + PUBLIC]


def test_what_stands_in_two_places_grows_alike(city) -> None:
    before = elsewhere(city)
    city.publish()
    limited = city.limit()
    held = city.publish()
    city.act("walidata", "satudata_hold_create", id=held["id"], scope="data", reason="Diperiksa.")
    waiting = city.dataset()
    city.step("produsen", waiting, "submit")
    with pytest.raises(tk.NotAuthorized):
        city.step("produsen", waiting, "approve")
    city.act(
        "warga",
        "satudata_access_request_create",
        id=limited["id"],
        purpose="Penelitian tentang ketersediaan obat di kota",
        until=(days.today() + dt.timedelta(days=30)).isoformat(),
    )
    city.act(
        "walidata",
        "satudata_incident_begin",
        id=limited["id"],
        reason="Salinan berkas terkirim ke alamat yang salah",
        known_at=dt.datetime.now(dt.UTC).isoformat(),
    )
    after = elsewhere(city)
    grown = {
        name: {place: value - before[name][place] for place, value in places.items()}
        for name, places in after.items()
    }
    assert {name: g for name, g in grown.items() if len(set(g.values())) > 1} == {}
    assert all(value > 0 for g in grown.values() for value in g.values()), grown


def test_reports_name_the_signed_head_that_they_were_counted_from(city, app) -> None:
    city.publish()
    entries = proving.size(model.Session)
    signed = proving.last_head(model.Session)
    reports.forget()
    told = city.act(None, "satudata_transparency")["ledger"]
    assert told["entries"] == entries
    assert told["signed"] == (signed.head.size if signed else 0)
    assert told["root"] == (signed.head.root if signed else None)
    for who, action, page in (
        ("pengawas", "satudata_conformance", "/satudata/kesesuaian"),
        ("pengawas", "satudata_evidence", "/satudata/bukti"),
        (None, "satudata_transparency", "/satudata/transparansi"),
    ):
        assert city.act(who, action)["ledger"]["entries"] >= entries
        body = app.get(page, headers=city.token(who)).body
        assert "Dihitung dari jejak audit" in body
        if signed:
            assert signed.head.root in body
    # What is published had all parts of its standard, and codes.
    frameworks = city.act("pengawas", "satudata_evidence")["frameworks"]
    sheets = {sheet["code"]: sheet["numbers"] for f in frameworks for sheet in f["sheets"]}
    assert sheets["10101"]["with_standard"] == sheets["10401"]["with_codes"] == 1
    assert sheets["10201"]["with_metadata"] == 1
    assert sheets["10301"]["with_table"] is not None
    assert sheets["20301"]["on_time"] == 1
    csv = app.get("/satudata/transparansi.csv").get_data(as_text=True)
    assert "Catatan yang dihitung" in csv
