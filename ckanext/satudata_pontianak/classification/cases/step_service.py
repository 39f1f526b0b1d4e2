"""Take a step from the outside: one transaction, then the index; errors as CKAN's."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ..notices import scan_notices
from ..records import job_queue, reads, stale_index
from ..records.model import Case
from ..rules.conditions import CaseContext
from ..rules.definition import workflow
from ..rules.policy import has_duty
from ..rules.refusals import InvalidFields, NotAllowed, Refused
from ..versions import tables, versions
from . import record, reopening, show, steps
from .answers import Receipt, Shown, StepTaken

log = logging.getLogger(__name__)

REOPEN = "reopen"


def shown(package: model.Package, actor: Actor) -> Shown:
    """Return what ``satudata_classification_show`` gives this person."""
    return show.show(package, actor, reads.facts_of(package.id))


def take(
    package: model.Package,
    actor: Actor,
    name: str,
    fields: Mapping[str, Any],
    evidence: str | None,
    *,
    wait: bool = False,
) -> StepTaken:
    """Take one step and commit it; return what the person sees, with the receipt.

    :param wait: keep a submit until the scans end; then the worker takes it for this person.
    :raises ckan.plugins.toolkit.NotAuthorized: the person may not.
    :raises ckan.plugins.toolkit.ValidationError: fields are wrong, or the case does not allow it.
    """
    actor = actor.on(package.id, package.owner_org)
    receipt = taken(package, actor, name, fields, evidence, wait=wait)
    if receipt is None:
        return {**shown(package, actor), "scan_pending": True}
    reindex(package.id)
    tables.follow(package.id)
    return {**shown(package, actor), "receipt": receipt}


def taken(
    package: model.Package,
    actor: Actor,
    name: str,
    fields: Mapping[str, Any],
    evidence: str | None,
    *,
    wait: bool = False,
) -> Receipt | None:
    """Take one step and commit it; the caller brings the index up to date.

    :returns: the receipt; ``None`` where a file is still being scanned, and nothing was done.
    :raises ckan.plugins.toolkit.NotAuthorized: the person may not.
    :raises ckan.plugins.toolkit.ValidationError: fields are wrong, or the case does not allow it.
    """
    actor = actor.on(package.id, package.owner_org)
    try:
        if name == REOPEN:
            written = reopening.reopen(package, actor, fields)
        else:
            if _scan_runs(package, actor, name, fields, wait=wait):
                return None
            case = steps.lock_case(package)
            written = steps.take_step(package, case, actor, name, fields, evidence)
        model.Session.commit()
    except (Refused, InvalidFields, IntegrityError) as problem:
        model.Session.rollback()
        raise translated(problem) from None
    return written.as_dict()


def _scan_runs(
    package: model.Package, actor: Actor, name: str, fields: Mapping[str, Any], *, wait: bool
) -> bool:
    """Scan what is missing before a submit; tell whether a large file is still being scanned."""
    case = reads.open_case(package.id)
    if case is None:
        raise steps.refuse_no_case()
    # Before any work is done for them: is this step theirs at all?
    bare = CaseContext(id=case.id, kind=case.kind, state=case.state, owner_org=package.owner_org)
    step = record.engine().find(bare, name)
    if step.effect != "freeze_evidence" or not has_duty(actor, step.by, package.owner_org):
        return False
    if not versions.scan_missing(versions.case_versions(case), retry=True):
        return False
    if wait:
        case.wait_submit = {"user": actor.id, "fields": dict(fields)}
        model.Session.commit()
    return True


def submit_kept(case: Case) -> bool:
    """Take the submit that was kept until the scans ended, for the person who asked for it.

    Whatever refuses it is kept with it and shown on the case; the case stays in draft.
    """
    kept = case.wait_submit
    package = model.Package.get(case.package_id)
    if not kept or package is None:
        return False
    current = versions.case_versions(case)
    done = reads.scans_of([v.id for v in current])
    if any(v.id not in done for v in current):
        return False
    actor = registry.actor_for(kept["user"])
    case_id = case.id
    try:
        take(package, actor, "submit", kept["fields"], None)
    except (tk.ValidationError, tk.NotAuthorized) as problem:
        again = model.Session.get(Case, case_id)
        if again is not None:
            again.wait_submit = {**kept, "refused": _words(problem)[:1000], "user": kept["user"]}
            scan_notices.refused(again)
            model.Session.commit()
        return False
    return True


def _words(problem: Exception) -> str:
    """Return what an error of CKAN's says, as a sentence for people."""
    if isinstance(problem, tk.ValidationError):
        told = {k: v for k, v in problem.error_dict.items() if k != "code"}
        texts = [v if isinstance(v, list) else [v] for v in told.values()]
        return " ".join(str(message) for group in texts for message in group)
    return str(problem)


def reindex(package_id: str, *, commit: bool = True) -> None:
    """Bring the index up to date after a decision was committed.

    :param commit: make it visible at once; else the caller calls ``late.commit_all``.

    The decision stands whatever the index does: every answer is checked against the database
    again. If Solr does not answer now, a job tries later.
    """
    try:
        stale_index.rebuild(package_id, commit=commit)
    except Exception:  # Solr's client lets many kinds of errors through
        log.exception("the index of %s is not up to date; a job will try again", package_id)
        job_queue.ask("reindex", [package_id], queue="priority")


def translated(problem: Exception) -> Exception:
    """Return the error of a rule as CKAN's, in the reader's language."""
    if isinstance(problem, NotAllowed):
        return tk.NotAuthorized(problem.message.text(tk._))
    if isinstance(problem, Refused):
        return tk.ValidationError(
            {"transition": [problem.message.text(tk._)], "code": [problem.code]}
        )
    if isinstance(problem, InvalidFields):
        return tk.ValidationError(
            {
                field: [message.text(tk._) for message in messages]
                for field, messages in problem.errors.items()
            }
        )
    return tk.ValidationError(
        {"transition": [tk._(workflow().messages["lost_race"])], "code": ["lost_race"]}
    )
