from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from ckanext.satudata_pontianak.disclosure import command
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT

pytestmark = pytest.mark.slow

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
    assert document["ruleset"] == DEFAULT.id
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
    (folder / "a.rtf").write_bytes(b"{\\rtf1")
    out = satudata("scan", folder).stdout
    assert "clear.csv: clear" in out
    assert "nik: nik, 1 cells (100.00%), score 0.99" in out
    assert "headed as NIK" in out
    assert "Files of the format rtf cannot be scanned yet." in out


def test_no_ckan_is_imported(satudata, folder):
    program = (
        "import sys\n"
        "from ckanext.satudata_pontianak.disclosure import command, sandbox, engine\n"
        f"engine.scan_file({str(folder / 'clear.csv')!r})\n"
        "bad = {m for m in sys.modules if m.split('.')[0] in ('ckan', 'flask', 'sqlalchemy')}\n"
        "raise SystemExit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_help_says_what_the_exit_status_means(satudata):
    out = satudata("scan", "--help").stdout
    assert "Exit status:" in out
    for status in ("0  everything", "1  something", "2  a file could not be read"):
        assert status in out


def test_a_folder_without_files_is_not_clear(satudata, tmp_path):
    (tmp_path / "empty" / "sub").mkdir(parents=True)
    done = satudata("scan", "empty")
    assert done.returncode == 2
    assert "no file" in done.stderr


def test_a_folder_is_walked_whole_and_in_order(satudata, folder):
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / ".a.csv").write_text(f"nik\n{NIK}\n")
    (folder / "a.bin").write_bytes(b"\0\1\2\3")
    (folder / "gone.csv").symlink_to(folder / "none")
    done = satudata("scan", "--json", folder, folder / "clear.csv")
    found = [
        (f["path"].removeprefix(f"{folder}/"), f["verdict"], f["reason"])
        for f in json.loads(done.stdout)["files"]
    ]
    assert found == [
        ("a.bin", "failed", "unsupported_format"),
        ("clear.csv", "clear", None),
        ("gone.csv", "failed", "not_found"),
        (".hidden/.a.csv", "findings", None),
        ("sub/found.csv", "findings", None),
        ("clear.csv", "clear", None),
    ]


def test_a_folder_that_may_not_be_entered_is_named(folder, monkeypatch):
    """Root may enter every folder, so the refusal is made by hand."""
    walk = command.os.walk

    def refuse(top, onerror):
        onerror(PermissionError(13, "no", str(folder / "closed")))
        yield from walk(top)

    monkeypatch.setattr(command.os, "walk", refuse)
    assert [p.name for p in command._files([str(folder)])] == ["clear.csv", "found.csv", "closed"]


def test_the_page_is_whole_escaped_and_holds_no_value(satudata, folder):
    name = "<script>alert(1)</script> & 'x'"
    (folder / "b.csv").write_text(f"{name},nik\nx,{NIK}\nbudi@gmail.com,{NIK}\n")
    (folder / "<i>.rtf").write_bytes(b"{\\rtf1")
    done = satudata("scan", "--html", "r.html", "--json", folder)
    assert done.returncode == 2
    page = (folder.parent / "r.html").read_text("utf-8")
    assert NIK not in page
    assert "budi@gmail.com" not in page
    assert "<script" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#x27;x&#x27;" in page
    assert "Files of the format rtf cannot be scanned yet." in page
    assert not re.search(r"(?:src|href)=|url\(|@import|https?:", page)
    assert page.startswith("<!DOCTYPE html>")
    reader = Tags()
    reader.feed(page)
    assert reader.open == []
    found = [
        [f for t in file["tables"] for c in t["columns"] for f in c["findings"]]
        for file in json.loads(done.stdout)["files"]
    ]
    assert reader.rows == sum(len(one) + 1 for one in found if one)
    assert reader.rows > 4


class Tags(HTMLParser):
    """Counts rows, and remembers which elements are open."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []
        self.rows = 0

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        self.rows += tag == "tr"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_page_that_cannot_be_written_is_said(satudata, folder):
    done = satudata("scan", "--html", folder / "none" / "r.html", folder / "clear.csv")
    assert done.returncode == 2


def rules(folder, **fields):
    path = folder.parent / "rules.json"
    path.write_text(json.dumps(fields))
    return path


def test_rules_from_a_file(satudata, folder):
    (folder / "mail.csv").write_text("surel\nbudi@gmail.com\n")
    only = rules(folder, id="kota-1", kinds=["email"])
    done = satudata("scan", "--json", "--ruleset", only, folder)
    document = json.loads(done.stdout)
    assert document["ruleset"] == "kota-1"
    assert [f["verdict"] for f in document["files"]] == ["clear", "findings", "clear"]
    strict = rules(folder, id="kota-2", threshold=1)
    assert satudata("scan", "--ruleset", strict, folder).returncode == 0
    assert satudata("scan", "--ruleset", DEFAULT.id, folder).returncode == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"id": DEFAULT.id, "kinds": ["email"]},
        {"id": "a", "kinds": []},
        {"id": "a", "kinds": ["everything"]},
        {"id": "a", "kinds": [["nik"]]},
        {"id": "a", "threshold": 2},
        {"id": "a", "threshold": "0"},
        {"id": "a", "threshold": True},
        {"id": "a", "other": 1},
    ],
)
def test_rules_that_are_none_are_refused(satudata, folder, fields):
    done = satudata("scan", "--ruleset", rules(folder, **fields), folder / "clear.csv")
    assert done.returncode == 2
    assert "ruleset" in done.stderr
    assert done.stdout == ""


def test_unknown_rules_are_refused(satudata, folder):
    assert satudata("scan", "--ruleset", "2020.1", folder / "clear.csv").returncode == 2
    assert satudata("scan", "--ruleset", folder / "clear.csv", folder).returncode == 2


def test_a_bar_on_a_terminal_only(folder):
    large = folder / "large.csv"
    large.write_text("a,b\n" + "123,456\n" * 700_000)
    ours, theirs = pty.openpty()
    program = [sys.executable, "-c", RUN, "scan", str(large)]
    shown = b""
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:  # the other side has closed
                break
            if not data:
                break
            shown += data
        out = process.stdout.read()
    os.close(ours)
    assert process.returncode == 0
    assert b"100%" in shown
    assert b"%" not in out
    piped = subprocess.run(program, capture_output=True, check=False)
    assert piped.stderr == b""
