"""What a verification says, as sentences that are translated where they are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..messages import Message
from ..msgids import N_
from .heads import SignedHead
from .verify import KEPT, Kind, Result

NO_HEAD = N_(
    "Refused: the last line of this file is no valid signed head. Without it nobody can tell "
    "whether the end was cut off."
)
OTHER_KEY = N_("Refused: the head was signed with another key. Its fingerprint is:")

PROBLEMS: dict[Kind, str] = {
    Kind.UNREADABLE: N_("Entry %(entry)s cannot be read."),
    Kind.CHANGED: N_("Entry %(entry)s was changed: its text does not give its hash."),
    Kind.MISPLACED: N_("Entry %(entry)s says in its text another number or another link."),
    Kind.UNLINKED: N_(
        "Entry %(entry)s does not follow entry %(after)s: the chain is broken there."
    ),
    Kind.MISSING: N_(
        "After entry %(after)s comes entry %(entry)s: entries are missing, doubled or in another "
        "order."
    ),
    Kind.UNCHAINED: N_("Entry %(entry)s has no link to the entry before it."),
    Kind.ADOPTED: N_(
        "What is older than the chain is not what entry %(entry)s took into the chain."
    ),
    Kind.COLUMNS: N_("Entry %(entry)s: the columns of the table say something else than its text."),
    Kind.BESIDE: N_("Entry %(entry)s: a value beside it is not the one whose digest stands in it."),
    Kind.ERASED: N_(
        "Entry %(entry)s: a value beside it is gone, and no entry says that it was forgotten."
    ),
    Kind.KEY: N_("The head that ends with entry %(entry)s was not signed with the portal's key."),
    Kind.HEAD: N_(
        "The signed head that ends with entry %(entry)s covers other entries than these."
    ),
    Kind.SHORT: N_(
        "The signed head that ends with entry %(entry)s covers more: what came after entry "
        "%(after)s was cut off."
    ),
}
INTACT = N_("The ledger is intact: %(count)s entries form one unbroken chain.")
BROKEN = N_("The ledger is NOT intact: %(count)s problems were found.")
MORE = N_("Only the first %(count)s problems are named.")
COVERED = N_("%(count)s entries are covered by %(heads)s signed heads.")
UNCOVERED = N_("%(count)s entries after the last signed head are not yet covered by one.")
SIGNED = N_("Head of %(moment)s, %(count)s entries, root %(root)s.")
KEY = N_("Fingerprint of the key that signed: %(fingerprint)s.")
COMPARE = N_("Compare it with the one that the portal publishes, or give it with --key.")


def number(value: int) -> str:
    """Return a count as Indonesians write it: 1.234.567."""
    return f"{value:,}".replace(",", ".")


def sentences(result: Result) -> Iterator[Message]:
    """Say what a verification found."""
    if result.ok:
        yield Message(INTACT, {"count": number(result.size)})
    else:
        yield Message(BROKEN, {"count": number(result.count)})
        for item in result.problems:
            yield Message(PROBLEMS[item.kind], {"entry": item.entry, "after": item.after})
        if result.count > KEPT:
            yield Message(MORE, {"count": KEPT})
    if result.covered:
        yield Message(COVERED, {"count": number(result.covered), "heads": number(result.heads)})
    if result.size > result.covered:
        yield Message(UNCOVERED, {"count": number(result.size - result.covered)})


def told(signed: SignedHead, result: Result, *, checked: bool) -> Iterator[Message]:
    """Say what a verification of an export found, and who signed."""
    yield from sentences(result)
    moment = dt.datetime.fromisoformat(signed.head.at).strftime("%Y-%m-%d %H:%M %Z")
    size = number(signed.head.size)
    yield Message(SIGNED, {"moment": moment, "count": size, "root": signed.head.root})
    yield Message(KEY, {"fingerprint": signed.fingerprint()})
    if not checked:
        yield Message(COMPARE)
