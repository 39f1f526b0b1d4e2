"""The search engine: what it answers, and how late it is."""

from __future__ import annotations

from ....classification.records import stale_index, ungoverned_index
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red
from ...operator import checks
from .. import saying

WAITS = N_("%(count)s datasets wait to be indexed.")
INDEXED = N_("No dataset waits to be indexed.")


def search_guarded(look: Look) -> Evidence:
    """Does the search engine answer, and refuse what the portal never asks?"""
    return saying.of_findings(checks.check_search())


def index_current(look: Look) -> Evidence:
    """Was everything indexed that changed, and by the rules of today?"""
    waiting = {*stale_index.late(look.at), *ungoverned_index.stale_ids()}
    return red(WAITS, count=len(waiting)) if waiting else green(INDEXED)


PROBES = {"search_guarded": search_guarded, "index_current": index_current}
