"""Which rules of the scan count: the enforced ones, until an operator enforces newer ones.

The code brings one ruleset, the newest, and everything new is scanned by it. What was scanned
before keeps the scan that it has until the newest ruleset was tried on everything that is given
and an operator enforced it (:mod:`..rescan.rescan`): new rules surprise nobody.
Source: issue of the scan, "In the workflow"; design section 1 (Scan).
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert

from ckan import model

from ...disclosure.ruleset import DEFAULT
from ...ledger import service as ledger
from .model import KnownRuleset, now

INSPECTED = "inspected"

VERDICT = """
    SELECT t.verdict
      FROM satudata_scan t,
           (SELECT coalesce((SELECT r.ruleset FROM satudata_ruleset r
                              WHERE r.enforced_at IS NOT NULL
                              ORDER BY r.enforced_at DESC LIMIT 1), :newest) AS ruleset) e
     WHERE t.version_id = v.id AND t.ruleset IN (e.ruleset, :newest)
     ORDER BY t.ruleset = e.ruleset DESC LIMIT 1
"""
"""The verdict that counts for the version ``v`` of a query; the rule of :func:`enforced`."""


def newest() -> str:
    """Return the name of the ruleset that the code brings."""
    return DEFAULT.id


def rules() -> dict[str, str]:
    """Return kind → its rule, for the kinds whose rule is older than the newest ruleset."""
    known = (*DEFAULT.kinds, INSPECTED)
    return {kind: DEFAULT.rule(kind) for kind in known if DEFAULT.rule(kind) != DEFAULT.id}


def enforced_column() -> sa.ColumnElement[str]:
    """Return, as a part of a query, the name of the ruleset in force.

    A site that never enforced one has always had the newest.
    """
    last = (
        sa.select(KnownRuleset.ruleset)
        .where(KnownRuleset.enforced_at.is_not(None))
        .order_by(KnownRuleset.enforced_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, newest())


def enforced() -> str:
    """Return the name of the ruleset in force."""
    return str(model.Session.scalar(sa.select(enforced_column())))


def is_enforced() -> bool:
    """Tell whether the newest ruleset is the one in force."""
    return enforced() == newest()


def begin() -> None:
    """Remember the newest ruleset; the first of a site is in force at once. The caller commits."""
    known = sa.select(KnownRuleset.ruleset).where(KnownRuleset.ruleset == newest())
    if model.Session.scalar(known) is not None:
        return
    first = model.Session.scalar(sa.select(sa.func.count()).select_from(KnownRuleset)) == 0
    row = {"ruleset": newest(), "begun_at": now(), "enforced_at": now() if first else None}
    # Several processes start at once.
    model.Session.execute(pg_insert(KnownRuleset).values(row).on_conflict_do_nothing())


def enforce(actor_id: str | None, actor_name: str | None, told: dict[str, int]) -> ledger.Receipt:
    """Let the newest ruleset count from now on, and record it. The caller commits.

    :param told: what the trial said: consequence → number of datasets.
    """
    before = enforced()
    begin()
    row = model.Session.get(KnownRuleset, newest())
    assert row is not None  # noqa: S101 -- begun just now
    row.enforced_at, row.enforced_by = now(), actor_id
    model.Session.flush()
    return ledger.append(
        model.Session,
        event="ruleset.enforce",
        actor_id=actor_id,
        actor_name=actor_name,
        before={"ruleset": before},
        after={"ruleset": newest()},
        detail={"trial": told},
    )
