"""People and agencies for the tests of this room."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests import factories, helpers

from ckanext.satudata_pontianak.ledger import reading
from ckanext.satudata_pontianak.ledger.service import entry_table

DECREE = "SK/1/2026"
PASSWORD = "correct-horse-1"


@pytest.fixture
def town(recorded, ledger_start, clean_index):
    """A small city: a custodian, an information officer, two producers and their people."""
    sysadmin = factories.Sysadmin(name="admin", password=PASSWORD)
    people = {
        name: factories.User(name=name)
        for name in ("walidata", "ppid", "dinkes_admin", "dinkes_editor", "warga")
    }

    def organization(name, roles, users=(), **more):
        return helpers.call_action(
            "organization_create",
            {"user": sysadmin["name"], "ignore_auth": False},
            name=name,
            title=name.title(),
            sdi_role=list(roles),
            users=[{"name": u, "capacity": c} for u, c in users],
            nomor_sk=DECREE,
            **more,
        )

    return SimpleNamespace(
        sysadmin=sysadmin["name"],
        people=people,
        organization=organization,
        kominfo=organization("kominfo", ["walidata", "produsen_data"], [("walidata", "admin")]),
        officer=organization("ppid", ["ppid"], [("ppid", "admin")]),
        dinkes=organization(
            "dinkes",
            ["produsen_data"],
            [("dinkes_admin", "admin"), ("dinkes_editor", "editor")],
        ),
        puskesmas=organization("puskesmas", ["produsen_data"], parent="dinkes"),
    )


@pytest.fixture
def act():
    """Call an action as somebody, with authorization."""

    def call(action, user, **data):
        return helpers.call_action(action, {"user": user, "ignore_auth": False}, **data)

    return call


@pytest.fixture
def ledger_start(clean_db):
    """The number of the last entry before the test: no test empties the ledger."""
    return model.Session.execute(sa.select(sa.func.max(entry_table.c.id))).scalar() or 0


@pytest.fixture
def records(ledger_start):
    """What the ledger says was done in this test, or of one event, oldest first."""

    def read(event=None):
        found = reading.entries(model.Session, reading.Wanted(), after=ledger_start, limit=10_000)
        done = [e for e in found if e["event"] != "refused"]
        return [e["said"] for e in done if event is None or e["event"] == event]

    return read


@pytest.fixture
def browser(app, town):
    """The system administrator in a browser: with a session, so that messages are shown."""
    page = app.post("/user/login", data={"login": "admin", "password": PASSWORD})
    assert page.status_code == 200
    return app
