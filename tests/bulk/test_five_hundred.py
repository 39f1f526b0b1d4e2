"""Five hundred datasets from one list, killed in the middle, by eight workers.

Its times: ``bin/test long services tests/bulk/test_five_hundred.py -o log_cli=true
--log-cli-level=INFO``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.bulk import state

from . import five_hundred
from .publishing import Publisher, held, kept


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _given_back(publisher: Publisher, city: Any) -> dict[str, list[str]]:
    """Return title → hashes of the bytes that the portal gives back."""
    found = {}
    headers = city.token("produsen")
    for each in model.Session.scalars(sa.text("SELECT id FROM package")).all():
        shown = city.act("produsen", "package_show", id=each)
        found[shown["title"]] = []
        for resource in shown["resources"]:
            address = publisher.portal + urlsplit(resource["url"]).path
            content = requests.get(address, headers=headers, timeout=60).content
            found[shown["title"]].append(hashlib.sha256(content).hexdigest())
    return found


@pytest.mark.long
def test_five_hundred_rows_with_twenty_faults_survive_a_kill(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    # Not sooner: CKAN's configuration silences the loggers that it finds.
    log = logging.getLogger(f"{__name__}.times")
    made = five_hundred.make(tmp_path)
    assert (len(made.hashes), len(made.faults)) == (480, 20)
    said, words = state.beside(made.path), ("--workers", "8")
    begun = time.monotonic()
    process = publisher.begin(str(made.path), *words)
    while _lines(said) < 200:
        # The line of a dataset that landed is the sign; no time is waited for.
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    killed = time.monotonic() - begun
    log.info("killed after %.0f s with %s datasets", killed, _lines(said))

    report = tmp_path / "laporan.jsonl"
    status, _ = publisher.run(made.path, *words, "--report", str(report), wait=7200)
    whole = time.monotonic() - begun
    log.info("ended after %.0f s in all: %.2f datasets a second", whole, 480 / whole)
    assert status == 1
    told = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    explained = {each["row"]: each for each in told if each["fault"]}
    assert {row: each["field"] for row, each in explained.items()} == made.faults
    assert all(each["column"] and each["what"] and each["todo"] for each in explained.values())
    assert held(city) == made.hashes
    assert _given_back(publisher, city) == made.hashes
    assert model.Session.scalar(sa.text("SELECT count(*) FROM resource")) == 480

    entries = sa.text("SELECT count(*) FROM satudata_ledger.entry WHERE text LIKE '%dataset.%'")
    before, written, listed = kept(), model.Session.scalar(entries), said.read_bytes()
    again = time.monotonic()
    assert publisher.run(made.path, *words, wait=7200)[0] == 1
    log.info("the second run, which changes nothing: %.0f s", time.monotonic() - again)
    assert kept() == before
    assert model.Session.scalar(entries) == written
    assert said.read_bytes() == listed
