"""What the actions on the ledger answer; ``docs/api.md`` has its tables from here."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict


class Receipt(TypedDict):
    """That an act was recorded."""

    entry: Annotated[int, "number of its entry in the ledger"]
    hash: Annotated[str, "hash of that entry"]
    code: Annotated[str | None, "the receipt as people read it"]


class Recorded(TypedDict):
    """An answer to an act that was recorded."""

    receipt: Annotated[Receipt, "of the record in the ledger"]


class Head(TypedDict):
    """The ledger at a moment."""

    ledger: Annotated[str, "whose ledger it is: the address of the site"]
    size: Annotated[int, "how many entries it covers"]
    entry: Annotated[int, "number of the last of them"]
    hash: Annotated[str, "and its hash"]
    root: Annotated[str, "root of the tree over them all"]
    at: Annotated[str, "when it was signed"]


class SignedHead(TypedDict):
    """A head with its signature."""

    head: Head
    signature: Annotated[str, "Ed25519 over the canonical JSON of `head`, in base64"]
    key: Annotated[str, "the public key, in base64"]
    fingerprint: Annotated[str, "of the key: the first 16 digits of its SHA-256"]


class NoHead(TypedDict):
    """What stands for a head before the first one."""

    head: None
    signature: None
    key: None
    fingerprint: None


class NewestHead(TypedDict):
    """The newest head, or the one that was asked for, and what came since."""

    head: Annotated[Head | None, "this and the next three are `null` before the first head"]
    signature: Annotated[str | None, "Ed25519 over the canonical JSON of `head`, in base64"]
    key: Annotated[str | None, "the public key, in base64"]
    fingerprint: Annotated[str | None, "of the key: the first 16 digits of its SHA-256"]
    entries: Annotated[int, "how many there are in all"]
    uncovered: Annotated[int, "how many came since"]


class Problem(TypedDict):
    """Something that is wrong with the ledger."""

    kind: str
    entry: int
    after: int | None


class Verified(TypedDict):
    """What came since the last head, verified."""

    ok: Annotated[bool, "nothing is wrong"]
    entries: Annotated[int, "how many were verified, with those that the head covers"]
    covered: Annotated[int, "how many the head covers"]
    problem_count: int
    problems: Annotated[list[Problem], "the first hundred"]
    sentences: Annotated[list[str], "the same in words"]
    head: Annotated[SignedHead | None, "`null` before the first one"]


class ReceiptVerified(TypedDict):
    """A receipt, verified."""

    known: Annotated[bool, "there is such an entry"]
    entry: int | None
    hash: str | None
    covered: Annotated[bool, "by the newest signed head"]
    proven: Annotated[bool, "the proof leads to the root of that head"]
    head: Annotated[SignedHead | None, "where the entry is covered"]


class Tree(TypedDict):
    """The tree that a proof is of."""

    size: Annotated[int, "of the tree"]
    root: str
    head: Annotated[SignedHead | None, "`null` where no head was signed over a tree of that size"]


class Leaf(TypedDict):
    """The entry that a proof is of."""

    entry: int
    leaf: Annotated[int, "its position from 0"]
    hash: str
    leaf_hash: str


class EntryProof(Leaf, Tree):
    """Proof that an entry is in the tree."""

    path: Annotated[list[str], "the hashes"]


Sizes = TypedDict("Sizes", {"from": int, "to": int, "root_from": str})
"""Two trees of which one grew out of the other."""


class GrowthProof(Sizes, Tree):
    """Proof that one tree grew out of another."""

    path: Annotated[list[str], "the hashes"]


class Entry(TypedDict):
    """An entry with the values that stand beside it."""

    entry: Annotated[int, "its number"]
    prev: Annotated[str | None, "hash of the entry before it"]
    hash: Annotated[str, "SHA-256 of `text`"]
    text: Annotated[str, "what is hashed"]
    at: str
    event: str
    outcome: Annotated[str, "`ok` or `refused`"]
    dataset_id: str | None
    case_id: str | None
    actor_id: str | None
    said: Annotated[dict[str, Any], "`text` with the values beside it that were not erased"]


class Entries(TypedDict):
    """Entries, and where to go on."""

    entries: list[Entry]
    next: Annotated[int | None, "what to give as `after` or `before` for more; `null` at the end"]
