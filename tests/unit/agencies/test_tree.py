"""The tree of agencies: what stands above and below, and that a loop hangs nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.agencies.rules import tree

NAMES = list("abcdefgh")
anything = st.dictionaries(st.sampled_from(NAMES), st.none() | st.sampled_from(NAMES))


@st.composite
def forests(draw: st.DrawFn) -> dict[str, str | None]:
    """Trees without a loop: each agency hangs under an earlier one, or under none."""
    parents: dict[str, str | None] = {}
    for i, name in enumerate(NAMES):
        parents[name] = draw(st.none() | st.sampled_from(NAMES[:i])) if i else None
    return parents


def test_ancestors_are_listed_nearest_first() -> None:
    assert tree.ancestors("c", {"a": None, "b": "a", "c": "b"}) == ["b", "a"]


def test_nothing_is_inherited_through_an_agency_that_is_closed() -> None:
    parents = {"a": None, "c": "b"}  # b was closed and is not in the mapping
    assert tree.ancestors("c", parents) == []
    assert tree.descendants(["a"], parents) == frozenset()
    assert tree.descendants(["b"], parents) == frozenset()


@given(anything)
def test_every_question_ends_even_with_loops(parents: dict[str, str | None]) -> None:
    for name in NAMES:
        above = tree.ancestors(name, parents)
        assert len(above) == len(set(above)) <= len(parents)
        assert name not in above
    assert tree.descendants(NAMES, parents) <= set(parents)
    assert tree.loops(parents) <= set(parents)


@given(forests())
def test_above_and_below_say_the_same(parents: dict[str, str | None]) -> None:
    for high in NAMES:
        below = tree.descendants([high], parents)
        assert below == {low for low in NAMES if high in tree.ancestors(low, parents)}


@given(forests(), st.sampled_from(NAMES), st.none() | st.sampled_from(NAMES))
def test_a_move_is_refused_exactly_when_it_closes_a_loop(
    parents: dict[str, str | None], moved: str, new_parent: str | None
) -> None:
    assert not tree.loops(parents)
    refused = tree.makes_loop(moved, new_parent, parents)
    assert refused == bool(tree.loops({**parents, moved: new_parent}))


def test_an_agency_is_not_its_own_parent() -> None:
    assert tree.makes_loop("a", "a", {})
    assert not tree.makes_loop("a", None, {})


def test_loops_names_only_those_in_the_loop() -> None:
    assert tree.loops({"a": "b", "b": "a", "c": "a", "d": None}) == {"a", "b"}
