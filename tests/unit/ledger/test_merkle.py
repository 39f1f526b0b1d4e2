"""The tree is that of RFC 9162, and its proofs hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.ledger import merkle

from .made import head, rows, tree

ROWS = rows(600)
LEAVES = [merkle.leaf(row.hash) for row in ROWS]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, as it is written there."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    left, right = by_definition(leaves[:k]), by_definition(leaves[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def roots() -> Iterator[tuple[int, str]]:
    """Give the root of each size, as the tree grows."""
    growing = merkle.Frontier()
    for size, leaf in enumerate(LEAVES, start=1):
        growing.add(leaf)
        yield size, growing.root()


ROOTS = dict(roots())
sizes = st.integers(1, 600)


@given(sizes)
def test_the_root_is_that_of_the_definition(size) -> None:
    assert by_definition(LEAVES[:size]).hex() == ROOTS[size] == tree(ROWS).get_root(size).hex()


@settings(max_examples=200)
@given(sizes, st.data())
def test_every_entry_is_proven_in_every_tree_that_holds_it(size, data) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion(tree(ROWS), index, size)
    assert merkle.included(ROWS[index].hash, index, size, path, ROOTS[size])
    other = (index + 1) % size
    if other != index:
        assert not merkle.included(ROWS[other].hash, index, size, path, ROOTS[size])
        assert not merkle.included(ROWS[index].hash, other, size, path, ROOTS[size])
    assert not merkle.included(ROWS[index].hash, index, size, [*path, "00" * 32], ROOTS[size])


@settings(max_examples=200)
@given(sizes, sizes)
def test_any_two_heads_are_consistent(one, two) -> None:
    first, second = sorted((one, two))
    path = merkle.consistency(tree(ROWS), first, second)
    assert merkle.consistent(first, second, path, ROOTS[first], ROOTS[second])
    if first != second:
        assert not merkle.consistent(first, second, path, ROOTS[second], ROOTS[first])
        assert not merkle.consistent(first, second, [*path, "00" * 32], ROOTS[first], ROOTS[second])
        assert not merkle.consistent(first, second, path[1:], ROOTS[first], ROOTS[second])


@settings(deadline=None)  # three thousand rows take long on a machine that has other work
@given(st.integers(1, 3000), st.integers(0, 3000))
def test_kept_subtrees_give_the_same_proofs(size, index) -> None:
    leaves = [hashlib.sha256(str(n).encode()).digest() for n in range(size)]
    kept: dict[tuple[int, int], bytes] = {}
    front = merkle.Frontier()
    for leaf in leaves:
        front.add(leaf, lambda level, place, node: kept.__setitem__((level, place), node))
    read: list[int] = []

    def some(start, count):
        read.append(count)
        return leaves[start : start + count]

    def nodes(level, first, count):
        found = [kept.get((level, first + n)) for n in range(count)]
        return [n for n in found if n is not None]

    quick = merkle.Tree(size, some, nodes)
    plain = merkle.Tree(size, lambda start, count: leaves[start : start + count])
    place = index % size
    assert merkle.inclusion(quick, place, size) == merkle.inclusion(plain, place, size)
    assert sum(read) < 3 * 256
    assert merkle.consistency(quick, place + 1, size) == merkle.consistency(plain, place + 1, size)
    again = merkle.Frontier(size, front.nodes)
    again.add(leaves[0])
    front.add(leaves[0])
    assert again.root() == front.root()


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (0, 601)])
def test_no_proof_of_what_is_not_there(index, size) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion(tree(ROWS), index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 5), (6, 5), (1, 601)])
def test_no_proof_between_trees_that_are_not_there(first, second) -> None:
    with pytest.raises(ValueError, match="no trees of those sizes"):
        merkle.consistency(tree(ROWS), first, second)


def test_the_empty_tree_has_the_root_of_nothing() -> None:
    assert merkle.Frontier().root() == hashlib.sha256(b"").hexdigest()


def test_a_front_must_fit_its_size(signer) -> None:
    with pytest.raises(ValueError, match="full subtrees"):
        merkle.Frontier(5, [b""])
    assert head(ROWS[:5], signer).head.root == ROOTS[5]
