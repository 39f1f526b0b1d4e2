"""Which files hold columns that the dictionary says not everybody may have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Duty
from ckanext.satudata_pontianak.classification.rules import variables as rules
from ckanext.satudata_pontianak.classification.rules.axes import Axes, classification
from ckanext.satudata_pontianak.classification.rules.conditions import (
    CaseContext,
    ScanFacts,
    no_personal_columns,
    no_referred_columns,
)
from ckanext.satudata_pontianak.classification.rules.definition import workflow
from ckanext.satudata_pontianak.classification.rules.refusals import Refused
from ckanext.satudata_pontianak.classification.rules.variables import Held, Marked, Seen, held
from ckanext.satudata_pontianak.classification.rules.workflow import Engine
from ckanext.satudata_pontianak.messages import Message

OPEN = Axes("berkala", "biasa", "tidak_ada")
LIMITED = Axes("dikecualikan", "terbatas", "umum")
NAME = st.text("abcXYZ", min_size=1, max_size=6)
PERSONAL = Marked(personal=(Message("warga.csv, column 'alamat'"),))
REFERRED = Marked(referred=(Message("warga.csv, column 'letak'"),))
OPENING = {
    "verification": ("approve", Duty.WALIDATA, {}),
    "consequence_test": ("declare_open", Duty.PPID, {"alasan": "a", "dasar_hukum": "b"}),
    "approval": ("approve", Duty.ATASAN_PPID, {}),
}


def case(state: str, marked: Marked, axes: Axes = OPEN) -> CaseContext:
    scans = (ScanFacts("warga.csv", "clear"),)
    base = CaseContext("c", "classify", state, "dinkes", proposal=axes, scans=scans, files=1)
    assessed = axes if state == "approval" else None
    return replace(base, described=True, assessed=assessed, marked=marked)


def take(state: str, marked: Marked):
    step, duty, fields = OPENING[state]
    who = Actor("u", "u", duties=frozenset({duty}))
    return Engine(workflow(), classification()).check(case(state, marked), step, who, fields)


@pytest.mark.parametrize("state", OPENING)
def test_nobody_opens_a_file_that_holds_a_personal_column(state) -> None:
    with pytest.raises(Refused) as refused:
        take(state, PERSONAL)
    assert refused.value.code == "no_personal_columns"
    assert "column 'alamat'" in refused.value.message.text()
    assert take(state, Marked())


def test_walidata_opens_no_column_that_was_referred_and_ppid_may() -> None:
    with pytest.raises(Refused) as refused:
        take("verification", REFERRED)
    assert refused.value.code == "no_referred_columns"
    assert take("consequence_test", REFERRED)
    assert take("approval", REFERRED)


def test_what_stays_closed_may_hold_any_column() -> None:
    for marked in (PERSONAL, REFERRED):
        for condition in (no_personal_columns, no_referred_columns):
            assert condition(case("draft", marked, LIMITED), LIMITED, classification()) is None


@pytest.mark.parametrize("state", ["draft"])
def test_a_proposal_to_open_a_personal_column_is_not_submitted(state) -> None:
    who = Actor("u", "u", publishes_for=frozenset({"dinkes"}))
    engine = Engine(workflow(), classification())
    with pytest.raises(Refused) as refused:
        engine.check(case(state, PERSONAL), "submit", who, {})
    assert refused.value.code == "no_personal_columns"
    assert "Mask the data" in refused.value.message.text()
    assert engine.check(case(state, REFERRED), "submit", who, {})


@given(names=st.lists(NAME, min_size=1, max_size=6), marked=NAME, why=st.sampled_from(rules.PUBLIC))
def test_a_file_holds_a_marked_column_exactly_where_one_of_that_name_stands_in_it(
    names, marked, why
) -> None:
    marks = {rules.folded(marked): why} if why != rules.YES else {}
    found = held(marks, [Held("f.csv", [Seen("", name) for name in names])])
    holds = marked.lower() in [name.lower() for name in names]
    assert bool(found.personal) == (holds and why == rules.PERSONAL)
    assert bool(found.referred) == (holds and why == rules.REFERRED)


@pytest.mark.parametrize(
    "name", ["Alamat_Rumah", "ALAMAT  RUMAH", "alamat-rumah", " alamat.rumah "]
)
def test_a_column_is_known_however_its_heading_is_written(name) -> None:
    marks = {rules.folded("alamat rumah"): rules.PERSONAL}
    assert held(marks, [Held("f.csv", [Seen("", name)])]).personal


def test_a_column_of_a_hidden_sheet_counts_and_is_named_with_its_sheet() -> None:
    (said,) = held({"nama": rules.PERSONAL}, [Held("f.xlsx", [Seen("Arsip", "Nama")])]).personal
    assert said.text() == "f.xlsx, sheet 'Arsip', column 'Nama'"


@pytest.mark.parametrize("columns", [None, [Seen("", "")], [Seen("A", "x"), Seen("B", "")]])
def test_what_could_not_be_read_counts_as_if_it_held_every_marked_column(columns) -> None:
    marks = {"nama": rules.PERSONAL, "letak": rules.REFERRED}
    found = held(marks, [Held("f.pdf", columns)])
    assert (len(found.personal), len(found.referred)) == (1, 1)
    assert held({}, [Held("f.pdf", columns)]) == rules.NONE


def test_a_file_without_tables_that_was_read_holds_no_column() -> None:
    assert held({"nama": rules.PERSONAL}, [Held("catatan.txt", [])]) == rules.NONE


def test_every_answer_has_its_words_and_every_field_is_kept() -> None:
    assert set(rules.variables().public) == set(rules.PUBLIC)
    assert tuple(rules.variables().fields) == rules.FIELDS
