"""Which figures of two tables are the same one, and whether they differ."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ckanext.satudata_pontianak.metadata.quality.shared import cells, differ
from ckanext.satudata_pontianak.metadata.roles import Column


def read(headings: str, rows, concept: str = "Penduduk", years: str = ""):
    columns = [Column(name) for name in headings.split()]
    return cells(columns, [[str(cell) for cell in row] for row in rows], concept, years)


ONE = read(
    "tahun kecamatan jumlah_penduduk",
    [[2025, "Pontianak Kota", 120000], [2025, "Pontianak Barat", 140000]],
)


def test_headings_that_count_the_concept_name_one_measure() -> None:
    other = read(
        "kecamatan jumlah tahun",
        [["Pontianak Barat", 141000, 2025], ["Pontianak Kota", 120000, 2025]],
    )
    assert ONE.keys() == other.keys()
    differing = [name for name in ONE if differ(ONE[name].number, other[name].number)]
    assert [(ONE[n].row, other[n].row) for n in differing] == [(2, 1)]


def test_the_year_of_a_dataset_counts_where_its_table_names_none() -> None:
    rows = [["Pontianak Kota", 1], ["Pontianak Barat", 2]]
    assert read("kecamatan jumlah_penduduk", rows, years="2025").keys() == ONE.keys()
    assert not read("kecamatan jumlah_penduduk", rows, years="2024-2025")
    assert not read("kecamatan jumlah_penduduk", rows)


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("tahun kecamatan jumlah_keluarga", [2025, "Pontianak Kota", 3]),
        ("tahun kecamatan penduduk_persen", [2025, "Pontianak Kota", 3]),
        ("tahun kecamatan jumlah_penduduk", [2024, "Pontianak Kota", 3]),
    ],
)
def test_another_measure_unit_or_year_is_another_figure(headings: str, row) -> None:
    other = [row, [row[0], "Pontianak Barat", 4]]
    assert not ONE.keys() & read(headings, other).keys()


def test_another_concept_or_none_is_never_compared() -> None:
    rows = [[2025, "Pontianak Kota", 1], [2025, "Pontianak Barat", 2]]
    assert not ONE.keys() & read("tahun kecamatan jumlah", rows, "Pasien").keys()
    assert not read("tahun kecamatan jumlah", rows, "")


def test_a_figure_that_stands_twice_is_not_compared() -> None:
    rows = [[2025, "Pontianak Kota", 1], [2025, "Pontianak Kota", 2], [2025, "Pontianak Barat", 2]]
    assert len(read("tahun kecamatan jumlah_penduduk", rows)) == 1


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [("12", "12.3", False), ("12", "12.6", True), ("20477", "20478", True), ("1.5", "1.5", False)],
)
def test_rounding_explains_a_difference_and_nothing_else_does(one, other, said) -> None:
    assert differ(Decimal(one), Decimal(other)) is said
    assert differ(Decimal(other), Decimal(one)) is said
