"""A dump of another CKAN becomes a list: unclassified, with its source, without its persons."""

from __future__ import annotations

import gzip
import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from ckanext.satudata_pontianak.bulk import dump
from ckanext.satudata_pontianak.bulk.checking import Surroundings, check
from ckanext.satudata_pontianak.bulk.fields import Headings
from ckanext.satudata_pontianak.bulk.reading import read
from ckanext.satudata_pontianak.commands import main

SITE = "https://lama.example.go.id"
DATASET = {
    "id": "5d2c",
    "name": "jumlah-pasar",
    "title": "Jumlah Pasar",
    "notes": "Pasar rakyat.",
    "author": "Budi",
    "author_email": "budi@example.com",
    "maintainer": "Siti",
    "maintainer_email": "siti@gmail.com",
    "license_id": "cc-by",
    "state": "active",
    "type": "dataset",
    "organization": {"name": "diskoperindag"},
    "tags": [{"name": "pasar"}, {"name": "kota"}],
    "extras": [{"key": "satuan", "value": "Unit"}, {"key": "tingkat_keamanan", "value": "biasa"}],
    "resources": [
        {"url": f"{SITE}/a/data.csv", "name": "Data", "format": "CSV"},
        {"url": f"{SITE}/b/data.csv", "name": "Lagi"},
        {"url": f"{SITE}/peta", "name": "Peta"},
        {"url": "file:///etc/passwd", "name": "Bukan"},
    ],
}


def converted(**more):
    return dump.converted({**DATASET, **more}, SITE, {"diskoperindag": "dinkes"})


def test_a_dataset_comes_unclassified_and_names_its_source():
    line = converted().line
    assert line["owner_org"] == "dinkes"
    assert line["rujukan"] == f"{SITE}/dataset/jumlah-pasar"
    assert line["satuan"] == "Unit"
    assert line["tag_string"] == "pasar,kota"
    assert not {"jenis_informasi", "tingkat_keamanan", "data_pribadi"} & set(line)


def test_names_and_mailboxes_of_persons_stay_behind():
    said = json.dumps(converted().line)
    assert not [word for word in ("Budi", "Siti", "gmail", "example.com") if word in said]
    office = converted(maintainer_email="data@dinas.go.id").line
    assert office["maintainer_email"] == "data@dinas.go.id"


def test_files_of_one_name_have_folders_of_their_own_and_links_are_told():
    made = converted()
    folders = [f.path.split("/") for f in made.files]
    assert [each[2:] for each in folders] == [["1", "data.csv"], ["2", "data.csv"]]
    assert folders[0][1].startswith("jumlah-pasar-")
    assert made.links == (f"{SITE}/peta", "file:///etc/passwd")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "%2e%2e%2f%2e%2e%2fx.csv", "..%5c..%5cx.csv"]
)
def test_no_file_leaves_the_folder_of_the_list(tmp_path, name):
    made = converted(name="..", resources=[{"url": f"{SITE}/{name}"}])
    path = (tmp_path / made.files[0].path).resolve()
    assert path.is_relative_to(tmp_path)
    assert "\\" not in made.files[0].path


def test_what_was_deleted_there_does_not_come():
    assert dump.wanted(DATASET)
    assert not dump.wanted({**DATASET, "state": "deleted"})
    assert not dump.wanted({**DATASET, "type": "harvest"})


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words) -> None:
        """Say nothing."""


@pytest.fixture
def other_site(tmp_path):
    """Return the address of a site that gives out one file."""
    folder = tmp_path / "lama"
    folder.mkdir()
    (folder / "data.csv").write_text("kecamatan,pasar\nPontianak Kota,3\n")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_dump_becomes_a_list_that_can_be_published(tmp_path, other_site):
    files = [{"url": f"{other_site}/{name}.csv", "name": "Data"} for name in ("data", "hilang")]
    packed = tmp_path / "dump.jsonl.gz"
    with gzip.open(packed, "wt") as file:
        for n in (0, 1):
            line = {**DATASET, "id": f"id-{n}", "name": f"pasar-{n}", "title": f"Pasar {n}"}
            file.write(json.dumps({**line, "resources": files[n : n + 1]}) + "\n")
        file.write("bukan json\n")
    out = tmp_path / "baru"
    words = ["from-ckan", str(packed), "--site", other_site, "--out", str(out)]
    done = CliRunner().invoke(main, [*words, "--agency", "dinkes", "--lang", "en"])
    assert done.exit_code == 1, done.output
    assert "Line 3" in done.output
    assert "hilang.csv could not be fetched (HTTP 404)" in done.output
    found = check(read(out, Headings(str)), Surroundings({"dinkes": "Dinas Kesehatan"}))
    assert [d.files[0].path.name for d in found.datasets] == ["data.csv"]
    assert [(r.row, r.code) for r in found.remarks if r.fault] == [(2, "no_file")]
