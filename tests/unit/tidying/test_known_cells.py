"""Which cells of columns of codes are in no list, and what is most like them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ckanext.satudata_pontianak.tidying import known_cells
from ckanext.satudata_pontianak.tidying.known_cells import MOST, MOST_ROWS, Unknown


def unknown(heading: str, *cells: str) -> list[Unknown]:
    return known_cells.unknown([heading], [([n], [text]) for n, text in enumerate(cells, start=5)])


def told(found: Sequence[Unknown]) -> list[tuple[str, str]]:
    return [(one.text, one.nearest) for one in found]


def test_a_mistyped_village_is_named_with_its_row_and_the_right_one() -> None:
    (one,) = unknown("Kelurahan", "Akcaya", "Sungai Jawi Luwar", "Sungai Jawi", "Kota Baru")
    assert (one.rows, one.text, one.nearest) == ((6,), "Sungai Jawi Luwar", "Sungai Jawi Luar")
    assert Unknown.from_json(one.to_json()) == one


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Kelurahan", ["BENUAMELAYU LAUT", "Benua Melayu Laut", "benua melayu  laut"]),
        ("Nama Kecamatan", ["Kecamatan Pontianak Kota", "PONTIANAK TENGGARA", "Jumlah", "-"]),
        ("Kode Wilayah", ["61.71.01", "6171011002", "61.71.01.1002"]),
        ("Wilayah", ["Kota Pontianak", "Pontianak Barat", "Akcaya"]),
        ("Satuan", ["Orang", "orang", "Kg", "Kasus per 1000"]),
        ("Urusan", ["Kesehatan", "1.02", "KOPERASI USAHA KECIL DAN MENENGAH"]),
    ],
)
def test_spellings_of_the_lists_are_known(heading: str, cells: list[str]) -> None:
    assert unknown(heading, *cells) == []


@pytest.mark.parametrize(
    ("heading", "right", "wrong", "meant"),
    [
        ("kecamatan", "Pontianak Kota", "Pontianak Tengara", "Pontianak Tenggara"),
        ("Satuan", "Orang", "Kilogran", "Kilogram"),
        ("Urusan", "Kesehatan", "Pendidikkan", "Pendidikan"),
        ("kode_kelurahan", "61.71.01.1002", "61.71.01.1001", ""),
    ],
)
def test_what_is_most_like_it_is_offered_but_never_another_code(
    heading: str, right: str, wrong: str, meant: str
) -> None:
    assert told(unknown(heading, right, wrong)) == [(wrong, meant)]


def test_a_village_is_no_district() -> None:
    cells = ("Pontianak Kota", "Pontianak Timur", "Akcaya")
    assert told(unknown("Kecamatan", *cells)) == [("Akcaya", "")]


@pytest.mark.parametrize("heading", ["Nama", "Keterangan", "Alamat", "Nama Kecamatanku"])
def test_other_columns_are_not_compared(heading: str) -> None:
    assert unknown(heading, "Akcaya", "Sungai Jawi Luwar") == []


def test_a_table_about_another_city_is_no_table_full_of_mistakes() -> None:
    assert unknown("Kecamatan", "Singkawang Utara", "Sungai Raya", "Rasau Jaya") == []


def test_what_is_kept_is_bounded() -> None:
    many = unknown("Satuan", *["Orang", "Orrang"] * 50)
    assert [(len(one.rows), one.count) for one in many] == [(MOST_ROWS, 50)]
    names = [f"Akcaya{n}" for n in range(MOST + 50)]
    assert len(unknown("Kelurahan", *names)) == MOST


def beside(*pairs: tuple[str, str]) -> list[Unknown]:
    rows = [([n, n], list(pair)) for n, pair in enumerate(pairs, start=5)]
    return known_cells.unknown(["Kelurahan", "Kecamatan"], rows)


def test_a_district_beside_a_village_of_another_one_is_named_with_the_right_one() -> None:
    (one,) = beside(
        ("Akcaya", "Pontianak Selatan"),
        ("Bangka Belitung Darat", "Pontianak Selatan"),
        ("Parit Tokaya", "PONTIANAK SELATAN"),
        ("Jumlah", ""),
    )
    assert (one.kind, one.rows, one.text) == ("district", (6,), "Pontianak Selatan")
    assert (one.nearest, one.village) == ("Pontianak Tenggara", "Bangka Belitung Darat")
    assert (one.column, one.village_column, one.village_heading) == (1, 0, "Kelurahan")
    assert Unknown.from_json(one.to_json()) == one


def test_rows_that_were_shifted_against_one_another_are_no_list_of_mistakes() -> None:
    assert beside(("Akcaya", "Pontianak Kota"), ("Parit Tokaya", "Pontianak Utara")) == []
