"""The database, and what guards the ledger in it."""

from __future__ import annotations

from ....smki.rules.evidence import Evidence, Look
from ...operator import checks
from .. import saying


def database_current(look: Look) -> Evidence:
    """Are the tables those of this version?"""
    return saying.of_findings(checks.check_tables_made())


def ledger_protected(look: Look) -> Evidence:
    """Does PostgreSQL refuse to change or delete entries of the ledger?"""
    return saying.of_findings(checks.check_ledger())


def ledger_key_private(look: Look) -> Evidence:
    """Is the key that signs there, and read by the site alone?"""
    return saying.of_findings(checks.check_ledger_key())


PROBES = {
    "database_current": database_current,
    "ledger_protected": ledger_protected,
    "ledger_key_private": ledger_key_private,
}
