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
from .rules.independence import independent, origins

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


def of_one_administrator(actor: str, people: frozenset[str]) -> frozenset[str]:
    """Return those whom the same system administrator had in hand as somebody without such rights.

    Who looks after an agency invites its people; but an account that an administrator made does
    not bring in that administrator, nor another account of theirs.
    """
    if not people:
        return frozenset()
    known = hands()
    above = origins(actor, known)
    users = model.User
    query = sa.select(users.id).where(users.sysadmin.is_(True), users.id.in_(above))
    administrators = set(model.Session.scalars(query))
    return frozenset(p for p in people if administrators & {p, *known.get(p, ())})
