"""The first rows of what the scan's readers give, side by side and in the places of the scan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.disclosure import beginning
from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.limits import Limits
from ckanext.satudata_pontianak.disclosure.readers.base import ReadError
from ckanext.satudata_pontianak.disclosure.tabular import RowTable, open_table

from . import made


def opened(tmp_path: Path, content: bytes, name: str, sheet: int | None = None) -> RowTable:
    path = tmp_path / name
    path.write_bytes(content)
    return open_table(path, name, Limits(), sheet, every=True)


def rows_of(table: RowTable) -> list[tuple[str | None, ...]]:
    return [row for block in table.blocks for row in block.rows()]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "gz", "jsonl", "parquet", "sqlite", "dbf"])
def test_rows_are_shown_in_the_places_of_the_scan(tmp_path, kind) -> None:
    table = opened(tmp_path, made.FORMATS[kind](), f"a.{kind}")
    labels = [column.label for column in table.columns]
    rows = rows_of(table)
    place = [label.casefold() for label in labels].index("nik")
    assert rows[0][place] == made.NIK
    assert len(rows) >= 2
    report = scan_file(tmp_path / f"a.{kind}")
    found = {
        (t.name or "", c.index) for t in report.tables for c in t.columns if c.findings and t.rows
    }
    if table.sheets:
        assert (table.sheet, place) in found
        assert {name for name, _ in found} <= set(table.sheets)
    else:
        assert place in {index for _, index in found}


def test_objects_stand_side_by_side_also_where_keys_are_missing(tmp_path) -> None:
    content = {
        "judul": "Daftar",
        "data": [
            {"nama": "satu", "rinci": {"n": 1}},
            {"nama": "dua", "nilai": None, "tag": ["a", "b"]},
            {"rinci": {"n": 3}, "nama": "tiga"},
        ],
    }
    table = opened(tmp_path, json.dumps(content).encode(), "a.json")
    assert [c.label for c in table.columns] == ["nama", "rinci.n", "tag"]
    assert rows_of(table) == [("satu", "1", None), ("dua", None, "a; b"), ("tiga", "3", None)]
    assert (table.sheet, table.sheets) == ("data", ("data", ""))
    first = opened(tmp_path, json.dumps(content).encode(), "a.json", 2)
    assert rows_of(first) == [("Daftar",)]
    lists = json.dumps([["kec", "n"], ["Kota", 1], ["Barat", 2]]).encode()
    table = opened(tmp_path, lists, "b.json")
    assert [c.label for c in table.columns] == ["kec", "n"]
    assert rows_of(table) == [("Kota", "1"), ("Barat", "2")]


def test_features_of_a_map_are_rows(tmp_path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"taman": "Alun", "luas": 3},
        "geometry": {"type": "Point", "coordinates": [109.3, -0.02]},
    }
    content = json.dumps({"type": "FeatureCollection", "features": [feature, feature]}).encode()
    table = opened(tmp_path, content, "peta.geojson")
    assert table.sheet == "features"
    labels = [c.label for c in table.columns]
    row = dict(zip(labels, rows_of(table)[1], strict=True))
    assert row["properties.taman"] == "Alun"
    assert row["geometry.coordinates.longitude"] == "109.3"


def test_a_sheet_is_chosen_by_its_number(tmp_path) -> None:
    def more(book) -> None:
        sheet = book.add_sheet("Lain")
        for r, value in enumerate(("kelurahan", "Akcaya", "Saigon")):
            sheet.write(r, 0, value)

    content = made.xls(made.ROWS, more)
    assert opened(tmp_path, content, "a.xls").sheets == ("Data", "Lain")
    table = opened(tmp_path, content, "a.xls", 2)
    assert (table.sheet, rows_of(table)) == ("Lain", [("Akcaya",), ("Saigon",)])
    for number in (0, 3):
        with pytest.raises(ReadError, match="no_sheet"):
            opened(tmp_path, content, "a.xls", number)


def test_only_the_first_rows_are_kept(tmp_path, monkeypatch) -> None:
    content = made.csv([("a", "b"), *((n, n) for n in range(3000))])
    (table,) = beginning.tables(_source(tmp_path, content))
    assert table.rows == 3000
    assert sum(len(part[0]) for part in table.parts) == beginning.MOST_ROWS


def _source(tmp_path: Path, content: bytes):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return beginning.Source(path, "a.csv", Limits())


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b'{"a": [1, 2', "a.json", "broken_file"),
        (b"{}", "a.json", "no_rows"),
        (b"%PDF-1.7", "a.pdf", "broken_file"),
        (b"MZ\x90", "a.exe", "unsupported_format"),
    ],
)
def test_what_has_no_rows_says_so(tmp_path, content, name, code) -> None:
    with pytest.raises(ReadError, match=code):
        opened(tmp_path, content, name)
