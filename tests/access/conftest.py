"""The city of the contract, built once a run, its counts at the end; tables of the DataStore."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from ckan import model

from ckanext.satudata_pontianak.classification.clock import tables as table_care
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.versions import table_state, tables
from ckanext.satudata_pontianak.classification.versions.table_state import Tabled

from .states import STATES
from .world import World

_world: list[World] = []


@pytest.fixture
def world(request: pytest.FixtureRequest, with_plugins: None) -> World:
    """A city with a dataset in every state: made once a run, read by many tests."""
    if not _world or not _world[0].stands():
        request.getfixturevalue("clean_db")
        request.getfixturevalue("clean_index")
        _world[:] = [World()]
    return _world[0]


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
                total.update({k: found[k] for k in ("cells", "requests", "exchanged", "leaks")})
    if people:
        terminalreporter.write_line(
            f"contract: {exits} exits x {people} actors x {len(STATES)} states, "
            f"{total['cells']} cells, {total['requests']} requests, "
            f"{total['exchanged']} exchanged before a view, {total['leaks']} leaks"
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
