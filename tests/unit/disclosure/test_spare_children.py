"""The child that waits for the next file of a process that scans often."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.disclosure import sandbox
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.limits import Limits
from ckanext.satudata_pontianak.disclosure.report import Verdict
from ckanext.satudata_pontianak.disclosure.sandbox import Sandbox

pytestmark = pytest.mark.own_children


@pytest.fixture
def spares(monkeypatch: pytest.MonkeyPatch) -> sandbox._Spares:
    """Return spare children of this test alone."""
    found = sandbox._Spares()
    monkeypatch.setattr(sandbox, "_spares", found)
    yield found
    if found._spare is not None:
        sandbox._kill(found._spare[1])


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("nik,nama\n6171010101900001,Budi\n")
    return path


def _scan(path: Path, limits: Limits | None = None) -> int:
    with Sandbox(*([limits] if limits else [])) as box:
        report = box.scan(path)
        assert box._process is not None
        assert report.to_json() == scan_file(path).to_json()
        return box._process.pid


def test_who_scans_once_has_none_and_who_scans_again_finds_one_that_waits(spares, table):
    first = _scan(table)
    assert spares._spare is None
    second = _scan(table)
    waiting = spares._spare[1].pid
    assert _scan(table) == waiting
    assert len({first, second, waiting, spares._spare[1].pid}) == 4


def test_one_that_ended_or_has_other_threads_is_not_taken(spares, table):
    _scan(table)
    _scan(table)
    ended = spares._spare[1]
    ended.kill()
    ended.wait()
    assert _scan(table) != ended.pid
    other = spares._spare[1]
    assert _scan(table, Limits(threads=2)) != other.pid
    assert other.poll() is not None


def test_it_keeps_to_the_limits_of_the_job_and_not_to_those_it_waited_with(spares, table, tmp_path):
    _scan(table)
    _scan(table)
    long = tmp_path / "b.csv"
    long.write_text("a,b\n" + "1,2\n" * 5_000_000)
    with Sandbox(Limits(wall_seconds=0.2)) as box:
        report = box.scan(long)
    assert (report.verdict, report.reason.code) == (Verdict.FAILED, "timeout")


def test_a_forked_process_takes_none_of_its_parent(spares, table):
    _scan(table)
    _scan(table)
    waiting = spares._spare[1].pid
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            taken = spares.take(Limits())
            os.write(writer, str(taken.pid).encode())
            sandbox._kill(taken)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert int(os.read(reader, 20)) != waiting
    os.close(reader)
    os.close(writer)
    assert spares._spare[1].poll() is None
    assert _scan(table) == waiting


def test_it_ends_with_the_process_that_it_waits_for(spares, table):
    _scan(table)
    _scan(table)
    spares._spare[1].stdin.close()
    assert spares._spare[1].wait(timeout=20) == 0
