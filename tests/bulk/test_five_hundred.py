"""Five hundred datasets from one list, killed in the middle, by eight workers."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.bulk import state

from .publishing import Publisher, hashes, held, kept, listed

KINDS = (
    {"urusan": "9.99"},
    {"berkas": "tidak-ada.csv"},
    {"maintainer_email": "budi@gmail.com"},
    {"tahun": "2025-2019"},
    {"notes": "Hubungi pemegang NIK 6171014101900001."},
)
FAULTS = {25 * n: KINDS[n % len(KINDS)] for n in range(1, 21)}
"""Row → what is wrong in it: twenty of five hundred."""


@pytest.mark.long
def test_five_hundred_rows_with_twenty_faults_survive_a_kill(
    publisher: Publisher, city: Any, tmp_path: Path
) -> None:
    path = listed(tmp_path, 500, FAULTS)
    process = publisher.begin(str(path), "--workers", "8")
    landed = 0
    while landed < 200:
        assert process.poll() is None
        landed = state.beside(path).read_bytes().count(b"\n") if state.beside(path).exists() else 0
    process.send_signal(signal.SIGKILL)
    process.communicate()
    status, said = publisher.run(path, "--workers", "8", wait=3600)
    assert status == 1
    told = {
        int(line.split(",")[0].split()[1]) for line in said.splitlines() if "[kesalahan]" in line
    }
    assert told == set(FAULTS)
    assert held(city) == hashes(tmp_path, 500, without=FAULTS)
    assert model.Session.scalar(sa.text("SELECT count(*) FROM resource")) == 480
    before = kept()
    assert publisher.run(path, "--workers", "8", wait=3600)[0] == 1
    assert kept() == before
