"""The SOPs: enacted, and still what the portal does."""

from __future__ import annotations

from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red
from ....sop.documents import library
from ....sop.revisions import store
from .. import saying

DIFFER = N_("Practice and paper differ in %(count)s of %(of)s enacted SOPs.")
SAME = N_("All %(of)s enacted SOPs say what the portal does.")
NONE = N_("No SOP is enacted.")


def sops_enacted(look: Look) -> Evidence:
    """Is each SOP enacted by somebody?"""
    names = list(library.documents())
    return saying.missing(sum(library.enacted(name) is None for name in names), len(names))


def sops_as_practised(look: Look) -> Evidence:
    """Was each enacted SOP made from the definition that is in force?"""
    found = [(d, by) for name, d in library.documents().items() if (by := library.enacted(name))]
    if not found:
        return red(NONE)
    other = sum(document.definition != by.definition for document, by in found)
    return red(DIFFER, count=other, of=len(found)) if other else green(SAME, of=len(found))


def sops_reviewed(look: Look) -> Evidence:
    """Is no SOP in force past its yearly review?"""
    today = saying.city_day(look.at)
    found = [one for one in store.status_of_all(today).values() if one.in_force is not None]
    if not found:
        return red(NONE)
    due = [one.review_due for one in found if one.review_due is not None and one.late(today)]
    return saying.late(due, len(found), today)


PROBES = {
    "sops_enacted": sops_enacted,
    "sops_as_practised": sops_as_practised,
    "sops_reviewed": sops_reviewed,
}
