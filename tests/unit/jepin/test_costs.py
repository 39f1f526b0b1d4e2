"""A list of what apps and datasets cost: which rows it takes, and what they come to."""

from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.jepin.rules.columns import wrong_headings
from ckanext.satudata_pontianak.jepin.rules.costs import (
    Costs,
    Line,
    Totals,
    costs,
    outcome,
    per_visit,
    whole,
)
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

TEXT = (paths.schemas() / "cost.yaml").read_text(encoding="utf-8")
TODAY = dt.date(2026, 11, 30)
GOOD = {
    "nama": "app-a",
    "tahun": "2026",
    "kode_anggaran": "2.16.03",
    "biaya_rupiah": "Rp 1.500.000,00",
    "kunjungan": "1.200",
}


def read(*rows: dict[str, str], kinds=lambda text: []):
    return costs().read(rows, kinds, TODAY)


def wrong_of(**changed: str) -> set[str]:
    (row,) = read({**GOOD, **changed})
    return set(row.errors)


def test_a_row_is_read_as_people_write_numbers() -> None:
    (row,) = read(GOOD)
    assert (row.number, row.entry, row.year, row.errors) == (2, "app-a", 2026, {})
    assert row.line == Line("2.16.03", 1_500_000, 1200)
    assert row.line.per_visit == 1250


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("1500000", 1_500_000),
        ("1.500.000", 1_500_000),
        ("Rp1.500.000,-", 1_500_000),
        ("rp. 25,00", 25),
    ],
)
def test_a_whole_number_is_read(text, number) -> None:
    assert whole(text) == number


@pytest.mark.parametrize(
    "text", ["1.5", "1,500,000", "15.00", "1.5000", "0.500", "-1", "1e6", "seribu", "٣", "25,50"]
)
def test_what_may_mean_two_numbers_or_none_is_refused(text) -> None:
    assert whole(text) is None


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"nama": ""}, {"entry"}),
        ({"tahun": ""}, {"year"}),
        ({"tahun": "26"}, {"year"}),
        ({"tahun": "2015"}, {"year"}),
        ({"tahun": "2028"}, {"year"}),
        ({"tahun": "２０２６"}, {"year"}),
        ({"kode_anggaran": "216"}, {"budget_code"}),
        ({"kode_anggaran": "6171014101900001"}, {"budget_code"}),
        ({"kode_anggaran": "2.16-03"}, {"budget_code"}),
        ({"kode_anggaran": ".".join(["1234"] * 20)}, {"budget_code"}),
        ({"biaya_rupiah": "10000000000001"}, {"cost"}),
        ({"biaya_rupiah": "9" * 5000}, {"cost"}),
        ({"kunjungan": "banyak"}, {"visits"}),
        ({"kunjungan": "-3", "biaya_rupiah": "x"}, {"visits", "cost"}),
        ({"kode_anggaran": "", "biaya_rupiah": "", "kunjungan": ""}, set()),
        ({"tahun": "2016"}, set()),
        ({"tahun": "2027"}, set()),
    ],
)
def test_a_row_says_in_which_columns_it_is_wrong(changed, wrong) -> None:
    assert wrong_of(**changed) == wrong


def test_a_code_in_which_an_identifier_stands_is_refused_without_repeating_it() -> None:
    (row,) = read({**GOOD, "kode_anggaran": "0812.3456.7890"}, kinds=lambda text: ["telepon"])
    (message,) = row.errors["budget_code"]
    assert row.line.budget_code is None
    assert "telepon" in message.text()
    assert "0812" not in message.text()


def test_a_name_stands_once_a_year_and_empty_rows_are_none() -> None:
    rows = read(GOOD, {}, {**GOOD, "tahun": "2025"}, GOOD)
    assert [row.number for row in rows] == [2, 4, 5]
    assert [set(row.errors) for row in rows] == [set(), set(), {"entry"}]


def test_a_list_has_the_declared_columns_and_no_other() -> None:
    names = costs().headings
    assert names == ["nama", "tahun", "kode_anggaran", "biaya_rupiah", "kunjungan"]
    assert wrong_headings(names, names[::-1]) == []
    assert len(wrong_headings(names, names[1:])) == 1
    assert len(wrong_headings(names, [*names, "nama"])) == 1
    assert len(wrong_headings(names, [*names, "pemegang", ""])) == 2
    many = wrong_headings(names, [*names, *("x" * 50 + str(n) for n in range(100))])
    assert len(many) == 5
    assert all(len(each.text()) < 100 for each in many)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, Line("1.2", 5, None), "new"),
        (None, Line(), "same"),
        (Line("1.2", 5, None), Line("1.2", 5, None), "same"),
        (Line("1.2", 5, None), Line("1.2", 5, 0), "changed"),
        (Line("1.2", 5, None), Line(), "gone"),
    ],
)
def test_what_becomes_of_a_line(before, after, said) -> None:
    assert outcome(before, after) == said


def test_the_cost_of_a_visit_is_known_where_both_are() -> None:
    assert per_visit(1000, 3) == 333
    assert per_visit(5, 2) == 3
    assert per_visit(0, 7) == 0
    assert (per_visit(1000, 0), per_visit(None, 3), per_visit(1000, None)) == (None, None, None)


def test_totals_count_what_is_known_and_visits_with_their_own_costs_alone() -> None:
    lines = [Line(cost=900, visits=3), Line(cost=10_000), Line(visits=50), Line()]
    assert Totals.of(lines) == Totals(10_900, 53, 300)
    assert Totals.of([Line(), Line()]) == Totals(None, None, None)
    assert Totals.of([Line(cost=0, visits=0)]) == Totals(0, 0, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seen_by: [walidata", "seen_by: [lurah"),
        ("heading: kunjungan", "heading: nama"),
        ("heading: tahun, label: Year", "heading: tahun, most: 3, label: Year"),
        ("label: Cost in the year, most: 10_000_000_000_000", "label: Cost in the year"),
        ("rows: 2000", "rows: 0"),
        ("  visits:", "  orang:"),
        ("version:", "versi:"),
    ],
)
def test_what_is_not_declared_is_refused_with_its_line(old, new) -> None:
    assert old in TEXT
    with pytest.raises(DefinitionError, match="line"):
        Costs.of(Source("cost.yaml", TEXT.replace(old, new, 1)))
