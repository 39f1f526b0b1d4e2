"""The rules of the scan: their age, whether they count, and whether all was scanned by them."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ....classification.records import rulesets
from ....classification.records.model import KnownRuleset, Pointer, Scan, Version
from ....classification.rescan import rescan
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red, yellow
from .. import saying

UNKNOWN = N_("Nobody knows since when the rules of the scan are in force.")
SINCE = N_("The rules of the scan are those of %(day)s.")
TRIAL = N_("New rules are on trial: %(tried)s datasets were tried, %(left)s are left.")
UNDONE = N_("What follows from the rules was not done yet for %(count)s datasets.")
COUNT_NOW = N_("The newest rules of the scan count.")


def rules_young(look: Look) -> Evidence:
    """Are the rules of the scan younger than so many days?"""
    query = sa.select(KnownRuleset.begun_at).where(KnownRuleset.ruleset == rulesets.enforced())
    begun = model.Session.scalar(query)
    if begun is None:
        return red(UNKNOWN)
    left = look["days"] - (look.at - begun).days
    say = red if left < 0 else yellow if left < look["warn_days"] else green
    return say(SINCE, day=saying.city_day(begun))


def rules_enforced(look: Look) -> Evidence:
    """Do the newest rules count, and was done what follows from them?"""
    if not rulesets.is_enforced():
        known = rescan.progress()
        return red(TRIAL, tried=known.tried, left=known.left)
    undone = rescan.unapplied()
    return red(UNDONE, count=len(undone)) if undone else green(COUNT_NOW)


def served_scanned(look: Look) -> Evidence:
    """Was everything that is served scanned by the rules in force?"""
    served = (
        sa.select(Pointer.version_id)
        .join(Version, Version.id == Pointer.version_id)
        .where(Version.sha256.is_not(None), Version.kind != "external")
    )
    done = sa.select(Scan.version_id).where(
        Scan.ruleset.in_((rulesets.enforced(), rulesets.newest()))
    )
    count, left = (
        model.Session.scalar(sa.select(sa.func.count()).select_from(q.subquery())) or 0
        for q in (served, served.where(Pointer.version_id.not_in(done)))
    )
    return saying.missing(left, count)


PROBES = {
    "rules_young": rules_young,
    "rules_enforced": rules_enforced,
    "served_scanned": served_scanned,
}
