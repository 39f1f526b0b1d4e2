"""A call scans for some seconds, a person one call at a time; the rest waits for the worker."""

from __future__ import annotations

import io
from typing import Any

from rq import SimpleWorker

import ckan.plugins.toolkit as tk
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis

from ckanext.satudata_pontianak.classification.records import turns

ROWS = b"kecamatan,penduduk\nPontianak Kota,145200\nPontianak Barat,156782\n"


def work() -> None:
    """Let a real worker do what waits."""
    queue = jobs.get_queue("default")
    SimpleWorker([queue], connection=queue.connection).work(burst=True)


def pending(city: Any, dataset: dict[str, Any]) -> bool:
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    return bool(shown["scan_pending"])


def bring(city: Any, app: Any, dataset: dict[str, Any], who: str) -> None:
    """Upload a file, as a client of somebody."""
    sent = {
        "package_id": dataset["id"],
        "name": "Berkas",
        "upload": (io.BytesIO(ROWS + f"{who},1\n".encode()), "penduduk.csv"),
    }
    app.post("/api/3/action/resource_create", data=sent, headers=city.token(who), status=200)


def test_what_is_not_scanned_in_time_is_scanned_by_the_worker(city, app, monkeypatch) -> None:
    jobs.get_queue("default").empty()
    dataset = city.dataset(file=False)
    for seconds in (0, 0.001):
        monkeypatch.setitem(tk.config, "ckanext.satudata_pontianak.scan_inline_seconds", seconds)
        bring(city, app, dataset, "produsen")
        assert pending(city, dataset)
        work()
        assert not pending(city, dataset)
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    assert {scan["verdict"] for scan in shown["scans"]} == {"clear"}


def test_a_second_scan_of_one_person_waits_and_is_not_refused(city, app) -> None:
    jobs.get_queue("default").empty()
    dataset = city.dataset(file=False)

    key = turns.key_of(city.users["produsen"]["id"])
    connect_to_redis().set(key, "another call")
    try:
        bring(city, app, dataset, "produsen")
        assert pending(city, dataset)
        # Whoever scans nothing at this moment does not wait for somebody else.
        bring(city, app, dataset, "produsen_2")
        assert not pending(city, dataset)
    finally:
        connect_to_redis().delete(key)
    work()
    bring(city, app, dataset, "produsen")
    assert not pending(city, dataset)
    assert connect_to_redis().get(key) is None


def test_a_file_of_thousands_of_columns_is_left_to_the_worker_as_well(
    city, app, monkeypatch
) -> None:
    jobs.get_queue("default").empty()
    dataset = city.dataset(file=False)
    heading = ",".join(f"kolom_{n}" for n in range(3000))
    row = ",".join(["12", "Pontianak Kota", "6171014107800003"] * 1000)
    sent = {
        "package_id": dataset["id"],
        "name": "Lebar",
        "upload": (io.BytesIO("\n".join([heading, *[row] * 30]).encode()), "lebar.csv"),
    }
    monkeypatch.setitem(tk.config, "ckanext.satudata_pontianak.scan_inline_seconds", 0.05)
    app.post(
        "/api/3/action/resource_create",
        data=sent,
        headers=city.token("produsen"),
        status=200,
    )
    assert pending(city, dataset)
    # A second one waits in the queue behind it, whoever asks again.
    bring(city, app, dataset, "produsen")
    assert pending(city, dataset)
    work()
    assert not pending(city, dataset)
    shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
    found = {f["kind"] for scan in shown["scans"] for f in scan["findings"]}
    assert found == {"nik"}
