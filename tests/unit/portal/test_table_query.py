"""What the address of a table's page asks for, and what is said of what it cannot."""

from __future__ import annotations

import io
from urllib.parse import parse_qsl

import openpyxl
import pytest

from ckanext.satudata_pontianak.portal.catalogue import table_cells, table_files, table_query
from ckanext.satudata_pontianak.portal.catalogue.table_query import Column, Kind, Paging, Query

COLUMNS = (
    Column("kecamatan", "Kecamatan", Kind.TEXT),
    Column("jumlah", "Jumlah", Kind.NUMBER),
    Column("tanggal", "Tanggal", Kind.DAY),
    Column("aktif", "Aktif", Kind.BOOLEAN),
    Column("a.b c", "A b", Kind.TEXT),
    Column("rw", "RW", Kind.NUMBER, whole=True),
)


def read(address: str) -> tuple[Query, dict[str, str]]:
    query, errors = table_query.read(parse_qsl(address, keep_blank_values=True), COLUMNS)
    return query, {name: str(message) for name, message in errors.items()}


def test_an_empty_address_asks_for_the_first_page_of_all_rows() -> None:
    query, errors = read("q=&berisi.kecamatan=&utm_source=surat")
    assert query == Query()
    assert not query.filtered
    assert errors == {}


def test_everything_that_can_be_asked_is_read_and_written_again() -> None:
    address = (
        "q=kota&berisi.kecamatan=barat&berisi.a.b+c=x&dari.jumlah=1%2C5&sampai.jumlah=20"
        "&dari.tanggal=2026-01-01&sama.aktif=true&urut=jumlah&arah=turun&halaman=3&baris=25"
    )
    query, errors = read(address)
    assert errors == {}
    assert query.low == {"jumlah": "1.5", "tanggal": "2026-01-01 00:00:00"}
    assert query.words == {"kecamatan": "barat", "a.b c": "x"}
    assert (query.sort, query.down, query.page, query.offset) == ("jumlah", True, 3, 50)
    again, errors = read(query.address())
    assert again == query
    assert errors == {}
    assert dict(parse_qsl(query.address(page=1, sort=None)))["baris"] == "25"


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("halaman=0", "halaman"),
        ("halaman=-1", "halaman"),
        ("halaman=x", "halaman"),
        ("halaman=9999999999", "halaman"),
        ("baris=1000", "baris"),
        ("kolom=2", "kolom"),
        ("urut=tidak_ada", "urut"),
        ("urut=_full_text", "urut"),
        ("arah=desc", "arah"),
        ("dari.jumlah=banyak", "dari.jumlah"),
        ("dari.jumlah=1,234.5", "dari.jumlah"),
        ("sama.rw=1,5", "sama.rw"),
        ("dari.tanggal=31/02/2026", "dari.tanggal"),
        ("dari.jumlah=1e400", "dari.jumlah"),
        ("dari.kecamatan=a", "dari.kecamatan"),
        ("sampai.tanggal=2026-02-30", "sampai.tanggal"),
        ("sama.aktif=mungkin", "sama.aktif"),
        ("berisi._id=1", "berisi._id"),
        ("q=%00", "q"),
        ("q=" + "a" * 201, "q"),
        ("q=---", "q"),
    ],
)
def test_what_cannot_be_asked_is_told_by_its_name_and_left_out(address, named) -> None:
    query, errors = read(address)
    assert list(errors) == [named]
    assert len(errors[named]) > 10
    assert query == Query()


@pytest.mark.parametrize(
    ("address", "low"),
    [
        ("dari.rw=140.000", "140000"),
        ("dari.rw=1,5", "2"),
        ("dari.rw=-1,5", "-1"),
        ("dari.rw=3.0", "3"),
        ("dari.jumlah=1.234,5", "1234.5"),
        ("dari.jumlah=1.5", "1.5"),
        ("dari.jumlah=12.345", "12345"),
        ("dari.tanggal=30/11/2026", "2026-11-30 00:00:00"),
        ("dari.tanggal=1-2-2026 07.30", "2026-02-01 07:30:00"),
    ],
)
def test_numbers_and_days_are_read_as_indonesians_write_them(address, low) -> None:
    query, errors = read(address)
    assert errors == {}
    assert list(query.low.values()) == [low]
    assert read(query.address())[0] == query
    ((parameter, kept),) = query.pairs()
    assert f"{parameter}={kept}" in (address, f"{parameter}={low}")


def test_a_column_of_whole_numbers_is_asked_for_whole_numbers() -> None:
    """PostgreSQL compares it with no other; the rows are those that the question means."""
    query, _ = read("dari.rw=1,5&sampai.rw=3,9")
    assert table_query.asked(query)["filters"] == {"rw": {"gte": "2", "lte": "3"}}


def test_words_are_beginnings_and_never_operators() -> None:
    assert table_query.terms("Pontianak kot") == "'Pontianak':* & 'kot':*"
    assert (
        table_query.terms("a' | b:* \\ !(c) & 'd\" %(x)s")
        == "'a':* & 'b':* & 'c':* & 'd':* & 'x':* & 's':*"
    )
    assert table_query.terms("--- ::") == ""


def test_search_and_filters_become_parameters_of_datastore_search() -> None:
    query, _ = read("berisi.kecamatan=barat&dari.jumlah=1&sampai.jumlah=2&sama.aktif=true&q=x")
    assert table_query.asked(query) == {
        "filters": {"jumlah": {"gte": "1", "lte": "2"}, "aktif": {"eq": "true"}},
        "q": {"kecamatan": "'barat':*"},
        "full_text": "'x':*",
        "plain": False,
        "language": "simple",
    }
    assert table_query.asked(Query()) == {}


@pytest.mark.parametrize(
    ("total", "page", "numbers"),
    [
        (0, 1, [1]),
        (50, 1, [1]),
        (51, 1, [1, 2]),
        (1000, 1, [1, 2, 3, None, 20]),
        (1000, 4, [1, 2, 3, 4, 5, 6, None, 20]),
        (1000, 10, [1, None, 8, 9, 10, 11, 12, None, 20]),
        (1000, 20, [1, None, 18, 19, 20]),
    ],
)
def test_pages_that_are_offered(total, page, numbers) -> None:
    assert Paging(total, page, 50).numbers == numbers


@pytest.mark.parametrize(
    ("raw", "language", "shown"),
    [
        ("1234567", "id", "1.234.567"),
        ("1234567", "en", "1,234,567"),
        ("-1234.50", "id", "-1.234,50"),
        ("0.1", "id", "0,1"),
        ("123456789012345.123456789012345", "id", "123.456.789.012.345,123456789012345"),
        ("", "id", ""),
        ("NaN", "id", "NaN"),
    ],
)
def test_numbers_keep_their_digits(raw, language, shown) -> None:
    assert table_cells.number(raw, language) == shown


def test_years_and_codes_get_no_mark_of_thousands() -> None:
    def cells(label: str, *values: str) -> list[str]:
        column = Column(label, label, Kind.NUMBER)
        return [c.text for c in table_cells.column_cells(column, values, "id", "ya", "tidak")]

    assert cells("Tahun", "2024", "1999") == ["2024", "1999"]
    assert cells("periode", "2024", "") == ["2024", ""]
    assert cells("kode_wilayah", "617101") == ["617101"]
    assert cells("penduduk", "2024", "145200") == ["2.024", "145.200"]


def test_other_kinds_are_written_in_words() -> None:
    def cells(kind: Kind, *values: str) -> list[str]:
        found = table_cells.column_cells(Column("x", "X", kind), values, "id", "ya", "tidak")
        return [cell.text for cell in found]

    assert cells(Kind.BOOLEAN, "t", "f", "") == ["ya", "tidak", ""]
    assert cells(Kind.DAY, "2026-08-17", "") == ["17 Agustus 2026", ""]
    assert cells(Kind.MOMENT, "2026-08-17T10:00:00") == ["2026-08-17 10:00:00"]
    assert cells(Kind.TEXT, "007") == ["007"]


def test_a_cell_that_programs_cannot_hold_is_empty_in_a_file() -> None:
    kinds = ((Kind.NUMBER, "NaN"), (Kind.NUMBER, "Infinity"), (Kind.DAY, "0044-03-15 BC"),
             (Kind.MOMENT, "infinity"))  # fmt: skip
    assert [table_files.value(Column("a", "A", kind), text) for kind, text in kinds] == [None] * 4
    assert table_files.value(Column("a", "A", Kind.NUMBER), "1.5") == 1.5
    (book,) = table_files.as_xlsx([Column("a", "A", Kind.TEXT)], [[["x\uffffy"]]])
    assert openpyxl.load_workbook(io.BytesIO(book))["Data"]["A2"].value == "xy"
