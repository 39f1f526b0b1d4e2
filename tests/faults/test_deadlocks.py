"""Two calls that wait for each other: PostgreSQL ends one, and it is made again as a whole."""

from __future__ import annotations

import io
import os
import threading

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.agencies import gate
from ckanext.satudata_pontianak.classification.records import deadlocks
from ckanext.satudata_pontianak.ledger.install import LOCK
from ckanext.satudata_pontianak.ledger.service import entry_table

from ..refusals import refusal_of

FILE = b"kecamatan,penduduk\nPontianak Timur,9876\n"
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE :pid = ANY(pg_blocking_pids(pid))"
ENDS = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"


class Other:
    """Another connection, which holds a lock and then wants what the first waiter holds."""

    def __init__(self, first: str, second: str, **values: object) -> None:
        self.first, self.second, self.values = first, second, values
        self.holds = threading.Event()
        self.met = self.failed = None
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> Other:
        self.thread.start()
        assert self.holds.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.join(30)
        assert self.failed is None, self.failed
        assert self.met

    def _run(self) -> None:
        engine = sa.create_engine(os.environ["SATUDATA_ADMIN_URL"])
        try:
            with engine.begin() as connection:
                # Whoever notices first is ended: this one is patient, so it is the other.
                connection.execute(sa.text("SET LOCAL deadlock_timeout = '60s'"))
                connection.execute(sa.text("SET LOCAL statement_timeout = '25s'"))
                pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
                connection.execute(sa.text(self.first), self.values)
                self.holds.set()
                for _ in range(400):
                    connection.execute(sa.text("SELECT pg_sleep(0.05), pg_stat_clear_snapshot()"))
                    if connection.scalar(sa.text(WAITS), {"pid": pid}):
                        self.met = True
                        break
                connection.execute(sa.text(self.second), self.values)
        except Exception as problem:  # noqa: BLE001 - told on the test's own thread
            self.failed = problem
        finally:
            self.holds.set()
            engine.dispose()


def entries_of(dataset_id: str) -> list[str]:
    model.Session.rollback()
    query = sa.select(entry_table.c.event).where(entry_table.c.dataset_id == dataset_id)
    return list(model.Session.scalars(query.order_by(entry_table.c.id)))


def test_an_upload_that_met_a_deadlock_is_stored_and_recorded_once(app, city) -> None:
    dataset = city.dataset(file=False)
    before = entries_of(dataset["id"])
    lock = f"SELECT pg_advisory_xact_lock({LOCK})"
    row = "SELECT 1 FROM package WHERE id = :id FOR UPDATE"
    sent = {
        "package_id": dataset["id"],
        "name": "Data",
        "upload": (io.BytesIO(FILE), "timur.csv"),
    }
    with Other(lock, row, id=dataset["id"]):
        made = app.post(
            "/api/action/resource_create",
            data=sent,
            headers=city.token("produsen"),
            content_type="multipart/form-data",
        )
    assert made.status_code == 200, made.json
    shown = city.act("produsen", "package_show", id=dataset["id"])
    assert len(shown["resources"]) == 1
    assert entries_of(dataset["id"])[len(before) :] == ["version.add"]
    got = app.get(shown["resources"][0]["url"], headers=city.token("produsen"))
    assert got.data == FILE


def test_a_page_and_an_agency_meet_no_error(app, city) -> None:
    row = "SELECT 1 FROM \"group\" WHERE name = 'dinkes' FOR UPDATE"
    with Other(row, f"SELECT pg_advisory_xact_lock({gate.LOCK})"):
        made = app.post(
            "/api/action/organization_patch",
            json={"id": "dinkes", "title": "Dinas Kesehatan Baru"},
            headers=city.token("kepala_dinkes"),
        )
    assert made.status_code == 200, made.json
    assert city.act(None, "organization_show", id="dinkes")["title"] == "Dinas Kesehatan Baru"


@pytest.fixture
def in_request(app):
    """A request that somebody sent."""
    with app.flask_app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        yield


def ending(times: int, *, commits: bool = False):
    """A call that PostgreSQL ends so many times, and how often it was made."""
    made: list[dict] = []

    def call(context, data_dict):
        made.append(dict(data_dict))
        data_dict["upload"] = context["seen"] = "changed"
        if commits:
            model.Session.commit()
        if len(made) <= times:
            model.Session.execute(sa.text(ENDS))
        return "done"

    return call, made


def test_parameters_come_to_each_try_as_they_came(city, in_request) -> None:
    call, made = ending(3)
    context = {"user": "x", "__auth_audit": [("a", 1)]}
    assert deadlocks._until_done("x", call, context, {"upload": "one"}) == "done"
    assert made == [{"upload": "one"}] * 4


def test_what_never_ends_is_a_clear_answer(city, in_request) -> None:
    call, made = ending(99)
    with refusal_of("message"):
        deadlocks._until_done("x", call, {}, {"upload": "one"})
    assert len(made) == deadlocks.TRIES


def test_what_committed_is_not_done_twice(city, in_request) -> None:
    call, made = ending(1, commits=True)
    with pytest.raises(sa.exc.OperationalError):
        deadlocks._until_done("x", call, {}, {"upload": "one"})
    assert len(made) == 1
    model.Session.rollback()
