"""Records are written with what they record, and nobody changes them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.ledger import install
from ckanext.satudata_pontianak.ledger.canonical import digest
from ckanext.satudata_pontianak.ledger.reading import codes_of
from ckanext.satudata_pontianak.ledger.service import append, entry_table

from ..refusals import refusal_of


def entries(dataset_id: str) -> list:
    model.Session.rollback()
    query = sa.select(entry_table).where(entry_table.c.dataset_id == dataset_id)
    return list(model.Session.execute(query.order_by(entry_table.c.id)))


def test_every_step_has_its_record_with_actor_duty_and_hash(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    done = city.step("walidata", dataset, "approve")
    found = entries(dataset["id"])
    events = [e.event for e in found]
    assert events == ["case.open", "proposal.change", "version.add", "case.submit", "case.approve"]
    last = found[-1]
    code = codes_of(model.Session, [last.id])[last.id]
    assert done["receipt"] == {"entry": last.id, "hash": last.hash, "code": code}
    assert digest(last.text) == last.hash
    assert last.body["duty"] == "walidata"
    assert last.body["actor"] == city.users["walidata"]["id"]
    assert last.body["detail"]["decision"]["tingkat_keamanan"] == "biasa"


def test_a_refused_step_leaves_the_record_that_it_was_refused_and_no_other(city) -> None:
    dataset = city.dataset()
    city.step("produsen", dataset, "submit")
    before = len(entries(dataset["id"]))
    with pytest.raises(tk.NotAuthorized):
        city.step("produsen", dataset, "approve")
    with refusal_of("catatan"):
        city.step("walidata", dataset, "return")
    added = entries(dataset["id"])[before:]
    assert [(e.event, e.outcome, e.actor_id) for e in added] == [
        ("refused", "refused", city.users["produsen"]["id"]),
        ("refused", "refused", city.users["walidata"]["id"]),
    ]
    told = [{k: e.body["detail"][k] for k in ("action", "transition", "code")} for e in added]
    action = "satudata_classification_transition"
    assert told == [
        {"action": action, "transition": "approve", "code": "not_allowed"},
        {"action": action, "transition": "return", "code": "fields"},
    ]


def test_a_record_goes_with_what_it_records(city) -> None:
    append(model.Session, event="test.lost", actor_id=None, dataset_id="nothing")
    model.Session.rollback()
    assert not entries("nothing")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE satudata_ledger.entry SET event = 'x'",
        "DELETE FROM satudata_ledger.entry",
        "TRUNCATE satudata_ledger.entry",
        "DROP TABLE satudata_ledger.entry",
        "ALTER TABLE satudata_ledger.entry ADD COLUMN x int",
    ],
)
def test_postgresql_refuses_the_application_to_change_the_ledger(city, statement) -> None:
    with pytest.raises(sa.exc.ProgrammingError):
        model.Session.execute(sa.text(statement))
    model.Session.rollback()
    assert install.installed(model.Session)
    assert install.protected(model.Session)


def test_reading_what_is_not_open_is_recorded_without_the_reading_of_open_data(city, app) -> None:
    limited, opened = city.limit(), city.publish()
    app.get(limited["resources"][0]["url"], headers=city.token("staf"))
    app.get(opened["resources"][0]["url"])
    reads = [e for e in entries(limited["id"]) if e.event == "data.read"]
    assert [e.actor_id for e in reads] == [city.users["staf"]["id"]]
    assert not [e for e in entries(opened["id"]) if e.event == "data.read"]
