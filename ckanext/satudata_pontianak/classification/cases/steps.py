"""Cases: open them, and take one step in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...agencies.rules import break_glass
from ...agencies.rules.duties import Actor
from ...ledger import codes
from ...ledger import service as ledger
from ...messages import Message
from ...metadata import service as metadata
from ..notices import step_notices
from ..records import case_reads, reads
from ..records.model import Case, now
from ..rules.conditions import CaseContext
from ..rules.definition import workflow
from ..rules.refusals import NotAllowed, Refused
from ..rules.workflow import Step as Allowed
from ..versions import likeness
from . import effects, evidence
from .record import _in_working_days, due_date, engine, record_step


def check_may_change(case: Case | None, owner_org: str | None, actor: Actor) -> None:
    """Refuse a change of files or proposal by somebody who reviewed in this case.

    :raises ckan.plugins.toolkit.NotAuthorized: they may not be a proposer any more.
    """
    if case is None or case.state != workflow().first_state:
        return
    parts = reads.parts_of(case.id)
    bare = CaseContext(case.id, case.kind, case.state, owner_org, parts=parts)
    try:
        engine().check_change(bare, actor)
    except NotAllowed as refusal:
        raise tk.NotAuthorized(refusal.message.text(tk._)) from None


def refuse_no_case() -> Refused:
    """Return the refusal for a dataset without an open case."""
    return Refused("no_case", Message(workflow().messages["no_case"]))


def lock_case(package: model.Package) -> Case:
    """Lock the dataset's open case for a step; whoever comes second is told.

    The state is read before the lock and again behind it: if somebody else moved the case in
    between, this person decided on something that is no longer so.

    :raises Refused: there is no open case, or somebody else acted meanwhile.
    """
    before = reads.open_case(package.id)
    if before is None:
        raise refuse_no_case()
    seen = (before.id, before.state, before.entered_at)
    case = reads.open_case(package.id, lock=True)
    if case is None or (case.id, case.state, case.entered_at) != seen:
        raise Refused("lost_race", Message(workflow().messages["lost_race"]))
    return case


def missing_fields(values: Mapping[str, Any]) -> list[Message]:
    """Return the labels of the fields that the schema requires and the dataset lacks.

    :param values: the dataset's own fields, as :mod:`..records.case_reads` reads them.
    """
    problems = metadata.missing_for_submission(values)
    return [Message(problem.label) for problem in problems]


def agency_names() -> dict[str, str]:
    """Return name → id of the agencies that may be recipients."""
    return {a.name: a.id for a in registry.load_agencies().values()}


def take_step(
    package: model.Package,
    case: Case,
    actor: Actor,
    name: str,
    fields: Mapping[str, Any],
    digest: str | None,
    *,
    operator: bool = False,
    later: Callable[[dt.date], dt.date] | None = None,
) -> ledger.Receipt:
    """Take one step in a locked case, with all that follows from it, and record it.

    The caller commits: case, decision, pointers and record come to be together or not at all.

    :param operator: see :meth:`..rules.workflow.Engine.check`.
    :param later: gives a later deadline for the one that the state sets.
    :raises Refused, NotAllowed, InvalidFields: see :meth:`..rules.workflow.Engine.check`.
    """
    loaded = case_reads.load(case, package)
    snapshot = evidence.snapshot(loaded)
    context = evidence.context_of(loaded, snapshot, missing_fields(loaded.values))
    agencies = agency_names()
    allowed = engine().check(
        context,
        name,
        actor,
        fields,
        evidence=digest,
        agencies=agencies.keys(),
        operator=operator,
    )
    return _apply(package, case, actor, allowed, snapshot, agencies, later)


def _apply(
    package: model.Package,
    case: Case,
    actor: Actor,
    allowed: Allowed,
    snapshot: Mapping[str, Any],
    agencies: Mapping[str, str],
    later: Callable[[dt.date], dt.date] | None,
) -> ledger.Receipt:
    transition = allowed.transition
    before = {"state": case.state, "proposal": case.proposal, "agency": package.owner_org}
    effect = effects.Effect(package, case, actor, allowed, snapshot, agencies)
    effect.before_move()
    case.state = transition.target
    case.entered_at = now()
    due = _in_working_days(transition.due_working_days) or due_date(transition.target)
    case.due = later(due) if later and due else due
    if workflow().states[transition.target].end:
        case.ended_at = case.entered_at
    digest = evidence.digest(snapshot)
    receipt = record_step(
        case,
        actor,
        transition.name,
        event=f"case.{transition.name}",
        duty=transition.by,
        part=transition.part,
        from_state=transition.source,
        to_state=transition.target,
        fields=allowed.fields,
        evidence=digest,
        before=before,
        after={
            "state": case.state,
            "proposal": case.proposal,
            "due": case.due,
            "agency": package.owner_org,
        },
        detail={
            "fields": allowed.fields,
            "evidence": digest,
            "decision": effect.decision_summary(),
            "break_glass": break_glass.used(actor, case.package_id, transition.by),
        },
    )
    model.Session.flush()
    effect.after_move()
    step_notices.told(package, case, actor, allowed, codes.shown(receipt.code))
    likeness.refresh([case.package_id])
    return receipt
