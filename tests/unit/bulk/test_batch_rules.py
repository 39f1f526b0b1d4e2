"""What reviewers may decide together, and which files are drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata_pontianak.classification.rules import batch_rules
from ckanext.satudata_pontianak.classification.rules.batch_rules import Chosen
from ckanext.satudata_pontianak.classification.rules.definition import workflow

OPEN = ("berkala", "biasa", "tidak_ada")


def cases(count: int) -> list[Chosen]:
    return [Chosen(f"id-{n}", f"n-{n}", f"T {n}", "a", OPEN, "clear", True) for n in range(count)]


def test_the_steps_that_are_governed_exist_and_one_case_is_no_batch():
    names = {step.name for step in workflow().transitions.values()}
    assert set(batch_rules.rules().steps) <= names
    assert not batch_rules.governs("approve", 1)
    assert not batch_rules.governs("return", 40)
    assert batch_rules.governs("approve", 2)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (cases(50), []),
        (cases(51), [batch_rules.TOO_MANY]),
        ([*cases(3), replace(cases(1)[0], owner="b")], [batch_rules.AGENCIES]),
        ([*cases(3), replace(cases(1)[0], proposal=("x",))], [batch_rules.PROPOSALS]),
    ],
)
def test_cases_decided_together_are_alike_and_not_too_many(chosen, said):
    assert [message.msgid for message in batch_rules.against(chosen)] == said


@pytest.mark.parametrize(("count", "drawn"), [(2, 2), (3, 2), (20, 2), (21, 3), (50, 5)])
def test_a_sample_grows_with_the_batch(count, drawn):
    assert len(batch_rules.drawn("aa", cases(count))) == drawn


def test_the_same_act_draws_the_same_and_another_person_or_case_another():
    seen = [(each.dataset_id, "e") for each in cases(50)]
    first = batch_rules.seed(b"k", "siti", seen)
    assert batch_rules.seed(b"k", "siti", reversed(seen)) == first
    others = (
        batch_rules.seed(b"k", "budi", seen),
        batch_rules.seed(b"k", "siti", seen[1:]),
        batch_rules.seed(b"x", "siti", seen),
    )
    assert len({first, *others}) == 4
    assert batch_rules.drawn(first, cases(50)) == batch_rules.drawn(first, reversed(cases(50)))


def test_nothing_is_drawn_that_cannot_be_opened_or_stands_apart():
    first, second, third = cases(3)
    given = [replace(first, drawable=False), replace(second, verdict="findings"), third]
    assert replace(second, verdict="findings").apart
    assert batch_rules.drawn("aa", given) == ["id-2"]
