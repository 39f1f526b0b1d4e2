"""Verify entries, one after the other, against their chain and against signed heads.

It reads lines of an export (``number TAB prev TAB hash TAB text``) and holds nothing but the front
of the tree, so that a million entries need no memory. What it finds names the entry.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from . import merkle
from .chain import ADOPTION, GENESIS, says_its_place
from .heads import Head, SignedHead

KEPT = 100
"""So many problems are named; the others are counted."""

_CHUNK = 4096
_sha256 = hashlib.sha256
_genesis = GENESIS.encode()


class Kind(StrEnum):
    """What can be wrong with an entry or a head."""

    UNREADABLE = "unreadable"
    CHANGED = "changed"
    """The text does not give the hash."""
    MISPLACED = "misplaced"
    """Number or link in the text are not those of the row."""
    UNLINKED = "unlinked"
    """It does not name the entry that stands before it."""
    MISSING = "missing"
    """Its number does not follow: entries are missing, doubled or in another order."""
    UNCHAINED = "unchained"
    """It has no link, but stands behind entries that have one."""
    ADOPTED = "adopted"
    """What an older version wrote is not what was taken into the chain."""
    COLUMNS = "columns"
    """The columns of the table say something else than the text."""
    BESIDE = "beside"
    """The value beside the entry is not the one whose digest stands in it."""
    ERASED = "erased"
    """A value beside the entry is gone, and no later entry says that it was forgotten."""
    KEY = "key"
    """A head was signed with a key that is not the portal's, or its signature is wrong."""
    HEAD = "head"
    """A signed head covers other entries than these."""
    SHORT = "short"
    """A signed head covers more entries than there are: the end was cut off."""


@dataclass(frozen=True)
class Problem:
    """Something that is wrong, with the number of the entry (or of the last one of a head)."""

    kind: Kind
    entry: int
    after: int | None = None


@dataclass
class Result:
    """What was verified: entries, how many of them a head covers, problems."""

    size: int = 0
    covered: int = 0
    last: int = 0
    last_hash: str = GENESIS
    root: str = ""
    heads: int = 0
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.count == 0


class Verifier:
    """Takes lines in order; :meth:`result` says what was found.

    :param heads: signed heads whose signatures were checked; each is compared at its own size.
    :param full: told of full subtrees, see :meth:`.merkle.Frontier.add`.
    :param tree: ``False`` verifies the chain alone; heads are compared by their last hash then.
    """

    def __init__(
        self,
        heads: Iterable[SignedHead] = (),
        *,
        tree: bool = True,
        full: Callable[[int, int, bytes], None] | None = None,
    ) -> None:
        """Begin with no entry."""
        self._full = full
        self._heads = deque(sorted(heads, key=lambda s: s.head.size))
        self._result = Result(heads=len(self._heads))
        self._tree = tree
        self._frontier = merkle.Frontier()
        self._number = 0
        self._hash = _genesis
        self._chained = False
        self._old = _sha256()
        self._old_count = 0

    def resume(self, head: Head, front: merkle.Frontier) -> None:
        """Go on behind a head that was verified before, from the front of its tree."""
        self._frontier, self._chained = front, True
        self._number, self._hash = head.entry, head.hash.encode("ascii")
        self._result.size = self._result.covered = head.size
        self._result.heads += 1

    def problem(self, kind: Kind, entry: int, after: int | None = None) -> None:
        """Take down something that is wrong."""
        self._result.count += 1
        if len(self._result.problems) < KEPT:
            self._result.problems.append(Problem(kind, entry, after))

    def feed(self, lines: Iterable[bytes]) -> int:
        """Verify lines; return how many there were."""
        fed = 0
        source = iter(lines)
        while chunk := list(islice(source, self._next_chunk())):
            for line in chunk:
                self._line(line)
            fed += len(chunk)
            self._result.size += len(chunk)
            self._compare()
        return fed

    def _next_chunk(self) -> int:
        """Stop where the next head ends, so that it is compared there."""
        if not self._heads:
            return _CHUNK
        return max(1, min(_CHUNK, self._heads[0].head.size - self._result.size))

    def _line(self, line: bytes) -> None:
        parts = line.rstrip(b"\n").split(b"\t", 3)
        if len(parts) != 4 or not parts[0].isdigit() or len(parts[0]) > 18 or len(parts[2]) != 64:
            self.problem(Kind.UNREADABLE, self._number + 1)
            self._add(b"0" * 64)
            return
        number, prev, stored, text = int(parts[0]), parts[1], parts[2], parts[3]
        if _sha256(text).hexdigest().encode() != stored:
            self.problem(Kind.CHANGED, number)
        if prev:
            if not says_its_place(text, number, prev):
                self.problem(Kind.MISPLACED, number)
            if number != self._number + 1:
                self.problem(Kind.MISSING, number, self._number)
            if prev != self._hash:
                self.problem(Kind.UNLINKED, number, self._number)
            if not self._chained:
                self._first(number, text)
        else:
            if self._chained:
                self.problem(Kind.UNCHAINED, number)
            elif number <= self._number:
                self.problem(Kind.MISSING, number, self._number)
            self._old.update(stored + b"\n")
            self._old_count += 1
        self._number, self._hash = number, stored
        self._add(stored)

    def _first(self, number: int, text: bytes) -> None:
        """Check what the first entry of the chain says about what is older than the chain."""
        self._chained = True
        if not self._old_count:
            return
        try:
            body = json.loads(text)
            told = (body["event"], body["detail"]["count"], body["detail"]["digest"])
        except (ValueError, KeyError, TypeError, RecursionError):
            told = None
        if told != (ADOPTION, self._old_count, self._old.hexdigest()):
            self.problem(Kind.ADOPTED, number)

    def _add(self, stored: bytes) -> None:
        if self._tree:
            try:
                leaf = bytes.fromhex(stored.decode("ascii"))
            except ValueError:
                leaf = stored
            self._frontier.add(_sha256(b"\x00" + leaf).digest(), self._full)

    def _compare(self) -> None:
        """Compare with every head that ends here."""
        while self._heads and self._heads[0].head.size <= self._result.size:
            head = self._heads.popleft().head
            same = (head.entry, head.hash.encode()) == (self._number, self._hash)
            if not same or (self._tree and self._frontier.root() != head.root):
                self.problem(Kind.HEAD, head.entry)
            self._result.covered = head.size

    @property
    def front(self) -> merkle.Frontier:
        """Return the front of the tree over what was verified."""
        return self._frontier

    def result(self) -> Result:
        """Return what was found; heads that cover more than there is are problems."""
        for signed in self._heads:
            self.problem(Kind.SHORT, signed.head.entry, self._number)
        self._heads.clear()
        self._result.last, self._result.last_hash = self._number, self._hash.decode("ascii")
        self._result.root = self._frontier.root() if self._tree else ""
        return self._result


def verify(lines: Iterable[bytes], heads: Iterable[SignedHead], *, tree: bool = True) -> Result:
    """Verify lines against heads."""
    verifier = Verifier(heads, tree=tree)
    verifier.feed(lines)
    return verifier.result()
