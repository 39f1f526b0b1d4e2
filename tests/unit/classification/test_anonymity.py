"""What was made by masking is opened only where enough rows are alike."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Duty
from ckanext.satudata_pontianak.classification.rules.anonymity import k_of, shown
from ckanext.satudata_pontianak.classification.rules.axes import (
    Axes,
    Classification,
    DefinitionError,
    classification,
)
from ckanext.satudata_pontianak.classification.rules.conditions import (
    CaseContext,
    ScanFacts,
    anonymous_enough,
)
from ckanext.satudata_pontianak.classification.rules.definition import workflow
from ckanext.satudata_pontianak.classification.rules.refusals import Refused
from ckanext.satudata_pontianak.classification.rules.workflow import Engine
from ckanext.satudata_pontianak.surface.yaml_source import Source

OPEN = Axes("berkala", "biasa", "dianonimkan")
LIMITED = Axes("dikecualikan", "terbatas", "dianonimkan")
WANTED = classification().anonymisation.k
OPENING = {
    "verification": ("approve", "walidata", {}),
    "consequence_test": ("declare_open", "ppid", {"alasan": "a", "dasar_hukum": "b"}),
    "approval": ("approve", "atasan_ppid", {}),
}


def case(state: str, k: int | None, axes: Axes = OPEN) -> CaseContext:
    files = (ScanFacts("asli.csv", "clear"), ScanFacts("disamarkan.csv", "clear", k=k))
    base = CaseContext("c", "classify", state, "dinkes", proposal=axes, scans=files, files=2)
    return replace(base, described=True, assessed=axes if state == "approval" else None)


@pytest.mark.parametrize("state", OPENING)
def test_too_few_alike_are_not_opened_by_anybody(state):
    step, duty, fields = OPENING[state]
    who = Actor("u", "u", duties=frozenset({Duty(duty)}))
    engine = Engine(workflow(), classification())
    with pytest.raises(Refused) as refused:
        engine.check(case(state, WANTED - 1), step, who, fields)
    assert refused.value.code == "anonymous_enough"
    said = refused.value.message.text(lambda text: text)
    assert f"disamarkan.csv: k = {WANTED - 1}, at least {WANTED} are needed" in said
    assert "Generalise" in said
    assert engine.check(case(state, WANTED), step, who, fields)
    assert engine.check(case(state, None), step, who, fields)


def test_what_stays_closed_may_have_few_alike():
    assert anonymous_enough(case("approval", 1, LIMITED), LIMITED, classification()) is None
    # A level that is not said, or unknown, is not open: other conditions refuse it.
    assert anonymous_enough(case("draft", 1), Axes(), classification()) is None
    assert anonymous_enough(case("draft", 1), OPEN, classification()) is not None


def test_a_report_without_a_number_counts_as_none_alike():
    assert k_of(None) is None
    assert k_of({"k": 7}) == 7
    assert k_of({}) == k_of({"k": "7"}) == 0


def test_where_a_file_was_made_from_is_not_shown_with_it():
    assert shown({"k": 7, "source": {"dataset": "x"}}) == {"k": 7}
    assert shown(None) is None


@pytest.mark.parametrize(
    "wrong", ["{k: 1, small_cell: 5}", "{k: 5}", "{k: yes, small_cell: 5}", "5"]
)
def test_a_wrong_threshold_names_its_line(wrong):
    text = (paths.schemas() / "classification.yaml").read_text("utf-8")
    broken = re.sub(r"^anonymisation: .*$", f"anonymisation: {wrong}", text, flags=re.MULTILINE)
    line = text[: text.index("\nanonymisation: ")].count("\n") + 2
    with pytest.raises(DefinitionError, match=rf"line {line}: .*(Expected `|is missing)"):
        Classification(Source("classification.yaml", broken))
