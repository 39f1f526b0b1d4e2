"""Another ``classification.yaml`` brings core's ``private``, labels and index in step by itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rq import SimpleWorker

from ckan import model
from ckan.lib import jobs
from ckan.lib.search.common import make_connection

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.classification import startup
from ckanext.satudata_pontianak.classification.records import ungoverned_index
from ckanext.satudata_pontianak.classification.rules.axes import classification

OPEN_ROW = """  terbatas:
    exists: [everyone]
    metadata: [everyone]
"""
TIGHT_ROW = """  terbatas:
    exists: [owner_publishers, walidata, pengawas]
    metadata: [owner_publishers, walidata]
"""
Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path, monkeypatch) -> Iterator[Write]:
    """Change the file, as an operator does who then restarts the site."""
    folder = tmp_path / "schemas"
    shutil.copytree(paths.schemas(), folder)
    monkeypatch.setattr(paths, "schemas", lambda: folder)
    file = folder / "classification.yaml"

    def write(old: str, new: str) -> None:
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
        classification.cache_clear()

    jobs.get_queue("bulk").empty()
    yield write
    monkeypatch.undo()
    classification.cache_clear()
    jobs.get_queue("bulk").empty()


def work(most: int | None = None) -> None:
    """Let a real worker do what waits."""
    queue = jobs.get_queue("bulk")
    SimpleWorker([queue], connection=queue.connection).work(burst=True, max_jobs=most)


def is_labelled_public(dataset: dict[str, Any]) -> bool:
    """Tell whether the index has it under the label of everybody, whoever may search for it."""
    query = f'+id:"{dataset["id"]}" +permission_labels:"public"'
    return make_connection().search(q=query).hits == 1


def is_private(dataset: dict[str, Any]) -> bool:
    model.Session.expire_all()
    package = model.Package.get(dataset["id"])
    assert package is not None
    return package.private


def test_a_tightened_and_a_loosened_level_are_followed_without_a_reindex(
    city, app, write, monkeypatch
) -> None:
    open_one, limited = city.publish(), [city.limit(), city.limit()]
    ids = {one["id"] for one in limited}

    def found(who: str | None) -> set[str]:
        asked = {"rows": 50, "include_private": True, "facet.field": ["organization"]}
        answer = app.post(
            "/api/3/action/package_search", json=asked, headers=city.token(who)
        ).get_json()["result"]
        assert answer["count"] == len(answer["results"])
        assert sum(answer["facets"]["organization"].values()) == answer["count"]
        return {dataset["id"] for dataset in answer["results"]}

    def status(who: str | None, path: str) -> int:
        return app.get(path, headers=city.token(who), follow_redirects=False).status_code

    def closed_to_everybody() -> None:
        assert found(None) == {open_one["id"]}
        for one in limited:
            assert status(None, f"/api/3/action/package_show?id={one['id']}") == 404
            assert status(None, f"/dataset/{one['name']}") == 404
        names = app.get("/api/3/action/package_list").get_json()["result"]
        assert names == [open_one["name"]]

    everything = {open_one["id"], *ids}
    assert found(None) == everything
    assert startup.apply_governed_types() == []
    assert ungoverned_index.refresh_stale() == 0

    # Before anything else happened the policy alone decides, and nothing comes out.
    write(OPEN_ROW, TIGHT_ROW)
    assert all(is_labelled_public(one) for one in limited)
    closed_to_everybody()

    # A start closes what core lists by "private"; a worker that dies half-way leaves the rest.
    monkeypatch.setattr(ungoverned_index, "CHUNK", 1)
    monkeypatch.setattr(ungoverned_index, "CHUNK_SECONDS", 0)
    startup.check_adopted()
    startup.check_adopted()
    assert len(jobs.get_queue("bulk")) == 2, "what one process asked for the next does not"
    assert all(is_private(one) for one in limited)
    assert not is_private(open_one)
    closed_to_everybody()
    jobs.get_queue("bulk").empty()
    assert ungoverned_index.refresh_stale() == 2
    work(most=1)
    assert len(ungoverned_index.stale_ids()) == 1
    jobs.get_queue("bulk").empty()
    closed_to_everybody()

    # The clock asks for what is left.
    assert ungoverned_index.refresh_stale() == 1
    work()
    assert ungoverned_index.stale_ids() == []
    for one in limited:
        assert not is_labelled_public(one)
        assert status("walidata", f"/api/3/action/package_show?id={one['id']}") == 200
    closed_to_everybody()
    assert found("walidata") == everything
    assert found("warga") == {open_one["id"]}

    write(TIGHT_ROW, OPEN_ROW)
    startup.check_adopted()
    assert not any(is_private(one) for one in limited)
    work()
    assert all(is_labelled_public(one) for one in limited)
    assert found(None) == everything
    assert status(None, f"/dataset/{limited[0]['name']}") == 200
