"""Cases: open them, and take one step in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ...agencies import registry
from ...agencies.rules import break_glass
from ...agencies.rules.duties import Actor
from ...ledger import codes
from ...ledger import service as ledger
from ...ledger.canonical import plain
from ...metadata import service as metadata
from ...surface import days
from ..notices import step_notices
from ..records import (
    case_reads,
    definition_in_ledger,
    reads,
)
from ..records.model import (
    Case,
    Step,
    Version,
    now,
)
from ..rules import deadlines
from ..rules.axes import (
    Axes,
    classification,
)
from ..rules.conditions import CaseContext
from ..rules.definition import workflow
from ..rules.messages import (
    Message,
    NotAllowed,
    Refused,
)
from ..rules.workflow import Engine
from ..rules.workflow import Step as Allowed
from ..versions import likeness
from . import (
    effects,
    evidence,
)


def engine() -> Engine:
    """Return the engine over the definitions in force."""
    return Engine(workflow(), classification())


def due_date(state: str) -> dt.date | None:
    """Return by when a case that enters ``state`` today must leave it."""
    return _in_working_days(workflow().states[state].due_working_days)


def _in_working_days(count: int | None) -> dt.date | None:
    return deadlines.add_working_days(days.today(), count) if count else None


def open_new(
    package_id: str,
    actor: Actor,
    *,
    proposal: Axes,
    reason: str,
    kind: str = "classify",
    state: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Case:
    """Open a case in the caller's transaction and record it."""
    return opened(
        package_id,
        actor,
        proposal=proposal,
        reason=reason,
        kind=kind,
        state=state,
        changes=changes,
    )[0]


def opened(
    package_id: str,
    actor: Actor,
    *,
    proposal: Axes,
    reason: str,
    kind: str = "classify",
    state: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> tuple[Case, ledger.Receipt]:
    """Open a case in the caller's transaction; return it with the ledger's receipt.

    :param changes: what the case is to change beside the classification: ``owner_org``,
        ``license_id``, ``resources``.
    :raises sqlalchemy.exc.IntegrityError: another case of the dataset is open; the database
        refuses a second one whatever two callers do at once.
    """
    name = state or workflow().first_state
    case = Case(
        package_id=package_id,
        kind=kind,
        reason=reason,
        state=name,
        opened_by=actor.id,
        proposal=proposal.as_dict(),
        changes=dict(changes or {}),
        due=due_date(name),
    )
    model.Session.add(case)
    model.Session.flush()
    after = {
        "state": name,
        "kind": kind,
        "proposal": case.proposal,
        "reason": reason,
        "changes": case.changes,
        "due": case.due,
        "agency": owner_of(package_id),
    }
    receipt = record_step(case, actor, "open", event="case.open", to_state=name, after=after)
    likeness.refresh([package_id])
    return case, receipt


def owner_of(package_id: str) -> str | None:
    """Return the agency that owns a dataset now."""
    package = model.Package.get(package_id)
    return str(package.owner_org) if package and package.owner_org else None


def record_step(
    case: Case,
    actor: Actor,
    action: str,
    *,
    event: str,
    duty: str | None = None,
    part: str | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    fields: Mapping[str, Any] | None = None,
    evidence: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> ledger.Receipt:
    """Write down what somebody did in a case: in the ledger, and as a step that points there.

    :param event: what the ledger calls it.
    :param evidence: the digest of what was decided on, where something was decided.

    The entry names the definition that was in force, so that a replay knows by which it is judged.
    """
    said = {**(detail or {}), "workflow": definition_in_ledger.record(engine())}
    receipt = ledger.append(
        model.Session,
        event=event,
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=case.package_id,
        case_id=case.id,
        duty=duty,
        before=before,
        after=after,
        detail=said,
    )
    step = add_step(
        case,
        actor,
        action,
        duty=duty,
        part=part,
        from_state=from_state,
        to_state=to_state,
        fields=fields,
        receipt=receipt,
    )
    step.evidence = evidence
    return receipt


def add_step(
    case: Case,
    actor: Actor,
    action: str,
    *,
    duty: str | None = None,
    part: str | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    fields: Mapping[str, Any] | None = None,
    receipt: ledger.Receipt | None = None,
) -> Step:
    """Write down that somebody did something in a case."""
    step = Step(
        case_id=case.id,
        package_id=case.package_id,
        actor_id=actor.id,
        duty=duty,
        part=part,
        action=action,
        from_state=from_state,
        to_state=to_state,
        fields=plain(dict(fields or {})),
    )
    if receipt is not None:
        receipt.tell(step, "ledger_entry")
    model.Session.add(step)
    model.Session.flush()
    return step


def record_change(case: Case, actor: Actor, event: str, detail: Mapping[str, Any]) -> None:
    """Write down a change of bytes or proposal: it makes the actor a proposer of the case."""
    record_step(case, actor, event, event=event, part="proposer", fields=detail, detail=detail)


def record_waiting(package_id: str, actor: Actor, detail: Mapping[str, Any]) -> None:
    """Write down bytes that wait for the next case."""
    ledger.append(
        model.Session,
        event="version.add",
        actor_id=actor.id,
        actor_name=actor.name,
        dataset_id=package_id,
        detail={**detail, "next_case": True},
    )


def record_clock(case: Case, reason: str) -> None:
    """Write down that the clock gave an open case a further reason."""
    said = {"reason": reason}
    record_step(case, Actor(None, None), "clock", event="case.clock", fields=said, detail=said)


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


PENDING = "pending"


def take_pending(case: Case, version: Version) -> None:
    """Let the period and coverage that came with waiting bytes wait in their case."""
    came_with = version.meta.get(PENDING)
    if came_with:
        case.pending = {**case.pending, **came_with}


def open_next_for_waiting(package_id: str, actor: Actor, proposal: Axes) -> Case | None:
    """Open the next case when bytes wait for it; they become its evidence."""
    waiting = [v for v in reads.waiting_versions([package_id]) if v.case_id is None]
    if not waiting or reads.open_case(package_id) is not None:
        return None
    case = open_new(package_id, actor, proposal=proposal, reason="waiting_versions")
    model.Session.execute(
        sa.update(Version).where(Version.id.in_([v.id for v in waiting])).values(case_id=case.id)
    )
    for version in waiting:
        take_pending(case, version)
    for user_id in {v.uploaded_by for v in waiting if v.uploaded_by}:
        person = registry.actor_for(user_id)
        record_change(case, person, "version.add", {"carried_over": True})
    return case
