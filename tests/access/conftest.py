"""The city of the contract, built once a run, its counts at the end; tables of the DataStore."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from ckan import model

from ckanext.satudata_pontianak.classification.clock import tables as table_care
from ckanext.satudata_pontianak.classification.desk import first_rows
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.versions import table_state, tables
from ckanext.satudata_pontianak.classification.versions.table_state import Tabled
from ckanext.satudata_pontianak.disclosure.readers.base import ReadError
from ckanext.satudata_pontianak.disclosure.table_stream import TableStream, table_stream

from .states import STATES
from .world import World

_world: list[World] = []
_tables: dict[tuple[str, ...], tuple[TableStream, bytes] | ReadError] = {}


@pytest.fixture
def world(request: pytest.FixtureRequest, with_plugins: None) -> World:
    """A city with a dataset in every state: made once a run, read by many tests."""
    if not _world or not _world[0].stands():
        request.getfixturevalue("clean_db")
        request.getfixturevalue("clean_index")
        _world[:] = [World()]
    return _world[0]


@pytest.fixture(autouse=True)
def read_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a file of the world as a table once: twenty people look at the same bytes.

    A child that reads one takes half a second to start. What somebody is shown of a table is asked
    of the portal each time.
    """
    if "world" in request.fixturenames:
        monkeypatch.setattr(first_rows, "table_stream", _remembered)


@contextmanager
def _remembered(path: str, *asked: Any, **more: Any) -> Iterator[TableStream]:
    key = (path, *map(repr, asked), repr(more))
    if key not in _tables:
        try:
            with table_stream(path, *asked, **more) as stream:
                _tables[key] = (stream, stream.rows.read())
        except ReadError as error:
            _tables[key] = error
    known = _tables[key]
    if isinstance(known, ReadError):
        raise known
    stream, rows = known
    yield replace(stream, rows=io.BytesIO(rows))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the contract tried."""
    total: Counter[str] = Counter()
    people = exits = 0
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            found = dict(getattr(report, "user_properties", ())).get("contract")
            if found and report.when == "call":
                people += 1
                exits = max(exits, found["exits"])
                total.update(
                    {k: found[k] for k in ("cells", "requests", "exchanged", "known", "leaks")}
                )
    if people:
        terminalreporter.write_line(
            f"contract: {exits} exits x {people} actors x {len(STATES)} states, "
            f"{total['cells']} cells, {total['requests']} requests, "
            f"{total['exchanged']} exchanged before a view, "
            f"{total['known']} of what may be known by turns, {total['leaks']} leaks"
        )


@pytest.fixture
def datastore(city) -> Iterator[None]:
    """Begin and end with no table in the DataStore's database."""
    _empty()
    yield
    model.Session.rollback()
    _empty()


def _empty() -> None:
    table_care.drop([table_state.table_of(v) for v in table_care.existing()])


@pytest.fixture
def work(city, datastore) -> Any:
    """Return what the worker does: make the tables that the versions of a dataset wait for."""

    def run(dataset: dict[str, Any]) -> list[Tabled | None]:
        served = [v.id for _, v in reads.pointers_of([dataset["id"]]).values()]
        waiting = [v.id for v in reads.waiting_versions([dataset["id"]])]
        model.Session.rollback()
        return [tables.load(version_id) for version_id in {*served, *waiting}]

    return run
