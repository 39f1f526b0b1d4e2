"""Mails, logs and job arguments say ids and words of the procedure, never content."""

from __future__ import annotations

import logging

import pytest

from ckanext.satudata_pontianak.classification.records import reads

from ...city import upload
from ..reading.kept import queued

COLUMN, CELL, FILE, NIK = "kolomkenaria", "SELKENARIA", "arsipkenaria", "6171014101900001"
PURPOSE, PERSON = "Tujuan kenaria yang cukup panjang", "siti.kenaria@contoh.id"
RELAY_LOG = "mail.log"  # what the relay of the tests says of itself
OF_DATA = (COLUMN, CELL, FILE, NIK)
ROWS = f"{COLUMN},jumlah\n{CELL},12\nBiasa,7\n".encode()
FOUND = f"{COLUMN},nik\n{CELL},{NIK}\n".encode()


@pytest.fixture
def told(city, window, relay, work, caplog) -> dict[str, str]:
    """A limited dataset lives through everything that tells somebody; return what was told."""
    caplog.set_level(logging.DEBUG)
    dataset = city.limit(file=upload(ROWS, f"{FILE}.csv"))
    jobs = list(queued())
    work(dataset)
    window.ask(None, dataset, email=PERSON, purpose=PURPOSE)
    jobs += queued()
    mails = relay.deliver()
    city.act(None, "satudata_access_request_confirm", token=relay.token("konfirmasi", PERSON))
    asked = window.ask("warga", dataset, purpose=PURPOSE)
    window.decide("ppid", asked)
    assert window.status("warga", dataset) == 200
    assert window.status("pengawas", dataset) == 403
    city.act("warga", "datastore_search", id=dataset["resources"][0]["id"])
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=upload(FOUND, f"{FILE}2.csv"))
    (waiting,) = reads.waiting_versions([dataset["id"]])
    assert waiting
    city.act("ppid", "satudata_hold_create", id=dataset["id"], scope="all", reason=PURPOSE)
    jobs += queued()
    mails += relay.deliver()
    assert mails
    assert any(b"satudata_pontianak" in job for job in jobs)
    return {
        "mails": "\n".join(subject + body for _, subject, body in mails),
        "logs": "\n".join(r.getMessage() for r in caplog.records if r.name != RELAY_LOG),
        "jobs": b"\n".join(jobs).decode("latin-1"),
    }


def test_no_content_is_told(told) -> None:
    for where, text in told.items():
        assert [word for word in OF_DATA if word in text] == [], where


def test_no_purpose_and_no_address_of_somebody_is_told(told) -> None:
    for where, text in told.items():
        assert PURPOSE not in text, where
        assert PERSON not in text, where
