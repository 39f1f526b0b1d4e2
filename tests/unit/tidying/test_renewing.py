"""Next month's file by last month's recipe: its table, or what differs and what is proposed."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.tidying import editing
from ckanext.satudata_pontianak.tidying.renewing import Question, renew
from ckanext.satudata_pontianak.tidying.suggest import Suggestion

PLACES = ("Kota", "Barat", "Timur", "Utara", "Selatan")


def rows(heads=("Kecamatan", "Kasus", "Sembuh"), year: int = 2025, *, above: int = 1, words=False):
    said = [[f"Jumlah Kasus Menurut Kecamatan Tahun {year}"]] * above
    data = [
        [f"Pontianak {name}", "banyak sekali" if words else 10 + n, *([7 + n] * (len(heads) - 2))]
        for n, name in enumerate(PLACES)
    ]
    return [*said, [], list(heads), *data]


def recipe(table):
    return table(rows()).recipe


def test_the_same_shape_gives_the_table_by_the_same_recipe(table, sheets) -> None:
    kept = recipe(table)
    found = renew(kept, sheets(rows(year=2026)))
    assert isinstance(found, Suggestion)
    assert found.recipe == kept
    assert len(found.tidied.rows) == 5


@pytest.mark.parametrize(
    ("new", "kind", "fields"),
    [
        (rows(("Kecamatan", "Kasus baru", "Sembuh")), "renamed", ["Kecamatan", "Kasus", "Sembuh"]),
        (
            rows(("Kecamatan", "Kasus", "Sembuh", "Meninggal")),
            "columns",
            ["Kecamatan", "Kasus", "Sembuh", "Meninggal"],
        ),
        (rows(("Kecamatan", "Kasus")), "columns", ["Kecamatan", "Kasus"]),
        (rows(words=True), "kinds", ["Kecamatan", "Kasus", "Sembuh"]),
        (rows(above=30), "moved", ["Kecamatan", "Kasus", "Sembuh"]),
    ],
)
def test_another_shape_is_a_question_with_a_proposal(table, sheets, new, kind, fields) -> None:
    found = renew(recipe(table), sheets(new))
    assert isinstance(found, Question)
    assert found.differs.kind == kind
    assert found.proposal is not None
    assert [field.name for field in found.proposal.tidied.fields] == fields
    # What is proposed is a recipe for this file: it stops no more.
    if kind != "kinds":
        assert isinstance(renew(found.proposal.recipe, sheets(new)), Suggestion)


def test_another_sheet_is_a_question(table, sheets) -> None:
    found = renew(recipe(table), sheets(rows(), title="Lain"))
    assert isinstance(found, Question)
    assert found.differs.kind == "sheet"
    assert found.proposal is not None
    assert found.proposal.recipe.sheet == "Lain"


def test_regions_that_are_none_any_more_are_a_question(table, sheets) -> None:
    new = [r if n < 3 else ["entah", *r[1:]] for n, r in enumerate(rows())]
    found = renew(recipe(table), sheets(new))
    assert isinstance(found, Question)
    assert found.differs.missing == ("Kecamatan",)


def test_what_a_person_left_out_stays_left_out(table, sheets) -> None:
    kept = editing.column_kept(recipe(table), 2, kept=False)
    found = renew(kept, sheets(rows(("Kecamatan", "Kasus", "Sembuh", "Meninggal"))))
    assert isinstance(found, Question)
    assert found.proposal is not None
    named = [field.name for field in found.proposal.tidied.fields]
    assert named == ["Kecamatan", "Kasus", "Meninggal"]


def test_a_file_without_a_table_is_a_question_without_a_proposal(table, sheets) -> None:
    found = renew(recipe(table), sheets([["Hanya judul"]]))
    assert isinstance(found, Question)
    assert found.proposal is None
