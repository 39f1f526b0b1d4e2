"""The six items of an exemption, and for how long it may last."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.classification.rules.axes import (
    Axes,
    Classification,
    classification,
)
from ckanext.satudata_pontianak.classification.rules.conditions import (
    CaseContext,
    determination_complete,
)
from ckanext.satudata_pontianak.classification.rules.exclusion import ITEMS, Determination
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

from .determined import COMPLETE

DAYS = st.dates(dt.date(1945, 8, 17), dt.date(2200, 12, 31))
OF_ITEM = {
    "jenis_klasifikasi": ("information", "letter", "level"),
    "identitas_ppid": ("body", "assessor"),
    "badan_publik": ("agency",),
    "jangka_waktu": ("start", "until"),
    "alasan": ("legal_basis", "if_opened", "if_closed"),
    "tempat_tanggal": ("place",),
}


def test_the_law_asks_for_six_items() -> None:
    exclusion = classification().exclusion
    assert list(exclusion.items) == list(ITEMS) == list(OF_ITEM)
    assert len(exclusion.items) == 6
    assert exclusion.missing(COMPLETE) == []
    assert len(exclusion.missing(Determination())) == 6


@pytest.mark.parametrize(
    ("item", "part"), [(item, part) for item, parts in OF_ITEM.items() for part in parts]
)
def test_each_item_is_missed_by_its_name(item: str, part: str) -> None:
    exclusion = classification().exclusion
    missing = exclusion.missing(replace(COMPLETE, **{part: None}))
    assert [message.msgid for message in missing] == [exclusion.items[item]]


def test_a_review_date_stands_for_an_end() -> None:
    said = replace(COMPLETE, until=None, review=dt.date(2027, 1, 1))
    assert classification().exclusion.missing(said) == []


def test_every_part_of_a_determination_is_asked_for() -> None:
    # What the papers say beyond the six items.
    more = "number weighed heard testers recipients recipients_basis processing personal".split()
    parts = {part for group in OF_ITEM.values() for part in group} | {"review", *more}
    assert parts == {field.name for field in fields(Determination)}


def test_the_condition_names_what_is_missing_and_asks_nothing_of_open_data() -> None:
    rules = classification()
    case = CaseContext("1", "classify", "approval", "dinkes")
    closed = Axes("dikecualikan", "terbatas", "tidak_ada")
    params = determination_complete(case, closed, rules)
    assert params is not None
    assert len(params["missing"]) == 6
    assert determination_complete(case, Axes("berkala", "biasa", "tidak_ada"), rules) is None
    complete = replace(case, determination=replace(COMPLETE, level=None))
    assert determination_complete(complete, closed, rules) is None


@given(start=DAYS, end=DAYS)
def test_letter_a_ends_within_thirty_years(start: dt.date, end: dt.date) -> None:
    errors = classification().exclusion.check_period("a", start, {"akhir": end})
    years = end.year - start.year
    too_long = years > 30 or (years == 30 and (end.month, end.day) > (start.month, start.day))
    assert bool(errors) == too_long


@given(start=DAYS, end=DAYS, letter=st.sampled_from("bcdefghij"))
def test_other_letters_last_as_long_as_the_interest(start, end, letter) -> None:
    assert classification().exclusion.check_period(letter, start, {"akhir": end}) == {}


def test_a_leap_day_ends_on_the_last_of_february() -> None:
    period = classification().exclusion.periods["a"]
    assert period.last_day(dt.date(2024, 2, 29)) == dt.date(2054, 2, 28)
    assert period.last_day(dt.date(9990, 1, 1)) is None


def _broken(change: Any) -> Classification:
    path = paths.schemas() / "classification.yaml"
    source = Source.read(path)
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data["exclusion"])
    source.data["exclusion"] = data["exclusion"]
    return Classification(source)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d["registers"].update(dip=[]), "'biasa' is missing"),
        (lambda d: d["registers"].update(dik=["biasa", "terbatas", "rahasia"]), "two registers"),
        (lambda d: d["registers"].update(lain=["terbatas"]), "unknown register 'lain'"),
        (lambda d: d["registers"].update(counted=["tiada"]), "unknown level"),
        (lambda d: d["periods"]["a"].update(years=0), "'years': Expected `int` >= 1"),
        (lambda d: d["periods"]["a"].update(years=-1), "'years': Expected `int` >= 1"),
        (lambda d: d["periods"]["a"].pop("basis"), "'a': 'basis' is missing"),
        (lambda d: d["determination"]["items"].pop("alasan"), "'alasan' is missing"),
        (lambda d: d["determination"]["items"].update(lain={"label": "x"}), "unknown item"),
        (lambda d: d.update(place=3), "'place': Expected `str`, got `int`"),
    ],
)
def test_a_wrong_definition_is_refused_by_name(change, reason) -> None:
    with pytest.raises(DefinitionError, match=reason):
        _broken(change)


@pytest.mark.parametrize(
    ("letter", "number", "right"),
    [
        ("a", "5", True),
        ("a", "6", False),
        ("a", None, False),
        ("c", "7", True),
        ("e", "7", True),
        ("f", "4", True),
        ("f", "5", False),
        ("h", "5", True),
        ("h", "6", False),
        ("b", None, True),
        ("b", "1", False),
        ("j", None, True),
    ],
)
def test_a_letter_that_has_numbers_needs_one_of_them(
    letter: str, number: str | None, right
) -> None:
    assert (classification().exclusion.check_number(letter, number) is None) == right
