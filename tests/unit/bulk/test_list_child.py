"""A list and a ZIP of its files, checked as the page does it: told, and nothing put elsewhere."""

from __future__ import annotations

import base64
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ckanext.satudata_pontianak.bulk import list_child

from . import lists


def asked(tmp_path: Path, rows, entries=None, kind: str = "csv"):
    folder = tmp_path / "daftar"
    folder.mkdir(exist_ok=True)
    path = getattr(lists, f"as_{kind}")(folder / f".daftar.{kind}", rows)
    archive = ""
    if entries is not None:
        archive = str(tmp_path / "berkas.zip")
        with zipfile.ZipFile(archive, "w") as made:
            for name, content in entries.items():
                made.writestr(name, content)
    return list_child.answer(
        {
            "list": str(path),
            "files": archive,
            "folder": str(folder),
            "agencies": {"dinkes": "Dinas Kesehatan"},
            "licences": {"cc-by": "Atribusi"},
            "language": "id",
        }
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_a_fault_is_told_by_row_and_column_and_stands_in_its_cell(tmp_path, kind):
    rows = lists.rows(3)
    rows[1]["frekuensi_penerbitan"] = "tiap bulan"
    found = asked(tmp_path, rows, kind=kind)
    assert (found["rows"], found["faulty"], found["with_files"]) == (3, 1, False)
    (told,) = [each for each in found["remarks"] if each["fault"]]
    assert told["field"] == "Frekuensi penerbitan"
    assert "Bulanan" in told["todo"]
    book = load_workbook(io.BytesIO(base64.b64decode(found["book"])))
    said = [c.comment.text for r in book.worksheets[0].iter_rows() for c in r if c.comment]
    assert len(said) == 1
    assert "Bulanan" in said[0]


def test_files_are_looked_for_in_the_zip_also_where_their_folder_was_zipped(tmp_path):
    rows = lists.rows(2)
    for top in ("", "daftar/"):
        found = asked(tmp_path, rows, {f"{top}data-1.csv": "a,b\n1,2\n", f"{top}data-2.csv": ""})
        assert [each["row"] for each in found["remarks"] if each["fault"]] == [3]
    other = tmp_path / "lain"
    other.mkdir()
    found = asked(other, rows, {})
    assert found["faulty"] == 2


def test_no_entry_of_a_zip_is_put_out_of_the_folder_nor_unpacked_whole(tmp_path):
    entries = {
        "../luar.csv": "a",
        "/luar-mutlak.csv": "a",
        ".rahasia": "a",
        "data-1.csv": "9" * 10**6,
    }
    found = asked(tmp_path, lists.rows(1), entries)
    assert found["faulty"] == 0
    put = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert put == {"berkas.zip", ".daftar.csv", "data-1.csv"}
    assert (tmp_path / "daftar" / "data-1.csv").stat().st_size < 10**5


def test_what_is_no_list_or_no_zip_is_said_so(tmp_path):
    assert "problem" in asked(tmp_path, [{"a": "b"}])
    (tmp_path / "berkas.zip").write_bytes(b"PK none")
    job = {"files": str(tmp_path / "berkas.zip"), "folder": str(tmp_path / "daftar")}
    path = lists.as_csv(tmp_path / "daftar" / ".daftar.csv", lists.rows(1))
    job |= {"list": str(path), "agencies": {}, "licences": {}, "language": "id"}
    assert "ZIP" in list_child.answer(job)["problem"]
