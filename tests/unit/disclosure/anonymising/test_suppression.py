"""No hidden count can be derived, tried by going through all tables that look the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.anonymising.counting import HIDDEN, count_table
from ckanext.satudata_pontianak.disclosure.anonymising.refusals import PlanError
from ckanext.satudata_pontianak.disclosure.anonymising.suppression import (
    TOTAL,
    Cell,
    suppressed,
    with_margins,
)

SMALL = 5


def derivable(table: Mapping[Cell, int], hidden: Collection[Cell]) -> set[Cell]:
    """Return the hidden cells that have one value in every table near this one.

    A table looks the same where all that is published is equal and, since zeros are published, no
    hidden cell is zero. Whatever is found here is a proof that a cell cannot be derived.
    """
    base = [cell for cell in table if TOTAL not in cell]
    free = [cell for cell in base if cell in hidden]
    above = {
        cell: [b for b in free if all(m in (v, TOTAL) for m, v in zip(cell, b, strict=True))]
        for cell in table
    }
    values: dict[Cell, set[int]] = {cell: set() for cell in hidden}
    for steps in product((-1, 0, 1), repeat=len(free)):
        change = dict(zip(free, steps, strict=True))
        moved = {cell: sum(change[b] for b in parts) for cell, parts in above.items()}
        if any(moved[cell] for cell in table if cell not in hidden):
            continue
        if all(table[cell] + moved[cell] >= 1 for cell in hidden):
            for cell in hidden:
                values[cell].add(moved[cell])
    return {cell for cell, found in values.items() if len(found) < 2}


@st.composite
def tables(draw) -> dict[Cell, int]:
    shape = draw(st.sampled_from([(2,), (4,), (2, 2), (2, 3), (3, 3), (2, 4), (2, 2, 2)]))
    counts = st.one_of(st.integers(0, 6), st.integers(0, 60))
    return {
        tuple(f"v{i}" for i in cell): draw(counts) for cell in product(*(range(n) for n in shape))
    }


@pytest.mark.slow
@settings(deadline=None, max_examples=250)
@given(tables())
def test_nothing_hidden_can_be_derived(counts):
    table = with_margins(counts)
    primary, secondary = suppressed(table, SMALL)
    assert primary == {cell for cell, n in table.items() if 1 <= n < SMALL}
    assert not primary & secondary
    assert derivable(table, primary | secondary) == set()


def test_the_search_sees_what_margins_betray():
    table = with_margins({("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    assert derivable(table, {("a", "x")}) == {("a", "x")}
    assert derivable(table, {("a", "x"), ("a", "y")}) == {("a", "x"), ("a", "y")}


def test_two_ones_with_their_sum_are_not_enough():
    # Both are at least 1 and zeros are published: a published sum of 2 would betray them.
    table = with_margins({("a", "x"): 1, ("a", "y"): 1, ("b", "x"): 50, ("b", "y"): 50})
    primary, secondary = suppressed(table, SMALL)
    assert primary == {("a", "x"), ("a", "y"), ("a", None)}
    assert derivable(table, primary | secondary) == set()


def test_the_cheapest_protection_is_taken():
    counts = {(r, c): 100 * i + j for i, r in enumerate("pqrs", 1) for j, c in enumerate("xyz")}
    counts["p", "x"] = 2
    primary, secondary = suppressed(with_margins(counts), SMALL)
    assert primary == {("p", "x")}
    # Three more corners, no margin, the second row being the smallest.
    assert secondary == {("p", "y"), ("q", "x"), ("q", "y")}


def test_nothing_small_hides_nothing():
    assert suppressed(with_margins({("a",): 5, ("b",): 0}), SMALL) == (frozenset(), frozenset())


def test_margins_are_sums():
    table = with_margins({("a", "x"): 1, ("a", "y"): 2, ("b", "x"): 4})
    assert table["a", None] == 3
    assert table[None, "x"] == 5
    assert table[None, None] == 7
    assert ("b", "y") not in table


def test_a_count_table_does_not_say_which_hidden_count_is_small():
    counts = {("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 30, ("b", None): 40}
    made = count_table(counts, SMALL, totals=True)
    assert made.headings == ("jumlah", "keterangan")
    rows = {row[:2]: row[2:] for row in made.rows}
    assert rows["a", "x"] == rows["a", "y"] == ("", HIDDEN)
    assert rows["b", "tidak diketahui"][0] == "40"
    assert made.counted.small == 1
    assert made.counted.protecting >= 1
    assert min(made.published.values()) >= SMALL
    assert len(made.rows) == made.counted.cells


def test_without_totals_only_the_cells_are_written_and_are_as_safe():
    counts = {(r, c): 9 for r in "abc" for c in "xyz"} | {("a", "x"): 1}
    made = count_table(counts, SMALL, totals=False)
    assert len(made.rows) == 9
    hidden = {row[:2] for row in made.rows if row[3] == HIDDEN}
    assert len(hidden) == 4


def test_an_empty_value_and_its_name_are_counted_together():
    made = count_table({(None,): 6, ("tidak diketahui",): 7}, SMALL, totals=False)
    assert made.rows == [("tidak diketahui", "13", "")]


def test_too_many_combinations_are_refused():
    with pytest.raises(PlanError, match="too_many_groups"):
        count_table({(str(i), str(i)): 9 for i in range(20_001)}, SMALL, totals=False)
