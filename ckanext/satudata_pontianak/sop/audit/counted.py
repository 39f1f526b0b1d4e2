"""From which entries of the ledger a report was counted, and which signed head covers them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ...messages import Message
from ...msgids import N_
from .answers import CountedFrom
from .conformance_tables import NUMBER_HEADS
from .tables import Cell, Table


@dataclass(frozen=True)
class Counted:
    """How many entries there were, and the newest signed head over entries among them."""

    entries: int
    signed: int = 0
    root: str | None = None
    day: dt.date | None = None
    """On which the head was signed, in the city."""

    def as_dict(self) -> CountedFrom:
        """Return it as programs get it."""
        day = self.day.isoformat() if self.day else None
        return {"entries": self.entries, "signed": self.signed, "root": self.root, "day": day}


NOTHING = Counted(0)

HELP = N_(
    "Whoever has the ledger up to the signed head counts the same from it; later entries are "
    "covered by the next signature."
)


def counted_table(counted: Counted) -> Table:
    """Return it as a table of a report."""
    rows: list[tuple[Cell, ...]] = [(Message("Entries that were counted"), counted.entries)]
    if counted.root is not None:
        rows += [
            (Message("Of these signed"), counted.signed),
            (Message("Signed on"), counted.day),
            (Message("Root of the signed head"), counted.root),
        ]
    else:
        rows.append((Message("Of these signed"), 0))
    return Table(
        "ledger", Message("Counted from the ledger"), NUMBER_HEADS, tuple(rows), help=Message(HELP)
    )
