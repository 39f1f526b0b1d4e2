"""A case as it is kept: opened, its steps written down, what waits taken into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...ledger import service as ledger
from ...ledger.canonical import plain
from ..records import definition_in_ledger, reads, step_records
from ..records.model import Case, Step, Version
from ..rules import deadlines
from ..rules.axes import Axes, classification
from ..rules.definition import workflow
from ..rules.workflow import Engine
from ..versions import likeness


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
    reads.lock_judging(package_id)
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
    step = _step(
        case,
        action,
        duty=duty,
        part=part,
        from_state=from_state,
        to_state=to_state,
        fields=fields,
        evidence=evidence,
    )
    return step_records.record(
        model.Session,
        step,
        actor,
        event=event,
        dataset_id=case.package_id,
        case_id=case.id,
        duty=duty,
        before=before,
        after=after,
        detail=said,
    )


def add_step(
    case: Case, actor: Actor, action: str, *, receipt: ledger.Receipt | None = None, **said: Any
) -> None:
    """Write down that somebody did something in a case, which has its entry already."""
    step_records.keep(model.Session, _step(case, action, **said), actor, receipt)


def _step(
    case: Case, action: str, *, fields: Mapping[str, Any] | None = None, **columns: str | None
) -> Step:
    said = plain(dict(fields or {}))
    return Step(case_id=case.id, package_id=case.package_id, action=action, fields=said, **columns)


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
