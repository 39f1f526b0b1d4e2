"""What stands on a messy sheet becomes one tidy table, and the rest is listed."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak.tidying.grid import Cell, Kind
from ckanext.satudata_pontianak.tidying.numbers import read, sign_of

LETTERHEAD = (["PEMERINTAH KOTA PONTIANAK"], ["DINAS KESEHATAN"], [])


def names(found):
    return [field.name for field in found.tidied.fields]


def left(found):
    return [(one.kind, one.row) for one in found.tidied.left]


def test_a_letterhead_two_rows_of_headings_and_a_signature(table):
    found = table(
        [
            *LETTERHEAD,
            ["Jumlah Kasus per Kelurahan Tahun 2025"],
            ["No", "Kelurahan", "Kasus (Orang)", None, "Sembuh (Orang)", None],
            [None, None, "L", "P", "L", "P"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
            [1, "Akcaya", 3, 4, 1, 2],
            [2, "Mariana", 5, "-", 2, "n/a"],
            ["Jumlah", None, 8, 4, 3, 2],
            [],
            ["Sumber: Dinas Kesehatan"],
            [None, None, None, None, "Pontianak, 5 Januari 2026"],
            [None, None, None, None, "Kepala Dinas"],
        ],
        merge="A5:A6 B5:B6 C5:D5 E5:F5",
    )
    assert names(found) == ["Kelurahan", "Kasus - L", "Kasus - P", "Sembuh - L", "Sembuh - P"]
    assert [field.unit for field in found.tidied.fields] == ["", *["Orang"] * 4]
    assert found.tidied.rows == (("Akcaya", "3", "4", "1", "2"), ("Mariana", "5", "", "2", ""))
    assert (found.recipe.first, found.recipe.last) == (5, 6)
    assert left(found) == [
        ("letterhead", 1), ("letterhead", 2), ("title", 4), ("numbering", 7), ("total", 10),
        ("note", 12), ("signature", 13), ("signature", 14),
    ]  # fmt: skip


def test_the_same_without_joined_cells_as_in_delimited_text(table):
    found = table(
        [
            ["Kecamatan", "Penduduk", None, "Keluarga", None],
            [None, "2024", "2025", "2024", "2025"],
            ["Pontianak Kota", "1.200", "1.300", "300", "310"],
            ["Pontianak Barat", "1.500", "1.600", "400", "410"],
        ]
    )
    assert names(found) == ["Kecamatan", "tahun", "Penduduk", "Keluarga"]
    assert found.tidied.rows[:2] == (
        ("Pontianak Kota", "2024", "1200", "300"),
        ("Pontianak Kota", "2025", "1300", "310"),
    )


@pytest.mark.parametrize(
    ("headings", "column", "shown"),
    [
        ((2023, 2024, 2025), "tahun", "2023"),
        (("2023", "2024", "2025*)"), "tahun", "2023"),
        (("Jan", "Peb", "Mar"), "bulan", "Januari"),
        (("Semester I", "Semester II"), "semester", "Semester I"),
        (("Triwulan I", "Triwulan II"), "triwulan", "Triwulan I"),
        (("Jumlah Tahun 2023 (Orang)", "Jumlah Tahun 2024 (Orang)"), "tahun", "2023"),
        (("2023/2024", "2024/2025"), "tahun ajaran", "2023/2024"),
    ],
)
def test_periods_beside_one_another_become_rows(table, headings, column, shown):
    figures = list(range(10, 10 + len(headings)))
    found = table([["Uraian", *headings], ["A", *figures], ["B", *figures]])
    assert names(found)[:2] == ["Uraian", column]
    assert found.tidied.rows[0] == ("A", shown, "10")
    assert len(found.tidied.rows) == 2 * len(headings)


@pytest.mark.parametrize(
    "headings", [("Target 2025", "Realisasi 2024"), ("S1", "S2"), (2025, 2025)]
)
def test_what_is_no_row_of_periods_stays_beside_one_another(table, headings):
    found = table([["Uraian", *headings], ["A", 1, 2], ["B", 3, 4]])
    assert len(names(found)) == 3
    assert found.tidied.rows == (("A", "1", "2"), ("B", "3", "4"))


def test_a_sum_beside_the_months_is_left_out(table):
    found = table([["Uraian", "Januari", "Februari", "Jumlah"], ["A", 1, 2, 3], ["B", 3, 4, 7]])
    assert names(found) == ["Uraian", "bulan", "nilai"]
    assert [use.name for use in found.recipe.uses if not use.kept] == ["Jumlah"]


def test_rows_that_name_a_group_become_a_column(table):
    found = table(
        [
            ["No", "Uraian", "Nilai"],
            [None, "A. Primer", None],
            [1, "Pertanian", 10],
            [2, "Pertambangan", 20],
            [None, "Jumlah A", 30],
            [None, "B. Sekunder", None],
            [3, "Industri", 40],
            ["Jumlah", None, 70],
        ]
    )
    assert names(found) == ["kelompok", "Uraian", "Nilai"]
    assert found.tidied.rows[-1] == ("B. Sekunder", "Industri", "40")
    assert ("subtotal", 5) in left(found)


def test_districts_above_their_villages_become_a_column_of_districts(table):
    found = table(
        [
            ["Kelurahan", "Nilai"],
            ["Kecamatan Pontianak Kota"],
            ["   Mariana", 1],
            ["   Tengah", 2],
            ["Kec. Pontianak Barat"],
            ["Pal Lima", 3],
            ["Kota Pontianak", 6],
        ]
    )
    assert names(found) == ["Kecamatan", "Kelurahan", "Nilai"]
    assert found.tidied.rows[-1] == ("Pontianak Barat", "Pal Lima", "3")
    assert left(found) == [("total", 7)]


@pytest.mark.parametrize("merge", ["", "A2:A3 A4:A5"])
def test_a_value_that_stands_once_holds_for_the_rows_below(table, merge):
    found = table(
        [
            ["Tahun", "Bulan", "Nilai"],
            [2024, "Januari", 1],
            [None, "Februari", 2],
            [2025, "Januari", 3],
            [None, "Februari", 4],
        ],
        merge=merge,
    )
    assert found.tidied.rows[1] == ("2024", "Februari", "2")
    assert found.tidied.rows[3] == ("2025", "Februari", "4")
    assert found.tidied.places[3][0] == (4, 1)


def test_a_blank_in_a_column_of_remarks_stays_blank(table):
    found = table(
        [
            ["Jenis", "Ket", "Nilai"],
            ["A", "baik", 1],
            ["B", None, 2],
            ["C", "baik", 3],
            ["D", None, 4],
        ]
    )
    assert [row[1] for row in found.tidied.rows] == ["baik", "", "baik", ""]


def test_headings_that_a_printer_repeats_are_left_out(table):
    found = table(
        [
            ["Jenis", "Nilai"], ["A", 1], ["Halaman 2"], ["Jenis", "Nilai"], ["B", 2],
        ]
    )  # fmt: skip
    assert found.tidied.rows == (("A", "1"), ("B", "2"))
    assert left(found) == [("page", 3), ("repeated_header", 4)]


def test_a_blank_row_does_not_end_a_table_and_another_table_is_none_of_it(table):
    found = table(
        [
            ["Jenis", "Nilai", "Lain"],
            *(["A", 1, 5], ["B", 2, 6], [], ["C", 3, 7], ["Jumlah", 6, 18]),
            *([], [], ["Tertinggi", "Nilai"], ["C", 3]),
        ]
    )
    assert [row[0] for row in found.tidied.rows] == ["A", "B", "C"]
    assert left(found) == [("total", 6), ("other_table", 9), ("other_table", 10)]


def test_hidden_rows_are_left_out_and_said_so(table):
    found = table([["Jenis", "Nilai"], ["A", 1], ["B", 2], ["C", 3]], hide=[3])
    assert [row[0] for row in found.tidied.rows] == ["A", "C"]
    assert left(found) == [("hidden", 3)]


def test_a_remark_beside_the_table_is_left_out_and_said_so(table):
    found = table([["Jenis", "Nilai"], ["A", 1, None, "periksa"], ["B", 2]])
    assert left(found) == [("beside", 2)]
    assert found.tidied.left[0].text == "periksa"


def test_rows_that_only_sound_like_sums_are_data(table):
    found = table(
        [["Uraian", "Nilai"], ["Jumlah Sekolah", 7], ["Jumlah Guru", 90], ["Jumlah Murid", 1000]]
    )
    assert len(found.tidied.rows) == 3


def test_a_sum_is_known_by_its_figures(table):
    found = table([["Uraian", "Nilai"], ["Apel", 7], ["Jeruk", 9], ["Jumlah Buah", 16], ["Kol", 3]])
    assert left(found) == [("subtotal", 4)]


@pytest.mark.parametrize(
    "day",
    ["9 Maret 2025", "Minggu, 9 Maret 2025", "09/03/2025", dt.datetime(2025, 3, 9)],  # noqa: DTZ001
)
def test_days_in_words_and_numbers_are_written_in_one_way(table, day):
    found = table([["Tanggal", "Jenis", "Nilai"], [day, "A", 1], [day, "B", 2]])
    assert found.tidied.rows[0][0] == "2025-03-09"


def test_a_table_without_headings_has_numbered_columns(table):
    found = table([["A", 1, 20.5], ["B", 2, 30.5], ["C", 5, 2]])
    assert names(found) == ["kolom_1", "kolom_2", "kolom_3"]
    assert len(found.tidied.rows) == 3


def test_a_cell_that_is_no_figure_is_not_lost(table):
    found = table([["Jenis", "Nilai"], ["A", 1], ["B", 2], ["C", "tutup"], ["D", 4], ["E", 5]])
    assert found.tidied.rows[2] == ("C", "tutup")
    assert found.tidied.fields[1].role == "text"
    assert found.sure["column:1"] < 0.8


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("1.234", "comma", "1234"),
        ("1.234.567,50", "comma", "1234567.50"),
        ("12,5", "comma", "12.5"),
        ("12 345", "comma", "12345"),
        ("Rp 12.000", "comma", "12000"),
        ("Rp1.000,-", "comma", "1000"),
        ("12,5 %", "comma", "12.5"),
        ("1.234*)", "comma", "1234"),
        ("-5", "comma", "-5"),
        ("1,234.5", "point", "1234.5"),
        ("12.5", "point", "12.5"),
        *[(text, "comma", "") for text in ("-", "n/a", "…", "–", "NA")],
        *[(text, "comma", None) for text in ("12.5", "61.71.01", "3 buah", "1/2")],
    ],
)
def test_figures_are_read_as_people_write_them(text, sign, value):
    assert read(Cell(text), sign) == value


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1.234", "45"], ("comma", False)),
        (["1.234", "12,5"], ("comma", True)),
        (["1.234", "12.5"], ("point", True)),
        (["12,5", "12.5", "3,5"], ("comma", False)),
        (["45"], ("comma", True)),
    ],
)
def test_the_sign_before_decimals_is_told_by_all_figures(texts, told):
    assert sign_of(Cell(text) for text in texts) == told


def test_a_number_of_the_file_itself_is_never_read_as_text():
    assert read(Cell("1.234", Kind.NUMBER), "comma") == "1.234"


def test_a_doubtful_form_of_figures_makes_less_sure(table):
    doubtful = table([["Jenis", "Nilai"], ["A", "1.234"], ["B", "1.500"]])
    told = table([["Jenis", "Nilai"], ["A", "1.234"], ["B", "1.500,5"]])
    assert doubtful.sure["numbers"] < told.sure["numbers"]


def test_the_larger_of_two_tables_is_meant_and_less_sure_where_they_are_alike(table):
    one = [["Jenis", "Nilai"], *[["A", n] for n in range(9)]]
    small = table([*one, [], [], ["Kode", "Arti"], ["S", "Sementara"]])
    alike = table([*one, [], [], ["Lain", "Harga"], *[["B", n] for n in range(8)]])
    assert small.tidied.rows == alike.tidied.rows
    assert alike.sure["table"] < 0.7 < small.sure["table"]


def test_the_tidy_table_is_written_as_parquet(table):
    import io

    import polars as pl

    found = table([["Jenis", "Nilai"], ["A, b", "1.234,5"], ["B", "-"]])
    assert found.tidied.rows == (("A, b", "1234.5"), ("B", ""))
    frame = pl.read_parquet(io.BytesIO(found.tidied.parquet()))
    assert frame.to_dict(as_series=False) == {"Jenis": ["A, b", "B"], "Nilai": [1234.5, None]}


@pytest.mark.parametrize("said", [["A. Kecamatan {}"], ["A", "Kecamatan {}"], ["II) KEC. {}"]])
def test_districts_that_are_numbered_above_their_rows_become_a_column_of_districts(table, said):
    def above(district):
        return [word.format(district) for word in said]

    found = table(
        [
            ["Jumlah Posyandu per Kelurahan Tahun 2025"],
            ["No", "Kelurahan", "Posyandu", "Kader"],
            above("Pontianak Kota"),
            [1, "Mariana", 3, 15],
            [2, "Tengah", 5, 25],
            above("Pontianak Barat"),
            [1, "Pal Lima", 7, 35],
            [2, "Sungai Beliung", 9, 45],
        ]
    )
    assert names(found) == ["Kecamatan", "Kelurahan", "Posyandu", "Kader"]
    assert [row[0] for row in found.tidied.rows] == ["Pontianak Kota"] * 2 + ["Pontianak Barat"] * 2
