"""The audit's programme: which controls are looked at when, and what is answered of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import Actor
from ...classification.incidents.fields import Kinds
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from .. import controls, findings, tasks
from ..records import roles
from ..records.model import SmkiFinding, SmkiTask, new_id, now
from ..records.reviewing_model import SmkiCheck
from ..rules import planning, programme, written
from ..rules.audit import audit
from ..rules.definition import Control, smki

TASK, OWN_TASK = "control_audit", "audit_own"

NOT_YOURS = N_("This control is examined by: %(role)s.")
NOT_APPLIED = N_("This control does not apply, so nobody audits it.")
LEFT = N_("%(count)s controls of the checklist wait for an answer.")


def applicable(*, own: bool = False) -> list[str]:
    """Return the controls that are audited; ``own``: those that whoever audits owns."""
    known = smki().controls.controls.values()
    return [c.name for c in known if not c.excluded and (c.role == findings.AUDITOR) == own]


def listed(task: SmkiTask) -> list[str]:
    """Return the controls that a task asks for."""
    if task.kind == OWN_TASK:
        return applicable(own=True)
    return programme.share(applicable(), audited(), task.period, audit().programme.quarters)


def audited() -> dict[str, list[str]]:
    """Return in which quarters each control was looked at."""
    query = sa.select(SmkiCheck.control, SmkiCheck.period).distinct().order_by(SmkiCheck.period)
    found: dict[str, list[str]] = {}
    for control, period in model.Session.execute(query).tuples():
        found.setdefault(control, []).append(period)
    return found


def of_year(year: int) -> dict[str, list[str]]:
    """Return what each quarter of a year looks at."""
    span = audit().programme.quarters
    return programme.programme(applicable(), audited(), year, days.today(), span)


def checks(since: dt.date) -> dict[str, SmkiCheck]:
    """Return the newest answer to each control since a day."""
    begins = dt.datetime.combine(since, dt.time(), days.CITY)
    query = sa.select(SmkiCheck).where(SmkiCheck.checked_at >= begins).order_by(SmkiCheck.number)
    return {row.control: row for row in model.Session.scalars(query)}


def by_quarter(year: int) -> dict[tuple[str, str], SmkiCheck]:
    """Return the newest answer in each quarter of a year: (quarter, control) → answer."""
    periods = programme.quarters_of(year)
    query = sa.select(SmkiCheck).where(SmkiCheck.period.in_(periods)).order_by(SmkiCheck.number)
    return {(row.period, row.control): row for row in model.Session.scalars(query)}


def history(control: str, limit: int = 10) -> list[SmkiCheck]:
    """Return what was answered of a control, newest first."""
    query = sa.select(SmkiCheck).where(SmkiCheck.control == control)
    return list(model.Session.scalars(query.order_by(SmkiCheck.number.desc()).limit(limit)))


def examines(control: Control, actor: Actor) -> bool:
    """Tell whether somebody examines a control: by role or as a deputy, owning nothing of it."""
    if control.excluded or not findings.examines(control.role, actor):
        return False
    return actor.id not in planning.carriers(smki(), control.role, roles.holders())


def record(control: Control, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Record what was answered of a control; one that is not so opens a finding by it.

    The caller commits.

    :param given: ``verdict``, ``note``, and ``grade`` where it is not so.
    :returns: the answer, and the receipt.
    :raises InvalidFields: with every problem.
    """
    if not examines(control, actor):
        label = Message(smki().roles.roles[findings.examiner(control.role)].label)
        against = Message(NOT_APPLIED) if control.excluded else Message(NOT_YOURS, {"role": label})
        raise InvalidFields({"": [against]})
    errors: dict[str, list[Message]] = {}
    rules = audit()
    verdict = written.choice("verdict", given, rules.verdicts, errors)
    opens = bool(verdict) and rules.verdicts[verdict].finding
    grade = written.choice("grade", given, rules.grades, errors) if opens else ""
    texts = written.texts(("note",), given, kinds_in, errors, findings.LOWEST, findings.LONGEST)
    if errors:
        raise InvalidFields(errors)
    finding: SmkiFinding | None = None
    if opens:
        found = {"control": control.name, "grade": grade, "found": texts["note"]}
        finding, _ = findings.open_(actor, found, kinds_in)
    stands = controls.standing().get(control.name)
    row = SmkiCheck(
        id=new_id(),
        period=quarter_of(control.name),
        control=control.name,
        verdict=verdict,
        note=texts["note"],
        found={"status": stands.status, "said": stands.said} if stands else {},
        finding_id=finding.id if finding else None,
        checked_by=actor.id,
        checked_at=now(),
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = append(
        model.Session,
        event="smki.checked",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={
            "check": row.id,
            "control": control.name,
            "period": row.period,
            "result": verdict,
            "finding": row.finding_id,
        },
    )
    receipt.tell(row, "ledger_entry")
    return row, receipt


def left(task: SmkiTask) -> list[str]:
    """Return the controls of a task that nobody answered since it was handed out."""
    done = checks(task.opened)
    return [name for name in listed(task) if name not in done]


def quarter_of(control: str) -> str:
    """Return the quarter that an answer counts for: of the open task that waits for it, or now."""
    for task in tasks.open_tasks():
        if task.kind == TASK and control in left(task):
            return task.period
    return programme.quarter(days.today())


def objection(task: SmkiTask, actor: Actor) -> Message | None:
    """Return what speaks against recording the audit as done: controls without an answer."""
    waiting = left(task)
    return Message(LEFT, {"count": len(waiting)}) if waiting else None
