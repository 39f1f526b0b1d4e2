"""Decrees and signed papers."""

from __future__ import annotations

from ....access.hidden import signed_papers
from ....agencies import decrees, registry
from ....smki.rules.evidence import Evidence, Look
from .. import saying


def decrees_recorded(look: Look) -> Evidence:
    """Is there a record of every decree that duties, members and delegations name?"""
    missing = decrees.unrecorded(registry.read_agencies().values())
    return saying.missing(len(missing), decrees.count() + len(missing))


def decrees_scanned(look: Look) -> Evidence:
    """Has each recorded decree its scan?"""
    return saying.missing(len(decrees.without_scan()), decrees.count())


def papers_signed(look: Look) -> Evidence:
    """Is the signed paper of each decision and removal there in time?"""
    today = saying.city_day(look.at)
    missing = [*signed_papers.missing(today), *signed_papers.missing_of_removals(today)]
    return saying.missing(len(missing), len(signed_papers.find()))


PROBES = {
    "decrees_recorded": decrees_recorded,
    "decrees_scanned": decrees_scanned,
    "papers_signed": papers_signed,
}
