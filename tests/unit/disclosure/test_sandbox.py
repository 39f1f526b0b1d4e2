from __future__ import annotations

import json
import sys
import time

import pytest

from ckanext.satudata_pontianak.disclosure import sandbox
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE, Limits
from ckanext.satudata_pontianak.disclosure.report import Verdict
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT
from ckanext.satudata_pontianak.disclosure.sandbox import Sandbox, scan_in_child

pytestmark = pytest.mark.own_children

NIK = "6171010101900001"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"nik,nama\n{NIK},Budi\n")
    return path


def test_same_report_as_in_this_process(table):
    report = scan_in_child(table)
    assert report.to_json() == scan_file(table).to_json()
    assert report.verdict is Verdict.FINDINGS


def test_one_child_serves_many_files_and_is_replaced(table, tmp_path):
    with Sandbox() as box:
        assert box.scan(table).verdict is Verdict.FINDINGS
        assert box.scan(tmp_path / "none.csv").reason.code == "not_found"
        box._process.kill()
        assert box.scan(table).verdict is Verdict.FAILED
        assert box.scan(table).verdict is Verdict.FINDINGS


def test_time_runs_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,2\n" * 10_000_000)
    start = time.monotonic()
    report = scan_in_child(path, limits=Limits(wall_seconds=0.5))
    assert (report.verdict, report.reason.code) == (Verdict.FAILED, "timeout")
    assert time.monotonic() - start < 5


def test_processor_time_runs_out(tmp_path, child):
    child("import itertools\nfor _ in itertools.count(): pass", cpu=True)
    report = scan_in_child(tmp_path, limits=Limits(cpu_seconds=1, wall_seconds=20))
    assert (report.verdict, report.reason.code) == (Verdict.FAILED, "timeout")


def test_memory_runs_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + ",".join(["kata"] * 20_000_000))
    report = scan_in_child(path, limits=Limits(memory=600 * MEGABYTE))
    assert report.verdict is Verdict.FAILED
    assert report.reason.code in ("out_of_memory", "crashed")


@pytest.fixture
def child(monkeypatch, tmp_path):
    """Put another program in the place of the child."""

    def replace(program: str, *, cpu: bool = False) -> None:
        folder = tmp_path / "modules"
        folder.mkdir()
        prelude = "import sys\njob = sys.stdin.readline()\n"
        if cpu:
            prelude += "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\n"
        (folder / "other_child.py").write_text(prelude + program)
        monkeypatch.setenv("PYTHONPATH", str(folder))
        monkeypatch.setattr(sandbox, "_CHILD", "other_child")
        monkeypatch.setattr(sandbox, "_spares", sandbox._Spares())

    return replace


CLEAR = {
    "ruleset": DEFAULT.id,
    "path": "x",
    "verdict": "clear",
    "reason": None,
    "params": {},
    "tables": [],
}


def _say(document) -> str:
    return f"print({json.dumps(json.dumps(document))})"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("", "crashed"),
        ("raise SystemExit(3)", "crashed"),
        ("import os; os.abort()", "out_of_memory"),
        ("import os; os.kill(os.getpid(), 9)", "out_of_memory"),
        ("import os; os.kill(os.getpid(), 11)", "crashed"),
        ("print('clear')", "bad_output"),
        ("print('{}')", "bad_output"),
        ("print('[]')", "bad_output"),
        ("print('null')", "bad_output"),
        ("print('{\"report\": null}')", "bad_output"),
        (_say({"report": {"verdict": "clear"}}), "bad_output"),
        (_say({"report": {**CLEAR, "ruleset": "2020.1"}}), "bad_output"),
        (_say({"report": {**CLEAR, "verdict": "fine"}}), "bad_output"),
        (_say({"report": {**CLEAR, "reason": "crashed"}}), "bad_output"),
        (_say({"report": {**CLEAR, "verdict": "failed"}}), "bad_output"),
        (_say({"report": {**CLEAR, "verdict": "findings"}}), "bad_output"),
        ('sys.stdout.write(\'{"report": {"verdict": "clear"\')', "crashed"),
        ("sys.stdout.buffer.write(b'\\xff\\xfe\\n')", "bad_output"),
        ("import time; time.sleep(30)", "timeout"),
    ],
)
def test_no_way_to_end_is_clear(child, table, program, reason):
    child(program)
    report = scan_in_child(table, limits=Limits(wall_seconds=2))
    assert (report.verdict, report.reason.code) == (Verdict.FAILED, reason)


def test_the_child_inherits_no_secrets(child, table, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    child("import os; os._exit(7 if 'SECRET_KEY' in os.environ else 0)")
    with Sandbox(Limits(wall_seconds=5)) as box:
        box.scan(table)
    assert "SECRET_KEY" not in sandbox._KEPT


def test_the_working_folder_is_not_trusted(table, tmp_path, monkeypatch):
    (tmp_path / "polars.py").write_text("raise SystemExit(0)")
    monkeypatch.chdir(tmp_path)
    assert scan_in_child(table).verdict is Verdict.FINDINGS
    assert sys.executable
