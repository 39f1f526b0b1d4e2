"""The figures of a region in a table: which columns, which rows, which unit."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata_pontianak.metadata import codes, figures
from ckanext.satudata_pontianak.metadata.codes import Code
from ckanext.satudata_pontianak.metadata.figures import MOST_ROWS, Column, Table


def region(code: str) -> Code:
    found = codes.region(code)
    assert found is not None
    return found


DISTRICT, VILLAGE = region("61.71.01"), region("61.71.01.1002")


def columns(**types: str) -> list[Column]:
    return [Column(name, kind) for name, kind in types.items()]


def read(code: Code, **types: str) -> Table:
    found = figures.read(columns(**types), code)
    assert found is not None
    return found


def test_a_table_by_code_is_read_by_its_code() -> None:
    table = read(
        DISTRICT, kode_kecamatan="text", kecamatan="text", jumlah="int4", keterangan="text"
    )
    assert (table.region.name, table.values) == ("kode_kecamatan", ("61.71.01", "617101"))
    assert [c.name for c in table.measures] == ["jumlah"]
    assert table.labels == ()


def test_a_table_by_name_is_read_by_every_spelling() -> None:
    table = figures.read([Column("Nama Kelurahan", "text"), Column("Jumlah", "numeric")], VILLAGE)
    assert table is not None
    assert {"Benuamelayu Laut", "Benua Melayu Laut", "KELURAHAN BENUA MELAYU LAUT"} <= set(
        table.values
    )


@pytest.mark.parametrize(
    ("code", "heads"),
    [
        (DISTRICT, {"kode_kecamatan": "text", "kode_kelurahan": "text", "jumlah": "int4"}),
        (DISTRICT, {"kelurahan": "text", "kecamatan": "text", "jumlah": "int4"}),
        (VILLAGE, {"kode_kecamatan": "text", "jumlah": "int4"}),
        (VILLAGE, {"tahun": "int4", "jumlah": "int4"}),
        (VILLAGE, {"kelurahan": "text", "catatan": "text"}),
        (VILLAGE, {"kelurahan": "text", "tahun": "int4", "rw": "int4", "kode_pos": "int4"}),
    ],
)
def test_a_table_that_says_nothing_of_the_region_is_left_out(
    code: Code, heads: dict[str, str]
) -> None:
    assert figures.read(columns(**heads), code) is None


def test_a_place_within_is_a_label_and_a_year_is_no_figure() -> None:
    table = read(VILLAGE, tahun="int4", kode_kelurahan="text", rw="int4", kasus="int4")
    assert [c.name for c in table.labels] == ["rw"]
    assert [c.name for c in table.period] == ["tahun"]
    assert [c.name for c in table.measures] == ["kasus"]


def test_a_unit_is_given_only_where_something_says_it() -> None:
    one = read(DISTRICT, kecamatan="text", jumlah="int4")
    assert one.unit_of(one.measures[0], "Jiwa") == "Jiwa"
    several = read(DISTRICT, kecamatan="text", luas_km2="numeric", persentase="numeric", rt_="int4")
    assert [several.unit_of(c, "km2") for c in several.measures] == ["km²", "%"]
    two = read(DISTRICT, kecamatan="text", jumlah_penduduk="int4", jumlah_rw="int4")
    assert [two.unit_of(c, "Jiwa") for c in two.measures] == ["", ""]
    told = read(DISTRICT, kecamatan="text", jumlah="int4", satuan="text")
    assert told.unit_of(told.measures[0], "Jiwa") == ""


def test_the_newest_period_is_shown_and_what_is_left_out_is_told() -> None:
    table = read(DISTRICT, tahun="int4", bulan="int4", kecamatan="text", jumlah="int4")
    rows: list[dict[str, Any]] = [
        {"tahun": 2024, "bulan": 12, "jumlah": 1},
        {"tahun": 2025, "bulan": 9, "jumlah": 2},
        {"tahun": 2025, "bulan": 10, "jumlah": None},
    ]
    assert figures.newest(rows, table) == ([rows[2]], True)
    assert figures.newest(rows[2:], table) == ([rows[2]], False)
    assert figures.newest([], table) == ([], False)


def test_a_long_list_ends() -> None:
    table = read(DISTRICT, kecamatan="text", jenis="text", jumlah="int4")
    rows = [{"jenis": str(n), "jumlah": n} for n in range(MOST_ROWS + 1)]
    kept, more = figures.newest(rows, table)
    assert (len(kept), more) == (MOST_ROWS, True)


@pytest.mark.parametrize(
    ("heading", "cells", "found"),
    [
        ("Kelurahan", ["SAIGON", "Sungaijawi Dalam", "kelurahan  akcaya", "Lainnya"],
         {"61.71.02.1003", "61.71.03.1002", "61.71.01.1006"}),
        ("nama_kecamatan", ["Pontianak Barat", "Tengah", "Jumlah"], {"61.71.03"}),
        ("kode_kel", ["61.71.05.1003", "6171051004", "7"], {"61.71.05.1003", "61.71.05.1004"}),
        ("wilayah", ["Saigon", "Pontianak Kota", "Kota Pontianak"], {"61.71.02.1003", "61.71.05"}),
    ],
)  # fmt: skip
def test_regions_in_cells(heading: str, cells: list[str], found: set[str]) -> None:
    assert figures.names_regions(heading)
    assert figures.regions_of(heading, cells) == found


def test_other_columns_name_no_region() -> None:
    assert not any(map(figures.names_regions, ["jenis", "nama", "kelurahan asal", "tahun"]))
