"""Tables of the DataStore for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ckan import model

from ckanext.satudata_pontianak.classification import repository, table_care, tables, tabling
from ckanext.satudata_pontianak.classification.tabling import Tabled


@pytest.fixture
def datastore(city) -> Iterator[None]:
    """Begin and end with no table in the DataStore's database."""
    _empty()
    yield
    model.Session.rollback()
    _empty()


def _empty() -> None:
    table_care.drop([tabling.table_of(v) for v in table_care.existing()])


@pytest.fixture
def work(city, datastore) -> Any:
    """Return what the worker does: make the tables that the versions of a dataset wait for."""

    def run(dataset: dict[str, Any]) -> list[Tabled | None]:
        served = [v.id for _, v in repository.pointers_of([dataset["id"]]).values()]
        waiting = [v.id for v in repository.waiting_versions([dataset["id"]])]
        model.Session.rollback()
        return [tables.load(version_id) for version_id in {*served, *waiting}]

    return run
