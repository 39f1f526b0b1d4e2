"""The audit's programme: every control has its turn in time, whatever comes and goes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.smki.rules import programme
from ckanext.satudata_pontianak.smki.rules.programme import quarters_of, share

SPAN = 8
QUARTERS = [q for year in range(2026, 2034) for q in quarters_of(year)]


@given(
    st.lists(st.integers(1, 40), min_size=len(QUARTERS), max_size=len(QUARTERS)),
    st.integers(1, 12),
)
def test_each_is_looked_at_within_the_span_while_others_come_and_go(sizes, span) -> None:
    audited: dict[str, list[str]] = {}
    since: dict[str, int] = {}
    for at, (name, size) in enumerate(zip(QUARTERS, sizes, strict=True)):
        names = [f"c{n}" for n in range(size)]
        since = {each: since.get(each, at) for each in names}
        for each in share(names, audited, name, span):
            audited.setdefault(each, []).append(name)
        for each in names:
            seen = [QUARTERS.index(q) for q in audited.get(each, ()) if QUARTERS.index(q) <= at]
            last = max([*seen, since[each] - 1])
            assert at - last < span or at - since[each] < span, (each, name)


def test_a_year_of_the_same_controls_has_each_once_and_no_quarter_is_heavier() -> None:
    names, audited = [f"c{n}" for n in range(96)], dict[str, list[str]]()
    sizes = []
    for at in QUARTERS[:SPAN]:
        chosen = share(names, audited, at, SPAN)
        sizes.append(len(chosen))
        for each in chosen:
            audited.setdefault(each, []).append(at)
    assert {len(found) for found in audited.values()} == {1}
    assert set(audited) == set(names)
    assert set(sizes) == {12}


def test_the_list_of_a_quarter_stands_while_it_is_worked_through() -> None:
    names, at = [f"c{n}" for n in range(20)], "2026-10"
    before = share(names, {}, at, SPAN)
    assert share(names, {before[0]: [at]}, at, SPAN) == before


def test_what_was_not_looked_at_in_its_quarter_comes_again_in_the_next() -> None:
    names = [f"c{n}" for n in range(16)]
    first = share(names, {}, "2026-07", SPAN)
    left = {first[0]: ["2026-07"]}
    assert first[1] in share(names, left, "2026-10", SPAN)
    assert first[0] not in share(names, left, "2026-10", SPAN)


def test_what_was_never_looked_at_is_due_once_the_programme_has_run_for_its_span() -> None:
    names = [f"c{n}" for n in range(16)]
    audited = {name: [at] for name, at in zip(names[:4], QUARTERS, strict=False)}
    assert len(share(names, audited, QUARTERS[SPAN - 1], SPAN)) == 2
    late = share(names, audited, QUARTERS[SPAN], SPAN)
    assert set(late) == {*names[4:], names[0]}


@pytest.mark.parametrize("year", [2026, 2027])
def test_a_programme_shows_what_was_looked_at_and_what_will_be(year) -> None:
    names, today = [f"c{n}" for n in range(16)], dt.date(2026, 8, 20)
    audited = {"c9": ["2026-04"], "c0": ["2026-07"]}
    found = programme.programme(names, audited, year, today, SPAN)
    assert list(found) == quarters_of(year)
    if year == 2026:
        assert found["2026-01"] == []
        assert found["2026-04"] == ["c9"]
        assert found["2026-07"] == ["c0", "c1"]
        assert found["2026-10"] == ["c2", "c3"]
    else:
        assert [found[q] for q in quarters_of(2027)] == [
            ["c4", "c5"],
            ["c6", "c7"],
            ["c8", "c10"],
            ["c11", "c12"],
        ]
