"""A mark that a dataset waits for the index goes: while one is there no page is kept."""

from __future__ import annotations

import datetime as dt

import pytest

from ckan.lib import jobs as queues
from ckan.lib.search.common import SearchIndexError, make_connection

from ckanext.satudata_pontianak import clock
from ckanext.satudata_pontianak.classification import jobs
from ckanext.satudata_pontianak.classification.records import stale_index

REASON = "Ada data pribadi di dalamnya"


def documents(dataset_id: str) -> int:
    return make_connection().search(q=f'id:"{dataset_id}"', rows=0).hits


def test_a_mark_goes_with_a_dataset_that_is_purged(city) -> None:
    dataset = city.dataset(file=False)
    stale_index.mark([dataset["id"]])
    city.act("admin", "dataset_purge", id=dataset["id"])
    assert not stale_index.queries()
    assert not documents(dataset["id"])


def test_a_job_for_what_is_gone_meanwhile_ends_its_mark(city) -> None:
    stale_index.mark(["00000000-0000-0000-0000-000000000000"])
    jobs.reindex(["00000000-0000-0000-0000-000000000000"])
    assert not stale_index.queries()


def test_the_clock_makes_anew_what_no_job_is_left_for(city, monkeypatch) -> None:
    dataset = city.publish(tag_string="penanda")

    def fails(_dataset_id):
        raise SearchIndexError("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(stale_index.search, "rebuild", fails)
        held = {"id": dataset["id"], "scope": "all", "reason": REASON}
        city.act("walidata", "satudata_hold_create", **held)
        queue = queues.get_queue("priority")
        queue.empty()  # the job is lost
    assert stale_index.queries()
    # It may belong to a change that is not committed yet.
    assert stale_index.catch_up() == 0
    assert stale_index.queries()
    monkeypatch.setattr(stale_index, "PATIENCE_SECONDS", -60)
    with monkeypatch.context() as patch:
        patch.setattr(stale_index.search, "rebuild", fails)
        assert stale_index.catch_up() == 0
    assert stale_index.catch_up() == 1
    assert not stale_index.queries()
    found = city.act(None, "package_search", q="tags:penanda")
    assert found["count"] == 0


def test_a_hold_of_a_time_that_is_past_leaves_a_younger_document_out(city, monkeypatch) -> None:
    dataset = city.publish(tag_string="terdahulu")

    def fails(_dataset_id):
        raise SearchIndexError("no answer")

    with monkeypatch.context() as patch, clock.set_to(clock.now() - dt.timedelta(days=700)):
        patch.setattr(stale_index.search, "rebuild", fails)
        held = {"id": dataset["id"], "scope": "all", "reason": REASON}
        city.act("walidata", "satudata_hold_create", **held)
    assert city.act(None, "package_search", q="tags:terdahulu")["count"] == 0
    stale_index.rebuild(dataset["id"])


@pytest.fixture(autouse=True)
def no_marks(city):
    """Begin without a mark."""
    assert not stale_index.queries()
