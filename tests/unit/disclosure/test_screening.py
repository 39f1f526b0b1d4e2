"""Many short columns are looked at together: nothing may come of it but time."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from unittest import mock

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure import screening
from ckanext.satudata_pontianak.disclosure.columns import ColumnScan
from ckanext.satudata_pontianak.disclosure.engine import TableScan, scan_file
from ckanext.satudata_pontianak.disclosure.readers.base import Batch, Heading
from ckanext.satudata_pontianak.disclosure.readers.parted import Parted
from ckanext.satudata_pontianak.disclosure.recognizers import RECOGNIZERS, Place
from ckanext.satudata_pontianak.disclosure.report import Table
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT
from ckanext.satudata_pontianak.disclosure.words import mentions, uncounted, words

from .corpus.statistics import statistics_tables
from .corpus.tables import person_tables, text_tables

CELLS = (
    "|-|--------|n/a|nihil|0|7|007|-3|12.5|1.234.567|1,234.5|145.200|1e5|0.1234567890123456|1,5|"
    "1250000000|8123456789|81234567890.0|6281234567890|62123456789|620812345|081234567890|A1234567|"
    "0812-3456-7890|99999999999|999999999999999999|9999999999999999999|6171014107800003|2081|"
    "NIK 6171014107800003|617101-410780-0003|6,17101410780000e15|4111111111111111|0561 734567|"
    "4111 1111 1111 1111|197001011995031001|0001234567890|2025-01-31|01/02/1975|Pontianak Kota|"
    "1970-12-24 00:00:00|Budi Santoso|BUDI SANTOSO / 6171014107800003|Siti Rahayu, S.Pd|Suharwati|"
    "'Agus'|SDN 12|P|Islam|laki-laki|Melayu|hipertensi|pencurian|PKH|tuna netra|Jl. Mawar No. 3|"
    "tinggal di Jl. Mawar gang 2 No. 3|-0.0263|109.3425|KB 1234 XY|'KB 12 A'|budi@gmail.com|"
    "info@dinas.go.id|36.85.1.22|a.n. Budi Santoso|lahir 1 Mei 1990|no. rek 1234567890|2.5E+10|"
    "warga mengeluh \u2013 lampu mati|12 \u00b0C|\uff16\uff11\uff17\uff11014107800003|+5|100%|"
    "3 tahun|di 081 ke 089|nomor 00821|\u200b| | 42 |1111111111111111111111111111111|"
    "12.345.678.2-901.000|Jl. Mawar No. 10811|1975-02-01 00:00:00 0 81"
).split("|")
HEADINGS = (
    *"kolom_3|jumlah|nik|no hp|nama|nama_kecamatan|tgl lahir|umur|alamat rumah|agama|no rekening|"
    "2024|Kepala Dinas|lat|nilai|tunjangan|no kartu|kk".split("|"),
    None,
)


@contextmanager
def one_by_one():
    with mock.patch.object(screening, "FEWEST", 10**9):
        yield


def scanned(headings: Sequence[str | None], *batches: Mapping[int, Sequence[str | None]]) -> Table:
    """Return what a table of these columns says; the first batch is what stands above the data."""
    said = tuple(Heading(h, h) for h in headings)
    scan = None
    for number, columns in enumerate(batches):
        series = {i: pl.Series(c, dtype=pl.String) for i, c in columns.items()}
        rows = max(map(len, columns.values()), default=0) if number else 0
        batch = Batch(None, series, rows, said)
        scan = scan or TableScan(batch, DEFAULT)
        scan.update(batch)
    assert scan is not None
    table = scan.conclude()
    assert table is not None
    profiles = [(s.filled, asdict(s.profile)) for _, s in sorted(scan._columns.items())]
    return table, profiles


def assert_same(headings, *batches):
    together = scanned(headings, *batches)
    with one_by_one():
        assert together == scanned(headings, *batches)


cell = st.sampled_from(CELLS) | st.none()
alike = st.sampled_from(CELLS).flatmap(
    lambda c: st.lists(st.sampled_from([c, c, c, "", None]), min_size=1, max_size=30)
)
column = (
    st.lists(cell, max_size=9)
    | alike
    | st.lists(st.sampled_from(["1", "2.5", "1,5", "-3", "145.200", " 7", ""]), max_size=9)
)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.data())
def test_columns_say_the_same_together_and_one_by_one(data):
    width = data.draw(st.integers(screening.FEWEST, screening.FEWEST + 4))
    headings = data.draw(st.lists(st.sampled_from(HEADINGS), min_size=width, max_size=width))
    batches = [
        dict(enumerate(data.draw(st.lists(column, min_size=width, max_size=width))))
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    assert_same(headings, {}, *batches)


@pytest.mark.parametrize("rows", [20, pytest.param(600, marks=pytest.mark.slow)])
def test_each_cell_says_the_same_in_a_long_row_of_columns(rows):
    """Alone, here and there, and among others, also where some cells only are looked at first."""
    others = ("7", "1.5", "Pontianak Kota", "2025-01-31", "1250000000", "08")
    columns: dict[int, list[str | None]] = {}
    for number, cell in enumerate(CELLS):
        other = others[number % len(others)]
        columns[len(columns)] = [cell] * rows
        columns[len(columns)] = [cell if r % 3 == 0 else "" for r in range(rows)]
        columns[len(columns)] = [cell if r % 7 == 0 else other for r in range(rows)]
    above = {i: [cell] for i, cell in enumerate(CELLS)}
    assert_same([None] * len(columns), above, columns)


@pytest.mark.slow
def test_cells_say_the_same_under_each_heading():
    headings: list[str | None] = []
    columns: dict[int, list[str | None]] = {}
    for number, heading in enumerate(HEADINGS):
        for cell in CELLS[number % 3 :: 3]:
            columns[len(headings)] = [cell, "", cell]
            headings.append(heading)
    assert_same(headings, {}, columns)


def test_batches_that_differ_in_what_they_hold_say_the_same():
    first = {i: ["1250000000", "3000000000"] for i in range(20)}
    then = {i: ["081234567890"] * 600 if i % 3 else ["Pontianak Kota"] * 600 for i in range(20)}
    assert_same([None] * 20, {}, first, {i: c * 600 for i, c in first.items()}, then)


@pytest.mark.slow
def test_tables_of_the_corpus_say_the_same_side_by_side():
    every = [*person_tables(3, 12), *text_tables(3), *islice(statistics_tables(3), 20)]
    headings: list[str | None] = []
    columns: dict[int, list[str]] = {}
    for table in every:
        for position, heading in enumerate(table.headings or []):
            cells = [row[position] for row in table.rows if position < len(row)]
            columns[len(headings)] = cells[:150]
            headings.append(heading)
    for start in range(0, len(headings), 40):
        some = range(start, min(start + 40, len(headings)))
        assert_same([headings[i] for i in some], {}, {i - start: columns[i] for i in some})


@pytest.mark.slow
@pytest.mark.parametrize("said", [8, 11, 13])
def test_what_most_cells_say_is_heard_wherever_they_stand(said):
    """First a few cells of each column are looked at: the others could still be enough."""
    words = "hipertensi|Islam|Melayu|pencurian|PKH|tuna netra|Budi Santoso|1975-02-01|Jl. Mawar 3"
    columns: dict[int, list[str]] = {0: [f"617101{41 + i}07800003" for i in range(20)]}
    for number in range(300):
        word = words.split("|")[number % 9]
        columns[len(columns)] = [f"lain {i}" for i in range(20 - said)] + [word] * said
    assert_same(["nik", *[None] * 300], {}, columns)


def calls(monkeypatch, path) -> int:
    """Return how many times Polars is called for one file."""
    number = 0
    collect = pl.LazyFrame.collect

    def counted(*given, **named):
        nonlocal number
        number += 1
        return collect(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(pl.LazyFrame, "collect", counted)
        assert scan_file(path).reason is None
    return number


@pytest.mark.parametrize("cell", ["12", "1.5", "Pontianak Kota", "2025-01-31", "-", "1250000000"])
def test_thousands_of_columns_are_not_looked_at_one_by_one(cell, tmp_path, monkeypatch):
    made = []
    for columns in (50, 2000):
        path = tmp_path / f"{columns}.csv"
        row = ",".join([cell] * columns)
        heading = ",".join(f"nilai {i}" for i in range(columns))
        path.write_text("\n".join([heading, *[row] * 5]))
        made.append(calls(monkeypatch, path))
    assert made[1] <= made[0] + 50, made


def python_calls(path) -> int:
    """Return how often Python called anything while it scanned a file."""
    made = 0

    def count(frame, event, what):
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        assert scan_file(path).reason is None
    finally:
        sys.setprofile(before)
    return made


def test_one_more_column_costs_no_more_than_forty_calls(tmp_path):
    made = []
    for columns in (1000, 3000):
        path = tmp_path / f"{columns}.csv"
        rows = [",".join(["12", "1.5", "selesai", "2025-01-31"] * (columns // 4))] * 5
        path.write_text("\n".join([",".join(f"jumlah {i}" for i in range(columns)), *rows]))
        scan_file(path)
        made.append(python_calls(path))
    assert made[1] - made[0] < 40 * 2000, made


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_columns_that_stand_in_one_series_are_the_columns(most):
    columns = {0: ["a", "b"], 4: [], 7: ["c"], 2: ["d", "e", "f"]}
    series = {i: pl.Series(cells, dtype=pl.String) for i, cells in columns.items()}
    parted = Parted.of(series)
    assert {i: cells.to_list() for i, cells in parted.items()} == columns
    portions = list(parted.portions(most))
    assert {i: c.to_list() for p in portions for i, c in p.items()} == {
        i: cells for i, cells in columns.items() if cells
    }
    assert all(len(p) == 1 or sum(p.lengths) <= most for p in portions)
    twice = Parted.joined([parted, {7: pl.Series(["g"]), 9: pl.Series(["h"])}])
    assert twice[7].to_list() == ["c", "g"]
    assert twice[9].to_list() == ["h"]
    assert twice[0].to_list() == ["a", "b"]
    for alike in (parted, Parted.of({i: pl.Series(["x", str(i)]) for i in range(5)})):
        joined = Parted.joined([alike, alike, alike])
        assert {i: c.to_list() for i, c in joined.items()} == {
            i: c.to_list() * 3 for i, c in alike.items()
        }


@settings(max_examples=200)
@given(st.lists(st.sampled_from([*"a 7 2024 1999 017 x9 kk nik no _ - 20245 L é7".split()])))
def test_headings_that_differ_by_a_number_mention_the_same(parts):
    heading = " ".join(parts)
    for terms in (frozenset(TERMS), frozenset({"kk", "no nik"})):
        assert mentions(uncounted(heading), terms) == mentions(heading, terms)
    years = [w for w in words(heading) if len(w) == 4 and w[:2] in ("19", "20")]
    assert [w for w in words(uncounted(heading)) if w in years] == years


@pytest.mark.parametrize("recognizer", RECOGNIZERS.values(), ids=RECOGNIZERS)
def test_a_column_that_nobody_looked_at_has_nothing_of_any_kind(recognizer):
    for heading in HEADINGS:
        for person_level in (False, True):
            place = Place(heading, person_level=person_level)
            assert recognizer.conclude(recognizer.start(), 0, place) is None
            if not recognizer.wants(place):
                assert recognizer.conclude(recognizer.start(), 5, place) is None


TERMS = sorted({t for r in RECOGNIZERS.values() for t in (*r.context, *r.named)})


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from([*TERMS, "namapasien", "kepala dinas", "umur", "nilai", "pic", "nama_"]),
        min_size=1,
        max_size=3,
    ).map(" ".join)
)
def test_no_heading_is_wanted_that_mentions_nothing_the_kind_named(heading):
    place = Place(heading)
    for recognizer in RECOGNIZERS.values():
        if recognizer.wants(place):
            assert place.mentions(recognizer.named)
            assert recognizer in ColumnScan(DEFAULT, place).wanting
