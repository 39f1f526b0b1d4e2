"""Read the ledger for reports: what a replay needs of it, and counts of all that happened."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...classification.cases.record import engine
from ...classification.rules.deadlines import CITY
from ...classification.rules.definition_text import text_of
from ...ledger import service as ledger
from .old_workflow import Past
from .replay import Entry

# A trailing dot stands for every event that begins so.
EVENTS = (
    "case.",
    "hold.",
    "access_request.",
    "incident.",
    "version.add",
    "proposal.change",
    "resource.remove",
    "finding.resolve",
    "dataset.purge",
    "workflow.change",
    "break_glass.start",
)


def _wanted() -> sa.ColumnElement[bool]:
    event = ledger.entry_table.c.event
    return sa.or_(*(event.startswith(e) if e.endswith(".") else event == e for e in EVENTS))


def entries(size: int) -> list[Entry]:
    """Return what a replay needs of the first so many entries of the ledger, in its order."""
    entry = ledger.entry_table
    query = sa.select(entry.c.id, entry.c.at, entry.c.body).where(_wanted(), entry.c.leaf < size)
    query = query.order_by(entry.c.id)
    return [read(row.id, row.at, row.body) for row in model.Session.execute(query)]


def read(number: int, at: dt.datetime, body: dict[str, Any]) -> Entry:
    """Return an entry of the ledger as a replay reads it."""
    return Entry(
        number=number,
        at=at,
        event=body["event"],
        actor=body.get("actor"),
        dataset=body.get("dataset"),
        case=body.get("case"),
        duty=body.get("duty"),
        outcome=body.get("outcome") or "ok",
        before=body.get("before") or {},
        after=body.get("after") or {},
        detail=body.get("detail") or {},
    )


def last() -> int:
    """Return the number of the last entry that a report reads, 0 where there is none."""
    query = sa.select(sa.func.max(ledger.entry_table.c.id)).where(_wanted())
    return model.Session.scalar(query) or 0


def first_year(this: int) -> int:
    """Return the year of the first entry of the ledger; this one where there is none."""
    entry = ledger.entry_table
    at = model.Session.scalar(sa.select(entry.c.at).order_by(entry.c.id).limit(1))
    return min(this, at.astimezone(CITY).year) if at else this


def events(first: dt.date, until: dt.date, size: int) -> Counter[str]:
    """Return how often each thing happened from one day to another, both with it.

    :param size: of so many entries of the ledger, from its beginning on.
    """
    entry = ledger.entry_table
    begin = dt.datetime.combine(first, dt.time(), CITY)
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), CITY)
    query = (
        sa.select(entry.c.event, entry.c.outcome, sa.func.count())
        .where(entry.c.at >= begin, entry.c.at < end, entry.c.leaf < size)
        .group_by(entry.c.event, entry.c.outcome)
    )
    found: Counter[str] = Counter()
    for event, outcome, count in model.Session.execute(query):
        found[event if outcome == "ok" else f"{event}:{outcome}"] += count
    return found


def now_in_force() -> Past:
    """Return the definition that is in force, for entries that name none."""
    return Past.of(text_of(engine())[1])


def agencies(ids: Iterable[str | None]) -> dict[str, str]:
    """Return id → name on the portal of these agencies, closed ones too."""
    wanted = {i for i in ids if i}
    group = model.Group
    query = sa.select(group.id, group.name, group.title).where(group.id.in_(wanted))
    return {row.id: row.title or row.name for row in model.Session.execute(query)}
