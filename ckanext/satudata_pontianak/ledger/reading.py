"""Read entries for those who may, with the values that were not erased; and erase them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from . import codes
from .answers import Entry
from .salted import restored
from .tables import entry_table, plain_table, receipt_table

Database = Session | scoped_session[Session]
_entry, _plain = entry_table.c, plain_table.c


@dataclass(frozen=True)
class Wanted:
    """Which entries: all conditions that are given hold; days are moments with a zone."""

    dataset: str | None = None
    datasets: tuple[str, ...] | None = None
    """Any of these; of none of them there is no entry."""
    actor: str | None = None
    actors: tuple[str, ...] = ()
    event: str | None = None
    events: tuple[str, ...] = ()
    """Any of these."""
    outcome: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return them for the database. ``event`` may be a whole family, as in ``case.``."""
        asked: list[sa.ColumnElement[bool] | None] = [
            _entry.dataset_id == self.dataset if self.dataset else None,
            _entry.dataset_id.in_(self.datasets) if self.datasets is not None else None,
            _entry.actor_id == self.actor if self.actor else None,
            _entry.actor_id.in_(self.actors) if self.actors else None,
            _is_event(self.event) if self.event else None,
            sa.or_(*map(_is_event, self.events)) if self.events else None,
            _entry.outcome == self.outcome if self.outcome else None,
            _entry.at >= self.since if self.since else None,
            _entry.at < self.until if self.until else None,
        ]
        return [condition for condition in asked if condition is not None]


def _is_event(name: str) -> sa.ColumnElement[bool]:
    if name.endswith("."):
        return _entry.event.startswith(name, autoescape=True)
    return _entry.event == name


def entries(
    session: Database,
    wanted: Wanted,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Entry]:
    """Return entries with what stands beside them: the oldest behind ``after``, ascending.

    With ``before``, or with neither, the newest ahead of it, descending.
    """
    query = sa.select(entry_table).where(*wanted.conditions()).limit(limit)
    if after is not None:
        query = query.where(_entry.id > after).order_by(_entry.id)
    else:
        query = query.order_by(_entry.id.desc())
        if before is not None:
            query = query.where(_entry.id < before)
    return with_values(session, session.execute(query).all())


def with_values(session: Database, rows: Sequence[Any]) -> list[Entry]:
    """Return rows of the table as dictionaries, with the values that are still there."""
    beside = values_of(session, [row.id for row in rows])
    return [
        {
            "entry": row.id,
            "prev": row.prev,
            "hash": row.hash,
            "text": row.text,
            "at": row.at.isoformat(),
            "event": row.event,
            "outcome": row.outcome,
            "dataset_id": row.dataset_id,
            "case_id": row.case_id,
            "actor_id": row.actor_id,
            "said": restored(row.body, beside.get(row.id, {})),
        }
        for row in rows
    ]


def values_of(session: Database, numbers: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return number → JSON pointer → canonical text of the value beside."""
    query = sa.select(_plain.entry, _plain.path, _plain.value).where(_plain.entry.in_(numbers))
    found: dict[int, dict[str, str]] = {}
    for row in session.execute(query):
        found.setdefault(row.entry, {})[row.path] = row.value
    return found


def codes_of(session: Database, numbers: Iterable[int | None]) -> dict[int, str]:
    """Return number → the code of its receipt, as people read it."""
    wanted = {number for number in numbers if number is not None}
    if not wanted:
        return {}
    columns = receipt_table.c
    query = sa.select(columns.entry, columns.code).where(columns.entry.in_(wanted))
    return {row.entry: codes.shown(row.code) for row in session.execute(query)}


def find(session: Database, entry_hash: str) -> Any:
    """Return number, position and hash of the entry with this hash, or ``None``."""
    query = sa.select(_entry.id, _entry.leaf, _entry.hash).where(_entry.hash == entry_hash)
    return session.execute(query.order_by(_entry.id).limit(1)).first()


def numbered(session: Database, number: int) -> Any:
    """Return number, position and hash of the entry with this number, or ``None``."""
    query = sa.select(_entry.id, _entry.leaf, _entry.hash).where(_entry.id == number)
    return session.execute(query).first()


def forget(session: Database, person: str | None = None, number: int | None = None) -> int:
    """Erase the values beside entries, of a person or of one entry; the caller commits.

    :param person: id of the person whose names, addresses and texts are erased.
    :returns: how many values were erased. The entries and their chain stay as they are.
    :raises ValueError: neither is given.
    """
    if person is None and number is None:
        raise ValueError("a person or an entry")
    query = sa.delete(plain_table)
    if person is not None:
        query = query.where(_plain.person == person)
    if number is not None:
        query = query.where(_plain.entry == number)
    return session.execute(query).rowcount  # type: ignore[attr-defined]


DEMO = ("demo.begin", "demo.end")
"""Between these two, times are those that a demonstration was set to."""


def is_of_a_demo(session: Database) -> bool:
    """Tell whether the ledger is that of a demonstration."""
    query = sa.select(_entry.id).where(_entry.event == DEMO[0])
    return session.scalar(query.limit(1)) is not None
