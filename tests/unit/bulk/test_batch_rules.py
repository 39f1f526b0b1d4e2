"""What reviewers may decide together, and which files are drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.rules import batch_rules
from ckanext.satudata_pontianak.classification.rules.batch_rules import Chosen
from ckanext.satudata_pontianak.classification.rules.definition import workflow

OPEN = ("berkala", "biasa", "tidak_ada")


def cases(count: int) -> list[Chosen]:
    return [Chosen(f"id-{n}", f"n-{n}", f"T {n}", "a", OPEN, "clear", True) for n in range(count)]


def lots(count: int) -> dict[str, str]:
    """Return lots of so many cases, none of which lies in the share that is always drawn."""
    return {f"id-{n}": f"f{n:015x}" for n in range(count)}


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
    assert len(batch_rules.drawn(lots(count), cases(count))) == drawn


def test_the_lot_of_a_case_is_its_own_and_another_persons_or_versions_is_another():
    first = batch_rules.lot(b"k", "siti", "a", ["v1", "v2"])
    assert batch_rules.lot(b"k", "siti", "a", ["v2", "v1"]) == first
    others = (
        batch_rules.lot(b"k", "budi", "a", ["v1", "v2"]),
        batch_rules.lot(b"k", "siti", "b", ["v1", "v2"]),
        batch_rules.lot(b"k", "siti", "a", ["v1"]),
        batch_rules.lot(b"x", "siti", "a", ["v1", "v2"]),
    )
    assert len({first, *others}) == 5
    fifty = cases(50)
    assert batch_rules.drawn(lots(50), fifty) == batch_rules.drawn(lots(50), reversed(fifty))


@given(st.sets(st.integers(0, 49), min_size=1), st.integers(0, 16**16 - 1))
def test_no_company_frees_a_case_whose_lot_lies_in_the_share(others, number):
    """Whoever leaves others out, or takes others in, opens it nevertheless."""
    chosen = [each for n, each in enumerate(cases(50)) if n in others]
    mine = chosen[0].dataset_id
    found = {**lots(50), mine: f"{number:016x}"}
    drawn = batch_rules.drawn(found, chosen)
    assert len(drawn) >= batch_rules.rules().size(len(chosen))
    if number < batch_rules.rules().sample.share * 16**16:
        assert mine in drawn


def test_nothing_is_drawn_that_cannot_be_opened_or_stands_apart():
    first, second, third = cases(3)
    chosen = [replace(first, drawable=False), replace(second, verdict="findings"), third]
    assert replace(second, verdict="findings").apart
    assert batch_rules.drawn(lots(3), chosen) == ["id-2"]
