from __future__ import annotations

import json
import subprocess
import sys

import pytest

NIK = "6171010101900001"
RUN = "from ckanext.satudata_pontianak.disclosure.command import main; main()"


@pytest.fixture
def satudata(tmp_path):
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", RUN, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

    return run


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "data"
    (data / "sub").mkdir(parents=True)
    (data / "clear.csv").write_text("a,b\n1,2\n")
    (data / "sub" / "found.csv").write_text(f"nik,nama\n{NIK},Budi\n")
    return data


def test_exit_status(satudata, folder):
    (folder / "broken.xlsx").write_bytes(b"x")
    clear, found, broken = (folder / n for n in ("clear.csv", "sub/found.csv", "broken.xlsx"))
    assert satudata("scan", clear).returncode == 0
    assert satudata("scan", clear, found).returncode == 1
    assert satudata("scan", clear, found, broken).returncode == 2
    assert satudata("scan", folder / "none.csv").returncode == 2
    assert satudata("scan", "--fail-on", "failed", found).returncode == 0
    assert satudata("scan", "--fail-on", "failed", found, broken).returncode == 2
    assert satudata("scan", "--fail-on", "never", found, broken).returncode == 0


def test_json(satudata, folder):
    done = satudata("scan", "--json", folder)
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert document["ruleset"] == "2026.2"
    first, second = document["files"]
    assert first["verdict"] == "clear"
    assert second["path"].endswith("sub/found.csv")
    assert (second["verdict"], second["reason"]) == ("findings", None)
    (table,) = second["tables"]
    assert (table["name"], table["rows"], table["person_level"]) == (None, 1, True)
    assert [c["name"] for c in table["columns"]] == ["nik", "nama"]
    (finding,) = table["columns"][0]["findings"]
    assert {k: finding[k] for k in ("kind", "count", "share", "score", "class", "reason")} == {
        "kind": "nik",
        "count": 1,
        "share": 1.0,
        "score": 0.99,
        "class": "umum",
        "reason": "nik.header",
    }
    assert finding["sample"] == "*" * 14 + "01"


@pytest.mark.parametrize("options", [["--json"], []])
def test_the_value_is_nowhere_in_the_output(satudata, folder, options):
    done = satudata("scan", *options, folder)
    assert NIK not in done.stdout + done.stderr
    assert "01" in done.stdout


def test_text_says_what_and_why(satudata, folder):
    (folder / "a.pdf").write_bytes(b"%PDF-1.7")
    out = satudata("scan", folder).stdout
    assert "clear.csv: clear" in out
    assert "nik: nik, 1 cells (100.00%), score 0.99" in out
    assert "headed as NIK" in out
    assert "Files of the format pdf cannot be scanned yet." in out


def test_no_ckan_is_imported(satudata, folder):
    program = (
        "import sys\n"
        "from ckanext.satudata_pontianak.disclosure import command, sandbox, engine\n"
        f"engine.scan_file({str(folder / 'clear.csv')!r})\n"
        "bad = {m for m in sys.modules if m.split('.')[0] in ('ckan', 'flask', 'sqlalchemy')}\n"
        "raise SystemExit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
