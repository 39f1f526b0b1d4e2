"""Figures are what the rows say, or there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.portal.catalogue import figures
from ckanext.satudata_pontianak.portal.catalogue.figures import Figure, Number, figure
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source


def number(**values: Any) -> Number:
    known = {"name": "n", "label": "N", "dataset": "d", "column": "nilai", "combine": "sum"}
    return Number(**{**known, **values})


def test_rows_are_added_up() -> None:
    rows = [{"nilai": "1.5"}, {"nilai": 2}, {"nilai": Decimal("0.25")}]
    assert figure(number(), rows) == Figure(Decimal("3.75"), "")


def test_the_latest_period_counts() -> None:
    rows = [
        {"tahun": 2024, "nilai": 5},
        {"tahun": 2025, "nilai": 7},
        {"tahun": "2025", "nilai": "1"},
    ]
    assert figure(number(period="tahun"), rows) == Figure(Decimal(8), "2025")
    months = [{"bulan": "2025-09", "nilai": 1}, {"bulan": "2025-12", "nilai": 4}]
    found = figure(number(period="bulan", combine="only"), months)
    assert found == Figure(Decimal(4), "2025-12")


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        ([], {}),
        ([{"nilai": "*"}, {"nilai": 3}], {}),
        ([{"nilai": None}], {}),
        ([{"nilai": True}], {}),
        ([{"nilai": "NaN"}], {}),
        ([{"other": 1}], {}),
        ([{"nilai": 1}, {"nilai": 2}], {"combine": "only"}),
        ([{"nilai": 1, "tahun": "nanti"}], {"period": "tahun"}),
        ([{"nilai": 1, "tahun": "2025"}, {"nilai": 1, "tahun": "2025-01"}], {"period": "tahun"}),
    ],
)
def test_what_makes_no_figure(rows: list[dict[str, Any]], asked: dict[str, Any]) -> None:
    assert figure(number(**asked), rows) is None


def test_the_definition_of_the_home_page_can_be_read() -> None:
    found = figures.home()
    assert [n.name for n in found.numbers][:1] == ["residents"]
    assert set(found.icons) == set(codes.code_list("urusan").codes)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"name": "a"}, "line 3: 'numbers': 'label' is missing"),
        (
            {"name": "a", "label": "A", "dataset": "d", "column": "c", "combine": "mean"},
            "line 7: 'combine': Invalid enum value 'mean'",
        ),
    ],
)
def test_a_wrong_definition_says_what_is_wrong(item: dict[str, Any], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        read(item)
    whole = {"name": "a", "label": "A", "dataset": "d", "column": "c", "combine": "sum"}
    with pytest.raises(DefinitionError, match="line 2: two numbers have the same name"):
        read(whole, dict(whole))


def read(*items: dict[str, Any]) -> figures.Home:
    text = yaml.safe_dump({"version": 1, "numbers": [*items]}, sort_keys=False)
    return figures.Home.of(Source("home.yaml", text))
