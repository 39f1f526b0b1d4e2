"""Lists are read as they come: XLSX below a letterhead, CSV of any country, JSONL, a folder."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from ckanext.satudata_pontianak.bulk.fields import FILE, Headings
from ckanext.satudata_pontianak.bulk.reading import Unreadable, letter, read

from . import lists

INDONESIAN = {
    "Title": "Judul",
    "Agency that produces the data": "Perangkat Daerah penghasil data",
    "Data file": "Berkas data",
}
HEADINGS = Headings(lambda text: INDONESIAN.get(text, text))


def test_every_kind_of_list_gives_the_same_rows(tmp_path):
    rows = lists.rows(3)
    made = [
        lists.as_xlsx(tmp_path / "a.xlsx", rows),
        lists.as_csv(tmp_path / "a.csv", rows),
        lists.as_jsonl(tmp_path / "a.jsonl", rows),
    ]
    for path in made:
        assert [dict(r.cells) for r in read(path, HEADINGS).rows] == rows


def test_headings_may_be_labels_below_a_letterhead(tmp_path):
    row = {
        "Judul": "Stok Beras",
        "PERANGKAT DAERAH penghasil data": "dinkes",
        "berkas data": "a.csv",
    }
    manifest = read(lists.as_xlsx(tmp_path / "a.xlsx", [row], above=3), HEADINGS)
    assert manifest.head == 4
    assert manifest.rows[0].number == 5
    assert manifest.rows[0].cells == {"title": "Stok Beras", "owner_org": "dinkes", FILE: "a.csv"}
    assert manifest.column_of("owner_org") == "B"


def test_numbers_and_days_of_a_workbook_are_texts(tmp_path):
    row = {
        "title": "X",
        "owner_org": "dinkes",
        "tahun": 2025.0,
        "jadwal_rilis": dt.date(2027, 1, 31),
    }
    found = read(lists.as_xlsx(tmp_path / "a.xlsx", [row]), HEADINGS).rows[0].cells
    assert (found["tahun"], found["jadwal_rilis"]) == ("2025", "2027-01-31")


def test_a_folder_holds_one_list(tmp_path):
    with pytest.raises(Unreadable):
        read(tmp_path, HEADINGS)
    lists.as_csv(tmp_path / "manifest.csv", lists.rows(1))
    assert read(tmp_path, HEADINGS).path.name == "manifest.csv"
    lists.as_jsonl(tmp_path / "daftar.jsonl", lists.rows(1))
    with pytest.raises(Unreadable):
        read(tmp_path, HEADINGS)


def test_files_of_a_line_may_have_names(tmp_path):
    line = {
        "title": "X",
        "owner_org": "dinkes",
        "berkas": [{"path": "a.csv", "name": "A"}, "b.csv"],
    }
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(line) + "\n[1]\n")
    first, second = read(path, HEADINGS).rows
    assert first.files == ({"berkas": "a.csv", "nama_berkas": "A"}, {"berkas": "b.csv"})
    assert (second.number, second.broken) == (2, True)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 nothing", b"judul\nx\n", b"\x00\xff\x00", b"title;owner_org\n"],
)
def test_what_is_no_list_is_refused_with_what_to_do(tmp_path, content):
    for ending in ("xlsx", "csv"):
        path = tmp_path / f"a.{ending}"
        path.write_bytes(content)
        with pytest.raises(Unreadable) as refused:
            read(path, HEADINGS)
        assert str(refused.value)


def test_columns_are_called_as_in_spreadsheets():
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
