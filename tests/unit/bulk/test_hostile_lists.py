"""Lists and dumps that others wrote: what they bring, where they lead, and what they say."""

from __future__ import annotations

import json
import stat
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from ckanext.satudata_pontianak.bulk import book, bringing, dump, fetching, report, state, token
from ckanext.satudata_pontianak.bulk.checking import Surroundings, check
from ckanext.satudata_pontianak.bulk.fetching import Fetcher, NotFetched
from ckanext.satudata_pontianak.bulk.fields import Headings
from ckanext.satudata_pontianak.bulk.plan import wanted
from ckanext.satudata_pontianak.bulk.reading import Unreadable, read
from ckanext.satudata_pontianak.commands import main

from . import lists

ESCAPE = "\u001b]0;milikku\u0007\u202e"


@pytest.mark.parametrize(
    "name", ["token.txt", ".netrc", ".ssh/id_rsa", "manifest.jsonl", "salinan.txt"]
)
def test_no_list_brings_the_token_a_setting_or_itself(tmp_path, name):
    (tmp_path / ".ssh").mkdir()
    for each in ("token.txt", ".netrc", ".ssh/id_rsa", "salinan.txt"):
        (tmp_path / each).write_text("kunci rahasia-sekali\n")
    path = lists.as_jsonl(tmp_path / "manifest.jsonl", lists.rows(1, berkas=name))
    around = Surroundings(
        closed=frozenset({(tmp_path / "token.txt").resolve()}), secret="rahasia-sekali"
    )
    found = check(read(path, Headings(str)), around)
    assert [r.code for r in found.remarks if r.fault] == ["outside"]


def test_rows_past_the_most_are_never_left_out_without_a_word(tmp_path):
    book_ = Workbook(write_only=True)
    sheet = book_.create_sheet()
    sheet.append(["title", "organization"])
    for n in range(6000):
        sheet.append([])
        sheet.append([f"Data {n}", "dinkes"])
    book_.save(tmp_path / "manifest.xlsx")
    found = read(tmp_path, Headings(str))
    assert len(found.rows) == 6000
    assert found.rows[-1].number == 12_001


def test_a_list_of_too_many_columns_is_refused(tmp_path):
    path = lists.as_jsonl(tmp_path / "manifest.jsonl", [{f"k{n}": "1" for n in range(20_000)}])
    with pytest.raises(Unreadable):
        read(path, Headings(str))


def test_a_line_nested_without_end_is_no_line(tmp_path):
    path = tmp_path / "manifest.jsonl"
    path.write_text("[" * 100_000 + "\n")
    assert read(path, Headings(str)).rows[0].broken
    assert [given for _n, given in dump.lines(path)] == [None]


def test_signs_that_terminals_or_workbooks_do_not_bear_are_taken_out(tmp_path):
    rows = lists.rows(1, urusan=f"x\u0001{ESCAPE}", title="T\ud800")
    lists.files(tmp_path, rows)
    manifest = read(lists.as_jsonl(tmp_path / "manifest.jsonl", rows), Headings(str))
    remarks = check(manifest, Surroundings()).remarks
    assert book.as_xlsx(manifest, remarks, str)
    assert report.as_jsonl(remarks, str).encode()
    said = "\n".join(report.lines(remarks, str))
    assert said.encode()
    assert not set(said) & set("\u0001\u001b\u0007\u202e")


@pytest.mark.parametrize("heading", ["Perangkat Daerah", "OPD", "SKPD", "Instansi"])
def test_the_names_that_offices_give_to_the_agency_are_known(heading):
    assert Headings(str).field(heading) == "owner_org"


def test_a_table_below_a_letterhead_is_read_by_its_own_separator(tmp_path):
    path = tmp_path / "manifest.csv"
    path.write_text("DAFTAR DATASET DINAS KESEHATAN\n\ntitle,organization\nPosyandu,dinkes\n")
    assert [row.cells["title"] for row in read(path, Headings(str)).rows] == ["Posyandu"]


def test_what_is_kept_beside_a_list_is_for_its_owner_alone(tmp_path):
    kept = state.State(state.beside(tmp_path / "manifest.csv"), "https://data.example")
    kept.add(state.Entry("k", "d", "i"))
    (tmp_path / "laporan.csv").touch(0o644)
    state.write(tmp_path / "laporan.csv", b"x")
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["https://:sandi@data.example", "https://data.example#x"])
def test_an_address_with_more_than_a_place_is_none(url):
    with pytest.raises(token.NoToken):
        token.address(url, {})


class Asked:
    """A portal that holds a dataset which something else made."""

    def __init__(self, shown):
        self.shown_, self.calls = shown, []

    def find(self, name):
        return self.shown_

    def shown(self, name):
        return {**self.shown_, "notes": lists.RIGHT["notes"]}

    def call(self, action, data, file=None):
        self.calls.append(action)
        if action == "package_create":
            raise bringing.Refused({"name": ["taken"]})
        return self.shown("")


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_dataset_that_something_else_made_is_changed_only_where_that_is_asked_for(
    tmp_path, overwrite
):
    rows = lists.rows(1, name="dinkes-posyandu", berkas="")
    manifest = read(lists.as_jsonl(tmp_path / "manifest.jsonl", rows), Headings(str))
    (dataset,) = check(manifest, Surroundings({"dinkes": "Dinkes"}, {"cc-by": ""})).datasets
    there = {**dataset.fields, "id": "1", "notes": "Lain.", "organization": {"name": "dinkes"}}
    portal = Asked(there)
    done = bringing.bring(portal, wanted(dataset), None, submit=False, overwrite=overwrite)
    assert [p.code for p in done.problems] == ([] if overwrite else ["not_ours"])
    assert ("package_patch" in portal.calls) is overwrite


# ------------------------------------------------------------------------------- other sites


class Leading(BaseHTTPRequestHandler):
    """Leads on, answers, and remembers who came with a password."""

    to = ""
    named: list[str | None] = []  # noqa: RUF012 - one for each test, below

    def do_GET(self) -> None:
        self.named.append(self.headers.get("Authorization"))
        self.send_response(302 if self.to else 200)
        if self.to:
            self.send_header("Location", self.to)
        self.send_header("Content-Type", "text/html" if "masuk" in self.path else "text/csv")
        self.end_headers()
        self.wfile.write(b"a,b\n1,2\n")

    def log_message(self, *_words) -> None:
        """Say nothing."""


@pytest.fixture
def server():
    """Return a function that serves, and where its answers lead."""
    running = []

    def serve(to=""):
        handler = type("Handler", (Leading,), {"to": to, "named": []})
        made = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=made.serve_forever, daemon=True).start()
        running.append(made)
        return f"http://127.0.0.1:{made.server_port}", handler

    yield serve
    for each in running:
        each.shutdown()
        each.server_close()


def test_a_file_of_the_site_is_not_fetched_out_of_the_network_behind_it(tmp_path, server):
    inner, heard = server()
    site, _ = server(f"{inner}/rahasia.csv")
    with pytest.raises(NotFetched):
        Fetcher(site, 1).fetch(f"{site}/data.csv", tmp_path / "data.csv")
    assert heard.named == []
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_leads_inside_by_one_of_its_addresses_is_not_connected_to(tmp_path, server):
    site, heard = server()
    inner = site.replace("127.0.0.1", "localhost")
    with pytest.raises(NotFetched) as told:
        Fetcher("http://a.example", 1).fetch(f"{inner}/data.csv", tmp_path / "data.csv")
    assert str(told.value) == fetching.INSIDE
    assert heard.named == []


def test_no_password_of_this_computer_is_sent(tmp_path, server, monkeypatch):
    site, heard = server()
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login intern password RAHASIA\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    Fetcher(site, 1).fetch(f"{site}/data.csv", tmp_path / "data.csv")
    assert heard.named == [None]
    assert (tmp_path / "data.csv").read_text() == "a,b\n1,2\n"


def test_a_page_in_place_of_a_file_is_no_file(tmp_path, server):
    site, _ = server()
    with pytest.raises(NotFetched):
        Fetcher(site, 1).fetch(f"{site}/masuk.csv", tmp_path / "masuk.csv")


def test_a_site_that_leads_round_in_a_circle_is_left(tmp_path, server):
    site, handler = server("/lagi.csv")
    with pytest.raises(NotFetched):
        Fetcher(site, 1).fetch(f"{site}/data.csv", tmp_path / "data.csv")
    assert len(handler.named) == 5


def test_datasets_whose_names_differ_by_a_sign_keep_their_own_files(tmp_path, server):
    site, _ = server()
    lines = [
        {"id": name, "name": name, "title": name, "resources": [{"url": f"{site}/x.csv"}]}
        for name in ("data-2020", "data_2020")
    ]
    odd = [
        {"id": "a", "title": "A", "resources": [5], "organization": "x", "tags": 5},
        {"id": "b", "title": "B", "resources": "abc", "extras": 7},
        {"id": "data-2020", "title": "Sekali lagi"},
    ]
    path = tmp_path / "dump.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines + odd))
    words = ["from-ckan", str(path), "--site", site, "--out", str(tmp_path / "baru")]
    done = CliRunner().invoke(main, [*words, "--agency", "dinkes", "--lang", "en"])
    assert done.exit_code == 1, done.output
    assert "Line 5 names a dataset a second time" in done.output
    listed = (tmp_path / "baru" / "manifest.jsonl").read_text().splitlines()
    files = [f["berkas"] for line in listed for f in json.loads(line).get("berkas", ())]
    assert len(listed) == 4
    assert len(set(files)) == 2
    assert all((tmp_path / "baru" / each).is_file() for each in files)


def test_a_file_of_dots_has_a_name(server):
    given = {"id": "x", "title": "X", "resources": [{"url": "http://a.example/etc/...."}]}
    (file,) = dump.converted(given, "http://a.example", {}).files
    assert file.path.endswith("/1/berkas")
