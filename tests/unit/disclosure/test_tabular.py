"""Files as tables: rows stay together, names are safe, types are those of every cell."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.limits import Limits
from ckanext.satudata_pontianak.disclosure.readers.base import Heading, ReadError
from ckanext.satudata_pontianak.disclosure.table_stream import table_stream
from ckanext.satudata_pontianak.disclosure.tabular import (
    LONGEST_NAME,
    Types,
    column_names,
    open_table,
)


def table(tmp_path: Path, content: bytes, name: str = "a.csv") -> tuple[list[str], list[tuple]]:
    path = tmp_path / "isi"
    path.write_bytes(content)
    found = open_table(path, name, Limits())
    rows = [row for frame in found.blocks for row in frame.rows()]
    return [c.name for c in found.columns], rows


def types(*values: str | None) -> str:
    known = Types(1)
    known.update(pl.DataFrame({"c0": pl.Series(values, dtype=pl.String)}))
    return known.conclude()[0]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (("1", "-2", None), "bigint"),
        (("1", "2.5"), "numeric"),
        (("01", "2"), "text"),  # a code keeps its zero
        (("+62", "1"), "text"),  # a telephone number
        (("123456789012345",), "bigint"),
        (("1234567890123456",), "text"),  # more than a browser's number holds
        (("1,5", "2"), "text"),  # doubtful: it stays what it is
        (("1e5",), "text"),
        (("2026-01-31",), "date"),
        (("2026-13-01",), "text"),
        (("2026-01-31 08:00",), "timestamp"),
        (("2026-01-31T08:00:01.5", "2026-01-31 08:00"), "timestamp"),
        (("2026-01-31", "1"), "text"),
        (("true", "false"), "boolean"),
        (("true", "1"), "text"),
        ((None, None), "text"),
        ((), "text"),
    ],
)
def test_a_type_is_that_of_every_cell(values, wanted) -> None:
    assert types(*values) == wanted


def test_a_late_cell_takes_the_type_away() -> None:
    known = Types(2)
    for first, second in (("1", "x"), ("2", None), ("dua", "y")):
        known.update(pl.DataFrame({"c0": [first], "c1": pl.Series([second], dtype=pl.String)}))
    assert known.conclude() == ["text", "text"]


@given(st.lists(st.one_of(st.none(), st.text(max_size=90)), min_size=1, max_size=8))
def test_every_name_may_be_a_column_and_stands_once(labels) -> None:
    columns = column_names([Heading(label, label) for label in labels], len(labels) + 2)
    names = [c.name for c in columns]
    assert len(set(names)) == len(labels) + 2
    for name in names:
        assert name == name.strip() != ""
        assert not name.startswith("_")
        assert not set(name) & set('":,\\%')
        assert name.isprintable()
        assert len(name.encode()) <= LONGEST_NAME


def test_the_heading_stays_as_label() -> None:
    named = column_names([Heading('Rasio "L:P", %', None), Heading(None, None)], 2)
    assert [(c.name, c.label) for c in named] == [
        ("Rasio L P", 'Rasio "L:P", %'),
        ("kolom_2", "kolom_2"),
    ]


def test_rows_stay_together_below_a_letterhead(tmp_path) -> None:
    content = b"Dinas Contoh\n\nkecamatan;jumlah;catatan\nKota;1;\nBarat;;ada\n;;\n"
    assert table(tmp_path, content) == (
        ["kecamatan", "jumlah", "catatan"],
        [("Kota", "1", None), ("Barat", None, "ada")],
    )


def test_a_table_without_heading_has_numbered_columns(tmp_path) -> None:
    names, rows = table(tmp_path, b"1,2\n3,4\n")
    assert names == ["kolom_1", "kolom_2"]
    assert rows == [("1", "2"), ("3", "4")]


def test_control_bytes_and_blanks_are_no_values(tmp_path) -> None:
    assert table(tmp_path, b'a,b\n"x\x0by", \n')[1] == [("x\x0by", None)]


def workbook(*sheets: tuple[str, list[list], str]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows, state in sheets:
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_of_a_workbook_the_first_visible_sheet_with_rows_counts(tmp_path) -> None:
    content = workbook(
        ("Rumus", [["rahasia", "x"], [1, 2]], "hidden"),
        ("Kosong", [], "visible"),
        ("Data", [["kode", "nilai"], ["01", 1.5], [None, 2.0], ["a", None]], "visible"),
    )
    assert table(tmp_path, content, "a.xlsx") == (
        ["kode", "nilai"],
        [("01", "1.5"), (None, "2"), ("a", None)],
    )


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "empty_file"),
        (b"%PDF-1.7", "a.pdf", "unsupported_format"),
        (b"PK\x03\x04rusak", "a.xlsx", "broken_file"),
        (b"a,b\n" + b"1000000000,2000000000\n" * 300_000 + b"1,2,3\n", "a.csv", "uneven_rows"),
        ((",".join(f"k{n}" for n in range(1200)) + "\n").encode(), "a.csv", "too_many_columns"),
    ],
)
def test_what_is_no_table_says_why(tmp_path, content, name, code) -> None:
    with pytest.raises(ReadError) as refusal:
        table(tmp_path, content, name)
    assert refusal.value.reason.code == code


def test_the_child_gives_columns_rows_and_summary(tmp_path) -> None:
    path = tmp_path / "isi"
    path.write_bytes(b'a,b\n1,"x ""y"""\n2,\\.\n')
    with table_stream(str(path), "a.csv", Limits()) as stream:
        rows = stream.rows.read()
        assert [c.name for c in stream.columns] == ["a", "b"]
        assert rows == b'"1","x ""y"""\n"2","\\."\n'
        assert stream.summary() == (["bigint", "text"], 2)


@pytest.mark.parametrize(
    ("limits", "code"),
    [(Limits(wall_seconds=0.01), "timeout"), (Limits(memory=1 << 20), "crashed")],
)
def test_a_child_that_ends_early_is_never_a_table(tmp_path, limits, code) -> None:
    path = tmp_path / "isi"
    path.write_bytes(b"a,b\n1,2\n")

    def read() -> None:
        with table_stream(str(path), "a.csv", limits) as stream:
            stream.rows.read()
            stream.summary()

    with pytest.raises(ReadError) as refusal:
        read()
    assert refusal.value.reason.code == code


def test_the_child_gets_nothing_of_the_sites_environment(tmp_path, monkeypatch) -> None:
    from ckanext.satudata_pontianak.disclosure.sandbox import child_environment

    monkeypatch.setenv("SATUDATA_ADMIN_URL", "postgresql://rahasia")
    assert "rahasia" not in json.dumps(child_environment(Limits()))
