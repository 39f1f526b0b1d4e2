"""Incidents: their clock, who is told, who ends one, and what is known of the exposure."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification import incidents, notices
from ckanext.satudata_pontianak.classification.incident_model import Incident
from ckanext.satudata_pontianak.classification.notice_model import Notice
from ckanext.satudata_pontianak.ledger.service import entry_table

NOW = dt.datetime.now(dt.UTC)


def begin(dataset, **values):
    """Begin an incident as the scan does."""
    given = {"ground": "scan", "versions": ["v1"], "kinds": ["nik"], "by": None}
    times = {"detected_at": NOW, "known_at": NOW}
    return incidents.begin(model.Session, dataset_id=dataset["id"], **given, **times, **values)


def told(kind: str) -> set[str]:
    return set(model.Session.scalars(sa.select(Notice.user_id).where(Notice.kind == kind)))


def test_an_incident_has_its_clock_its_record_and_tells_owner_walidata_and_ppid(city) -> None:
    dataset = city.publish()
    incident = begin(dataset)
    again = begin(dataset)
    assert again is incident
    assert incident.due_at - incident.known_at == dt.timedelta(hours=72)
    model.Session.commit()
    names = ("produsen", "produsen_2", "kepala_dinkes", "walidata", "walidata_2", "ppid", "ppid_2")
    assert told("incident_begun") == {city.users[name]["id"] for name in names}
    events = sa.select(entry_table.c.event).where(entry_table.c.event.like("incident.%"))
    assert list(model.Session.scalars(events)).count("incident.begin") >= 1


def test_a_notice_is_written_with_what_it_tells_of_or_not_at_all(city) -> None:
    dataset = city.publish()
    begin(dataset)
    model.Session.rollback()
    assert not told("incident_begun")
    assert model.Session.query(Incident).count() == 0
    with pytest.raises(ValueError, match="may not carry"):
        notices.tell(model.Session, "hold_placed", ["x"], facts={"title": "Data Pasien"})
    with pytest.raises(ValueError, match="may not carry"):
        notices.tell(model.Session, "incident_begun", ["x"], facts={"due": "Data Pasien"})
