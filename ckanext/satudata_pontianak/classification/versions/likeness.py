"""How a case stands to others: which cases may be decided together.

Two words are kept with an open case, so that a queue of thousands is filtered, counted and
grouped without looking at a single file: the worst verdict over its files, and whether
anything but their content changed. They only gather and describe: what may be done in a case
the engine says, over the evidence itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from ckan import model

from ..records import case_reads
from ..records.case_reads import Files
from ..records.model import Case, Decision
from . import renewal

VERDICTS = ("failed", "findings", "pending", "clear", "none")
"""From the worst to the best; ``none``: the case has no file."""

NEW, UNCHANGED, CHANGED = "new", "unchanged", "changed"
LIKENESS = (NEW, UNCHANGED, CHANGED)


def worst_verdict(files: Files) -> str:
    """Return the worst verdict over the files of a case; ``none`` where it has no file.

    What somebody resolved or inspected counts as it was found: the page of the case says more.
    A resource of which nobody keeps the bytes counts as failed.
    """
    found = {files.scans[v.id].verdict if v.id in files.scans else "pending" for v in files.current}
    if files.without_version:
        found.add("failed")
    return next((v for v in VERDICTS if v in found), "none")


def likeness_of(case: Case, decision: Decision | None, files: Files) -> str:
    """Say how a case stands to what is decided.

    :returns: ``new``: nothing is decided; ``unchanged``: axes, columns and kinds of findings
        are those of the decision in force; ``changed``: something else.
    """
    if decision is None:
        return NEW
    same = renewal.same_axes(case, decision) and renewal.same_shape(files)
    return UNCHANGED if same else CHANGED


def refresh(package_ids: Iterable[str]) -> None:
    """Write down anew how the open cases of these datasets stand; the caller commits."""
    ids = list(package_ids)
    query = sa.select(Case).where(Case.package_id.in_(ids), Case.ended_at.is_(None))
    cases = model.Session.scalars(query).all()
    if not cases:
        return
    files = case_reads.files_of(cases)
    decided = {
        d.package_id: d
        for d in model.Session.scalars(
            sa.select(Decision).where(Decision.package_id.in_(ids), Decision.in_force)
        )
    }
    for case in cases:
        case.scan_verdict = worst_verdict(files[case.id])
        case.likeness = likeness_of(case, decided.get(case.package_id), files[case.id])
    model.Session.flush()
