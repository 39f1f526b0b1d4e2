"""Entries wait in their session and are written as the last thing before it commits.

The chain needs one order, so whoever adds holds a lock until the end of the transaction. Taken
with the first entry of a call, it would be held while a file is scanned, and whoever waits for it
with locked rows could wait for each other. So what is to be recorded is collected in the session,
and written when it commits: everything else is flushed before, then the lock is taken, numbers and
hashes are given, the rows are inserted, and the commit follows. While the lock is held nothing is
waited for.

What a savepoint rolled back goes with it, and what the transaction rolled back goes as well: no
record of what did not happen. If writing fails, so does the commit: nothing without its record.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from . import answers, codes
from .chain import GENESIS, seal
from .install import LOCK
from .salted import Plain
from .tables import INSERT, entry_table, plain_table, receipt_table

_WAITING = "satudata_ledger_waiting"
_ATTENDED = "satudata_ledger_attended"


class Receipt:
    """The code of an entry, and its number and hash, which are known once it is committed."""

    def __init__(self) -> None:
        """Begin without number and hash; the code is given here."""
        self.code = codes.new()
        self._entry: int | None = None
        self._hash: str | None = None
        self._told: list[tuple[Any, str]] = []

    @property
    def written(self) -> bool:
        """Tell whether the entry was written."""
        return self._entry is not None

    @property
    def entry(self) -> int:
        """Return the number.

        :raises RuntimeError: the transaction was not committed yet.
        """
        if self._entry is None:
            raise RuntimeError("an entry has no number before its transaction commits")
        return self._entry

    @property
    def hash(self) -> str:
        """Return the hash.

        :raises RuntimeError: the transaction was not committed yet.
        """
        if self._hash is None:
            raise RuntimeError("an entry has no hash before its transaction commits")
        return self._hash

    def tell(self, row: Any, attribute: str) -> None:
        """Give the number to an attribute of an ORM row of the same transaction."""
        if self._entry is None:
            self._told.append((row, attribute))
        else:
            setattr(row, attribute, self._entry)

    def fill(self, entry: int, entry_hash: str) -> None:
        """Give the receipt what it is of."""
        self._entry, self._hash = entry, entry_hash
        for row, attribute in self._told:
            setattr(row, attribute, entry)
        self._told.clear()

    def as_dict(self) -> answers.Receipt:
        """Return what the API gives.

        :raises RuntimeError: the transaction was not committed yet.
        """
        return {"entry": self.entry, "hash": self.hash, "code": codes.shown(self.code)}


@dataclass
class Draft:
    """An entry that waits: its body with digests, the values beside, its receipt."""

    body: dict[str, Any]
    beside: list[Plain]
    receipt: Receipt = field(default_factory=Receipt)
    within: tuple[SessionTransaction, ...] = ()


def waiting(session: Session) -> list[Draft]:
    """Return what waits in the session, to be added to."""
    return session.info.setdefault(_WAITING, [])


def collect(session: Session, draft: Draft) -> Receipt:
    """Let an entry wait until its transaction commits; return the receipt that is filled then."""
    attend(session)
    inner: SessionTransaction | None = session.get_nested_transaction()
    if inner is None:
        # Where nothing was asked of the database yet, the transaction begins with this.
        inner = session.get_transaction() or session.begin()
    within = []
    while inner is not None:
        within.append(inner)
        inner = inner.parent
    draft.within = tuple(within)
    waiting(session).append(draft)
    return draft.receipt


def attend(session: Session) -> None:
    """Listen to a session's commits and rollbacks, once."""
    if session.info.get(_ATTENDED):
        return
    session.info[_ATTENDED] = True
    event.listen(session, "before_commit", write_waiting)
    event.listen(session, "after_soft_rollback", _rolled_back)
    event.listen(session, "after_transaction_end", _ended)


def write_waiting(session: Session) -> None:
    """Write what waits, if the whole transaction is about to be committed."""
    if session.get_nested_transaction() is not None or not waiting(session):
        return
    session.flush()
    drafts = list(waiting(session))
    waiting(session).clear()
    write(session.connection(), drafts)


def _rolled_back(session: Session, transaction: SessionTransaction) -> None:
    """Drop what was collected in a transaction or savepoint that is rolled back."""
    kept = [draft for draft in waiting(session) if transaction not in draft.within]
    waiting(session)[:] = kept


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """Drop everything when the outermost transaction ends: it was written, or is lost."""
    if transaction.parent is None:
        waiting(session).clear()


def write(connection: sa.Connection, drafts: list[Draft]) -> None:
    """Write entries at the end of the chain, in the connection's transaction.

    The lock is held until that transaction ends.

    :raises sqlalchemy.exc.DBAPIError: the ledger is not there, or refuses; then nothing may commit.
    """
    connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    # A statement of its own: it must see what was committed while the lock was waited for.
    columns = entry_table.c
    query = sa.select(columns.id, columns.leaf, columns.hash).order_by(columns.id.desc()).limit(1)
    last = connection.execute(query).first()
    number, leaf, prev = (last.id, last.leaf, last.hash) if last else (0, -1, GENESIS)
    rows, beside = [], []
    for draft in drafts:
        number, leaf = number + 1, leaf + 1
        row = seal(draft.body, number, prev)
        prev = row.hash
        rows.append({**asdict(row), "leaf": leaf})
        beside += [{"entry": number, **asdict(plain)} for plain in draft.beside]
    connection.execute(INSERT, rows)
    if beside:
        connection.execute(sa.insert(plain_table), beside)
    given = [
        {"code": draft.receipt.code, "entry": row["number"]}
        for draft, row in zip(drafts, rows, strict=True)
    ]
    connection.execute(sa.insert(receipt_table), given)
    for draft, row in zip(drafts, rows, strict=True):
        draft.receipt.fill(row["number"], row["hash"])
