"""A Merkle tree over the entries (RFC 9162, section 2.1), with the library ``pymerkle``.

The data of a leaf are the 32 bytes of the entry's hash, not its text: so a receipt, which is number
and hash, can be proven by somebody who may never see the entry. Hashes are of SHA-256, a leaf is
``H(0x00 || hash)``, a node ``H(0x01 || left || right)``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pymerkle import BaseMerkleTree
from pymerkle.hasher import MerkleHasher

HASHER = MerkleHasher("sha256")
STEP = 8
"""Subtrees of 2^8, 2^16, … leaves are kept, so that no proof reads more than some hundred rows."""

_sha256 = hashlib.sha256


def leaf(entry_hash: str) -> bytes:
    """Return the leaf of an entry, from its hash in hexadecimal digits."""
    return _sha256(b"\x00" + bytes.fromhex(entry_hash)).digest()


def _is_power(number: int) -> bool:
    return number & (number - 1) == 0


class Frontier:
    """The roots of the full subtrees of a growing tree, from left to right.

    It is all that is needed to add leaves and to say the root: a head is made from the entries
    since the last one, without reading the others again.
    """

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        """Begin with a tree of ``size`` leaves whose full subtrees have these roots."""
        self.size = size
        self.nodes = list(nodes)
        if len(self.nodes) != size.bit_count():
            raise ValueError("these are not the full subtrees of a tree of that size")

    def add(self, item: bytes, full: Callable[[int, int, bytes], None] | None = None) -> None:
        """Add a leaf.

        :param full: told of each subtree of a size that is kept when it gets full: level (its
            size is 2^level), position among those of its size, root.
        """
        nodes, size = self.nodes, self.size
        level = 0
        while size & 1:
            item = _sha256(b"\x01" + nodes.pop() + item).digest()
            size >>= 1
            level += 1
            if full is not None and level % STEP == 0:
                full(level, size, item)
        nodes.append(item)
        self.size += 1

    def root(self) -> str:
        """Return the root in hexadecimal digits."""
        if not self.nodes:
            return HASHER.hash_empty().hex()
        return HASHER.hash_fold(self.nodes[::-1]).hex()


class Tree(BaseMerkleTree):
    """A tree whose leaves and kept subtrees are read from wherever they stand."""

    def __init__(
        self,
        size: int,
        leaves: Callable[[int, int], Sequence[bytes]],
        kept: Callable[[int, int, int], Sequence[bytes]] = lambda *_: (),
    ) -> None:
        """Read leaves by ``leaves(offset, count)``, subtrees by ``kept(level, first, count)``.

        ``kept`` may give fewer than asked for; they are computed then.
        """
        super().__init__("sha256", disable_cache=True)
        self._size, self._leaves, self._kept = size, leaves, kept
        self._get_subroot = self._subroot

    def _encode_entry(self, data: Any) -> Any:
        return data

    def _store_leaf(self, data: Any, digest: Any) -> Any:
        raise TypeError("this tree is read only")

    def _get_leaf(self, index: int) -> Any:
        return self._leaves(index - 1, 1)[0]

    def _get_leaves(self, offset: int, width: int) -> Any:
        return self._leaves(offset, width)

    def _get_size(self) -> Any:
        return self._size

    @property
    def count(self) -> int:
        """Return how many leaves there are."""
        return self._size

    def range_root(self, start: int, end: int) -> bytes:
        """Return the root over the leaves from ``start`` (from 0) up to, without, ``end``."""
        return self._get_root(start, end)

    def _subroot(self, offset: int, width: int) -> bytes:
        level = (width.bit_length() - 1) // STEP * STEP
        if level == 0:
            return folded(self._leaves(offset, width))
        count = width >> level
        nodes = self._kept(level, offset >> level, count)
        if len(nodes) != count:
            part = 1 << (level - STEP if width == 1 << level else level)
            nodes = [self._subroot(o, part) for o in range(offset, offset + width, part)]
        return folded(nodes)


def folded(nodes: Sequence[bytes]) -> bytes:
    """Return the root over nodes of one level, whose number is a power of two."""
    level = list(nodes)
    if not level or not _is_power(len(level)):
        raise ValueError("a full subtree has a power of two of nodes")
    while len(level) > 1:
        level = [
            _sha256(b"\x01" + level[n] + level[n + 1]).digest() for n in range(0, len(level), 2)
        ]
    return level[0]


def inclusion(tree: Tree, index: int, size: int) -> list[str]:
    """Return the inclusion path of a leaf in the tree of ``size`` leaves (RFC 9162, 2.1.3).

    :param index: position of the leaf, counted from 0.
    :raises ValueError: there is no such leaf, or the tree is smaller.
    """
    if not 0 <= index < size <= tree.count:
        raise ValueError("no such leaf in a tree of that size")
    proof = tree.prove_inclusion(index + 1, size)
    return [node.hex() for node in proof.path[1:]]


def consistency(tree: Tree, first: int, second: int) -> list[str]:
    """Return the proof that a tree grew out of a smaller one (RFC 9162, 2.1.4).

    :raises ValueError: a size is not between 1 and the tree's, or ``first`` is the larger one.
    """
    if not 0 < first <= second <= tree.count:
        raise ValueError("no trees of those sizes, the smaller one first")
    if first == second:
        return []
    return [tree.range_root(start, end).hex() for start, end in _between(first, second)]


def _between(first: int, second: int) -> list[tuple[int, int]]:
    """Return the ranges of leaves whose roots make the proof: SUBPROOF of the RFC.

    The library's own layout takes another way where the smaller tree ends with a full subtree, and
    gives proofs that are sound but longer than those of the RFC, which other tools refuse.
    """
    start, width, known, ranges = 0, second, True, []
    while first != width:
        half = 1 << (width - 1).bit_length() - 1
        if first <= half:
            ranges.append((start + half, start + width))
            width = half
        else:
            ranges.append((start, start + half))
            start, width, first, known = start + half, width - half, first - half, False
    # The root of the smaller tree itself is left out: whoever checks has it.
    return ranges[::-1] if known else [(start, start + width), *ranges[::-1]]


def included(entry_hash: str, index: int, size: int, path: Sequence[str], root: str) -> bool:
    """Tell whether an inclusion path leads from an entry's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf(entry_hash)
    for text in path:
        sibling = bytes.fromhex(text)
        if last == 0:
            return False
        if place & 1 or place == last:
            node = HASHER.hash_pair(sibling, node)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = HASHER.hash_pair(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node.hex() == root


def consistent(first: int, second: int, path: Sequence[str], one: str, two: str) -> bool:
    """Tell whether a tree of root ``two`` grew out of that of root ``one`` (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not path and one == two
    if not 0 < first < second:
        return False
    nodes = [bytes.fromhex(text) for text in path]
    if _is_power(first):
        nodes.insert(0, bytes.fromhex(one))
    if not nodes:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = HASHER.hash_pair(node, older), HASHER.hash_pair(node, newer)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            newer = HASHER.hash_pair(newer, node)
        place, last = place >> 1, last >> 1
    return last == 0 and older.hex() == one and newer.hex() == two
