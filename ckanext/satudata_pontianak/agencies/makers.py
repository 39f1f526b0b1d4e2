"""Who made an account, set its password or mailbox, or made a token of it: asked of the ledger.

The entries are written whatever door it came by (:mod:`.watching`), and nobody with the
application's password takes one away. What the server's commands did has no actor: it is the
operator's, who is outside of the portal's accounts.
"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from ckan import model

from ..ledger.tables import entry_table
from .independence import independent

EVENTS = ("account.create", "account.password", "account.access", "account.token")
"""Entries after which whoever acted can act as the account."""


def hands() -> dict[str, set[str]]:
    """Return, for every account that somebody else had in hand, who that was."""
    entry = entry_table.c
    about = entry.body["detail"]["user"].as_string()
    query = sa.select(entry.actor_id, about.label("about")).where(
        entry.event.in_(EVENTS), entry.actor_id.is_not(None), about != entry.actor_id
    )
    found: dict[str, set[str]] = defaultdict(set)
    for row in model.Session.execute(query.distinct()):
        found[row.about].add(row.actor_id)
    return dict(found)


def dependent(actor: str, people: frozenset[str]) -> frozenset[str]:
    """Return those of these accounts that are not independent of ``actor``."""
    if not people:
        return frozenset()
    known = hands()
    return frozenset(p for p in people if not independent(actor, p, known))
