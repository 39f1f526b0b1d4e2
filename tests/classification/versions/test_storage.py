"""Where the bytes lie: a folder, and a real S3 server (moto's); the same holds for both."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

import ckan.plugins.toolkit as tk
from ckan.lib import files

from ckanext.satudata_pontianak.classification.versions import storage

NEW = b"kecamatan,penduduk\nPontianak Kota,145201\nPontianak Barat,156783\n"


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """Return the address of an S3 server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = {**os.environ, "AWS_EC2_METADATA_DISABLED": "true"}
    with subprocess.Popen(command, env=env, **quiet) as server:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while True:
            try:
                requests.get(f"{address}/moto-api/", timeout=5)
                break
            except requests.RequestException:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        yield address
        server.terminate()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """Return CKAN's file storage for versions, configured as an operator would."""
    name = "satudata_versions"
    if request.param == "folder":
        settings = {"type": "ckan:fs", "path": str(tmp_path / "berkas"), "initialize": True}
    else:
        settings = {
            "type": "file_keeper:s3",
            "bucket": "satudata-berkas",
            "key": "kunci",
            "secret": "rahasia",
            "region": "us-east-1",
            "endpoint": request.getfixturevalue("s3_server"),
            "initialize": True,
        }
    made = files.make_storage(name, {**settings, "name": name})
    monkeypatch.setitem(files.storages.members, name, made)
    return made


def test_the_same_bytes_are_kept_once_under_their_hash(with_plugins, store) -> None:
    first = storage.put(io.BytesIO(NEW))
    assert first.sha256 == hashlib.sha256(NEW).hexdigest()
    assert storage.put(io.BytesIO(NEW)) == first
    assert storage.exists(first.sha256)
    with storage.open_file(first.sha256) as stream:
        assert stream.read() == NEW
        stream.seek(10)
        assert stream.read(5) == NEW[10:15]


def test_what_is_not_there_is_said_to_be_missing(with_plugins, store) -> None:
    missing = "0" * 64
    assert not storage.exists(missing)
    with pytest.raises(FileNotFoundError):
        storage.open_file(missing)
    for bad in ("", "../" * 20, "A" * 64, "0" * 63):
        with pytest.raises(ValueError, match="not the name"):
            storage.exists(bad)


def test_nothing_is_kept_of_what_is_empty_or_too_large(with_plugins, store, ckan_config) -> None:
    with pytest.raises(storage.EmptyFile):
        storage.put(io.BytesIO(b""))
    ckan_config["ckan.max_resource_size"] = 0
    other = NEW + b"Pontianak Utara,1\n"
    with pytest.raises(storage.FileTooLarge):
        storage.put(io.BytesIO(other))
    assert not storage.exists(hashlib.sha256(other).hexdigest())


def test_bytes_are_removed(with_plugins, store) -> None:
    kept = storage.put(io.BytesIO(NEW))
    storage.remove(kept.sha256)
    assert not storage.exists(kept.sha256)
    storage.remove(kept.sha256)


def test_a_dataset_goes_its_whole_way(city, app, store, make_upload) -> None:
    dataset = city.publish()
    resource = dataset["resources"][0]
    old = app.get(resource["url"]).data
    city.act("produsen", "resource_patch", id=resource["id"], upload=make_upload(NEW, "b.csv"))
    assert app.get(resource["url"]).data == old
    with pytest.raises(tk.NotAuthorized):
        city.step("warga", dataset, "submit")
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")
    whole = app.get(resource["url"])
    assert whole.data == NEW
    part = app.get(resource["url"], headers={"Range": "bytes=10-14"}, status=206)
    assert part.data == NEW[10:15]
    same = app.get(resource["url"], headers={"If-None-Match": whole.headers["ETag"]}, status=304)
    assert same.data == b""
