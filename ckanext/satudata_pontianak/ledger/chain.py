"""The chain: every entry carries its number and the hash of the entry before it.

What is hashed is the canonical text (RFC 8785) as it is stored. Canonical JSON sorts its keys, and
the envelope's last three are ``number``, ``outcome`` and ``prev``: every text ends with them, and a
million links are checked without parsing a million texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .canonical import canonical, digest

GENESIS = "0" * 64
"""What the first entry names as the one before it."""

ADOPTION = "ledger.adopt"
"""The entry that takes what an older version wrote, without a chain, into the chain."""

_TAIL = 160
"""Characters at the end of a text in which number, outcome and link stand."""


@dataclass(frozen=True)
class Row:
    """An entry as it is stored or exported; ``prev`` is empty for one older than the chain."""

    number: int
    prev: str
    hash: str
    text: str

    def line(self) -> str:
        """Return the entry as a line of an export. Canonical JSON has neither tabs nor breaks."""
        return f"{self.number}\t{self.prev}\t{self.hash}\t{self.text}\n"


def seal(body: Mapping[str, Any], number: int, prev: str) -> Row:
    """Give an entry its number and its place in the chain.

    :param body: what is recorded, of JSON's own kinds, without ``number`` and ``prev``.
    """
    text = canonical({**body, "number": number, "prev": prev})
    return Row(number, prev, digest(text), text)


def says_its_place(text: bytes, number: int, prev: bytes) -> bool:
    """Tell whether a text names this number and this entry before it, as its own last keys."""
    tail = text[-_TAIL:]
    return (
        tail.endswith(b',"prev":"' + prev + b'"}') and b'"number":%d,"outcome":"' % number in tail
    )
