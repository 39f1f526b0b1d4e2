"""A recipe is kept, mended by a click, and applied to next month's file, or asks."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.tidying import blocks, columns, editing, numbers
from ckanext.satudata_pontianak.tidying.applying import Differs, Tidied, apply
from ckanext.satudata_pontianak.tidying.editing import EditError
from ckanext.satudata_pontianak.tidying.grid import Cell, Grid, Kind
from ckanext.satudata_pontianak.tidying.lines import Line
from ckanext.satudata_pontianak.tidying.recipe import RecipeError, parsed, sentences
from ckanext.satudata_pontianak.tidying.suggest import suggest

ROWS = [
    ["Data Kasus Tahun 2025"],
    ["No", "Kelurahan", "Januari", "Februari", "Ket"],
    [1, "Akcaya", 3, 4, None],
    [2, "Mariana", 5, 6, "baik"],
    ["Jumlah", None, 8, 10, None],
]
LONGER = [*ROWS[:4], [3, "Tengah", 7, 8, None], ["Jumlah", None, 15, 18, None]]


def with_row(rows, place, row):
    return [*rows[:place], row, *rows[place:]]


def test_a_recipe_is_kept_as_bytes_with_one_digest(table):
    recipe = table(ROWS).recipe
    again = parsed(recipe.canonical())
    assert again == recipe
    assert again.digest == recipe.digest == table(ROWS).recipe.digest
    assert len(recipe.digest) == 64
    assert editing.column_named(recipe, 1, "Nama").digest != recipe.digest


@pytest.mark.parametrize(
    "change",
    [
        b"", b"[]", b"{}", b"\xff", b"[" * 9000, b'{"version":2}', b"x" * 300_000,
        {"more": 1}, {"first": -1}, {"first": 9, "last": 1}, {"uses": []}, {"sign": "dot"},
        {"spread": ["day"]}, {"spread": ["year", "year"]}, {"sheet": "x" * 300},
        {"asked": [{"row": "Budi", "nth": 0, "line": "note"}]},
        {"asked": [{"row": "row:1", "nth": 0, "line": "else"}]},
    ],
)  # fmt: skip
def test_what_is_no_recipe_is_refused(table, change):
    data = change
    if isinstance(change, dict):
        held = msgspec.json.decode(table(ROWS).recipe.canonical()) | change
        data = msgspec.json.encode(held)
    with pytest.raises(RecipeError):
        parsed(data)


def test_a_recipe_says_what_it_does(table):
    said = [str(sentence) for sentence in sentences(table(ROWS).recipe)]
    assert "Row 2 is the heading of the table." in said
    assert "These columns are left out: No." in said
    assert any("months" in sentence and "nilai" in sentence for sentence in said)


# ---------------------------------------------------------------------------- next month


def test_next_months_file_with_more_rows_and_another_month_is_no_other(table, sheets):
    recipe = table(ROWS).recipe
    moved = with_row([[*row] for row in LONGER], 0, ["PEMERINTAH KOTA PONTIANAK"])
    moved[2][2:4] = ["Maret", "April"]
    found = apply(recipe, sheets(moved))
    assert isinstance(found, Tidied)
    assert found.rows[0] == ("Akcaya", "Maret", "3", "")
    assert len(found.rows) == 6


def test_a_sheet_of_another_year_is_the_same_sheet(table, sheets):
    recipe = table(ROWS, title="Tabel 2025").recipe
    assert isinstance(apply(recipe, sheets(ROWS, title="Tabel 2026")), Tidied)


@pytest.mark.parametrize(
    ("rows", "title", "kind"),
    [
        (ROWS, "Lain", "sheet"),
        ([*[["catatan"]] * 9, *ROWS], "Data", "moved"),
        ([ROWS[0], [*ROWS[1][:4], "Keadaan"], *ROWS[2:]], "Data", "renamed"),
        ([ROWS[0], [*ROWS[1], "Baru"], *[[*row, None, 1] for row in ROWS[2:]]], "Data", "columns"),
        ([row[:4] for row in ROWS], "Data", "columns"),
        ([["Kode", "Arti"], ["S", "Sementara"], ["T", "Tetap"]], "Data", "table"),
    ],
)
def test_another_shape_stops_with_a_question(table, sheets, rows, title, kind):
    found = apply(table(ROWS).recipe, sheets(rows, title=title))
    assert isinstance(found, Differs)
    assert found.kind == kind
    assert str(found.question).endswith("?")


def test_the_question_names_what_is_new_and_missing(table, sheets):
    rows = [ROWS[0], [*ROWS[1][:4], "Keadaan"], *ROWS[2:]]
    found = apply(table(ROWS).recipe, sheets(rows))
    assert isinstance(found, Differs)
    assert (found.new, found.missing, found.row) == (("keadaan",), ("Ket",), 2)


# ---------------------------------------------------------------------------- by a click


def test_this_row_is_the_heading(sheets):
    rows = [["Kode", "Arti", "Nilai"], ["A", "B", "C"], ["x", "y", 1], ["z", "w", 2]]
    given_ = sheets(rows)
    found = suggest(given_)
    assert found is not None
    recipe = editing.header_is(found.recipe, given_, 2, 2)
    made = apply(recipe, given_)
    assert isinstance(made, Tidied)
    assert [field.name for field in made.fields] == ["A", "B", "C"]
    assert len(made.rows) == 2
    for first, last in ((0, 0), (9, 9), (3, 2), (1, 40)):
        with pytest.raises(EditError):
            editing.header_is(recipe, given_, first, last)


def test_this_column_is_a_total_and_is_not_after_all(sheets):
    given_ = sheets([["Jenis", "L", "P", "Semua"], ["A", 1, 2, 3], ["B", 3, 4, 7]])
    found = suggest(given_)
    assert found is not None
    without = editing.column_is_total(found.recipe, 3)
    made = apply(without, given_)
    assert isinstance(made, Tidied)
    assert [field.name for field in made.fields] == ["Jenis", "L", "P"]
    assert editing.column_kept(without, 3, kept=True) == found.recipe


def test_this_row_is_a_note_next_month_too(table, sheets):
    rows = [["Jenis", "Nilai", "Lain"], ["A", 1, 5], ["Rata di pasar", 2, 6], ["C", 3, 7]]
    given_ = sheets(rows)
    found = suggest(given_)
    assert found is not None
    recipe = editing.row_is(found.recipe, given_, 3, Line.NOTE)
    later = sheets(with_row(rows, 1, ["B", 4, 8]))
    made = apply(recipe, later)
    assert isinstance(made, Tidied)
    assert [row[0] for row in made.rows] == ["B", "A", "C"]
    assert ("note", 4) in [(one.kind, one.row) for one in made.left]
    assert b"pasar" not in recipe.canonical()
    assert editing.row_is(recipe, given_, 3, Line.DATA).asked[0].line is Line.DATA
    for row, line in ((1, Line.NOTE), (99, Line.NOTE), (3, Line.HEADER)):
        with pytest.raises(EditError):
            editing.row_is(recipe, given_, row, line)


def test_this_row_names_a_group(sheets):
    given_ = sheets([["Jenis", "Nilai"], ["Buah", "-"], ["Apel", 1], ["Jeruk", 2]])
    found = suggest(given_)
    assert found is not None
    made = apply(editing.row_is(found.recipe, given_, 2, Line.SECTION), given_)
    assert isinstance(made, Tidied)
    assert made.rows[0][1:] == ("Apel", "1")
    assert made.fields[0].name == "kelompok"


def test_periods_stay_columns_where_somebody_wants_it(sheets):
    given_ = sheets(ROWS)
    found = suggest(given_)
    assert found is not None
    wide = editing.periods_spread(found.recipe, given_, spread=False)
    made = apply(wide, given_)
    assert isinstance(made, Tidied)
    assert [field.name for field in made.fields] == ["Kelurahan", "Januari", "Februari", "Ket"]
    assert editing.periods_spread(wide, given_, spread=True) == found.recipe


def test_a_name_is_needed_and_a_column_stays(table):
    recipe = table([["Jenis", "Nilai"], ["A", 1], ["B", 2]]).recipe
    for name in ("", "  ", "x" * 201):
        with pytest.raises(EditError):
            editing.column_named(recipe, 0, name)
    with pytest.raises(EditError):
        editing.column_kept(recipe, 5, kept=False)
    one = editing.column_kept(recipe, 0, kept=False)
    with pytest.raises(EditError):
        editing.column_kept(one, 1, kept=False)


# ---------------------------------------------------------------------------- what always holds

TEXTS = st.sampled_from(
    [
        *("A", "x y z", "No", "Nilai (Orang)", "Akcaya", "Kecamatan Pontianak Kota"),
        *("Jumlah", "Total", "Jumlah A", "2024", "Januari", "9 Maret 2025", "1.234,5", "-"),
        *("(1)", "Sumber: x", "Halaman 2"),
    ]
)
CELLS = st.one_of(
    TEXTS.map(Cell),
    st.integers(-9, 3000).map(lambda n: Cell(str(n), Kind.NUMBER)),
    st.just(Cell("2025-03-09", Kind.DATE)),
)
GRIDS = st.dictionaries(
    st.tuples(st.integers(1, 9), st.integers(1, 6)), CELLS, min_size=4, max_size=50
).map(lambda cells: Grid("Data", cells))


@settings(max_examples=80)
@given(GRIDS)
def test_no_value_is_invented_and_no_row_is_lost(grid):
    found = suggest([grid])
    if found is None:
        return
    tidied, lines = found.tidied, found.tidied.lines
    for row, places in zip(tidied.rows, tidied.places, strict=True):
        for value, place in zip(row, places, strict=True):
            assert bool(value) <= (place is not None)
            assert place is None or told(value, grid.cells[place], found.recipe.sign)
    # Every row that holds something is a heading, used, or left out, and no two of these.
    assert set(lines) == set(grid.rows)
    left = {one.row for one in tidied.left if one.kind != "beside"}
    named = {row for row, line in lines.items() if line is Line.HEADER}
    named |= {row for row, line in lines.items() if line is Line.SECTION and row not in left}
    used = set(tidied.used)
    assert left | named | used == set(grid.rows)
    assert len(left) + len(named) + len(used) == len(grid.rows)
    # The same grid gives the same recipe, and the recipe the same table.
    again = suggest([grid])
    assert again is not None
    assert again.recipe.digest == found.recipe.digest
    assert parsed(found.recipe.canonical()) == found.recipe
    applied = apply(found.recipe, [grid])
    assert isinstance(applied, Differs) or applied == tidied


def told(value: str, cell: Cell, sign: numbers.Sign) -> bool:
    """Whether a value is what a cell says: as it stands, or its number, day or period."""
    period = columns.period_of(cell.text)
    said = {cell.text, numbers.read(cell, sign), columns.day(cell)}
    return value in said or value in cell.text or (period is not None and bool(value))


@given(GRIDS)
def test_tables_of_a_sheet_do_not_share_cells(grid):
    taken: set[tuple[int, int]] = set()
    for block in blocks.find(grid):
        cells = {
            (row, column)
            for row in [*block.head.rows, *block.rows]
            for column in block.head.columns
        }
        assert not cells & taken
        taken |= cells
