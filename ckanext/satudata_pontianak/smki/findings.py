"""Internal audit: samples drawn by a seed that the ledger holds, and findings until they close."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from .. import days
from ..agencies import gate
from ..agencies.rules.duties import Actor
from ..classification.incidents.fields import Kinds
from ..classification.notices import notices
from ..classification.rules import deadlines
from ..classification.rules.refusals import InvalidFields
from ..ledger import proving
from ..ledger.sentences import GROUPS
from ..ledger.service import append
from ..ledger.tables import entry_table
from ..messages import Message
from ..msgids import N_
from .records import roles
from .records.model import SmkiFinding, now
from .rules import planning, written
from .rules.audit import Step, audit, drawn
from .rules.definition import smki

AUDITOR = "auditor"
SAMPLE = "smki.sample"
LOWEST, LONGEST = 10, 2000

NOT_YOURS = N_("This step belongs to somebody else, or the finding has gone on.")
APART = N_("You answered this finding. Somebody else closes it.")
UNKNOWN = N_("Choose one of: %(choices)s.")
OPENED = N_("You opened this finding already, and it is not closed: number %(number)s.")
OWN = N_("You own this control. Somebody who owns nothing of it audits it.")


def draw(actor: Actor, group: str, span: tuple[dt.date, dt.date], size: int) -> dict[str, Any]:
    """Draw a sample of the ledger's entries, and record seed and result; the caller commits.

    The seed is made of the newest signed head, which nobody chose, and of chance.

    :param group: one of ``sampled`` of ``audit.yaml``.
    :param span: first and last day, both included, by the city's clock.
    """
    numbers = population(group, span)
    head = proving.last_head(model.Session)
    root = head.head.root if head is not None else ""
    seed = hashlib.sha256(f"{root}:{secrets.token_hex(16)}".encode()).hexdigest()
    chosen = drawn(seed, numbers, size)
    said = {
        "kind": group,
        "from": span[0],
        "until": span[1],
        "population": len(numbers),
        "head": root,
        "digest": seed,
        "entries": chosen,
    }
    receipt = append(
        model.Session, event=SAMPLE, actor_id=actor.id, actor_name=actor.name, detail=said
    )
    return {**said, "receipt": receipt}


def population(group: str, span: tuple[dt.date, dt.date]) -> list[int]:
    """Return the numbers of the entries of a group in days, samples themselves left out."""
    begins = GROUPS[group][1]
    first = dt.datetime.combine(span[0], dt.time(), days.CITY)
    after = dt.datetime.combine(span[1] + dt.timedelta(days=1), dt.time(), days.CITY)
    event = entry_table.c.event
    same = [event.startswith(b, autoescape=True) if b.endswith(".") else event == b for b in begins]
    query = sa.select(entry_table.c.id).where(
        sa.or_(*same), entry_table.c.at >= first, entry_table.c.at < after, event != SAMPLE
    )
    return list(model.Session.scalars(query.order_by(entry_table.c.id)))


def samples(limit: int = 50) -> list[Any]:
    """Return the samples that were drawn, newest first, as the ledger holds them."""
    query = (
        sa.select(entry_table)
        .where(entry_table.c.event == SAMPLE)
        .order_by(entry_table.c.id.desc())
        .limit(limit)
    )
    return list(model.Session.execute(query))


def open_(actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Open a finding on a control, and tell its owner; the caller commits.

    :param given: ``control``, ``grade`` and ``found``.
    :returns: the finding and the receipt.
    :raises InvalidFields: with every problem.
    """
    errors: dict[str, list[Message]] = {}
    known, rules = smki().controls.controls, audit()
    control = known.get(str(given.get("control")))
    if control is None:
        errors["control"] = [Message(UNKNOWN, {"choices": sorted(known)})]
    grade = rules.grades.get(str(given.get("grade")))
    if grade is None:
        errors["grade"] = [Message(UNKNOWN, {"choices": sorted(rules.grades)})]
    holders = roles.holders()
    owners = planning.carriers(smki(), control.role, holders) if control is not None else []
    if actor.id in owners:
        errors["control"] = [Message(OWN)]
    texts = written.texts(("found",), given, kinds_in, errors, LOWEST, LONGEST)
    if errors or control is None or grade is None:
        raise InvalidFields(errors)
    gate.lock()
    there = _same(actor, control.name, str(given["grade"]), texts["found"])
    if there is not None:
        raise InvalidFields({"found": [Message(OPENED, {"number": there.number})]})
    due = deadlines.add_working_days(days.today(), grade.due_working_days)
    row = SmkiFinding(
        control=control.name,
        grade=str(given["grade"]),
        role=control.role,
        due=due,
        opened_by=actor.id,
        texts=texts,
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = _record(row, actor, "smki.finding_opened")
    _tell(row, planning.carriers(smki(), control.role, holders), "open")
    return row, receipt


def _same(actor: Actor, control: str, grade: str, found: str) -> SmkiFinding | None:
    """Return what somebody opened in just these words, and is not closed."""
    query = sa.select(SmkiFinding).where(
        SmkiFinding.control == control,
        SmkiFinding.grade == grade,
        SmkiFinding.opened_by == actor.id,
        SmkiFinding.texts["found"].astext == found,
        SmkiFinding.closed_at.is_(None),
    )
    return model.Session.scalars(query.order_by(SmkiFinding.number)).first()


def steps_for(row: SmkiFinding, actor: Actor) -> dict[str, Step]:
    """Return the steps that somebody may take now."""
    carried, holders = roles.carried_by(actor), roles.holders()
    answers = row.role in carried or actor.id in planning.deputies(smki(), row.role, holders)
    return {
        name: step
        for name, step in audit().steps.items()
        if step.source == row.state
        and (answers if step.by == "owner" else examines(row.role, actor))
        and not _took(row, step.apart_from, actor)
    }


def examiner(role: str) -> str:
    """Return the role that examines what a role owns: the auditor, and of theirs another."""
    return audit().programme.own_examined_by if role == AUDITOR else AUDITOR


def examines(role: str, actor: Actor) -> bool:
    """Tell whether somebody examines what a role owns: by role, or as a deputy of who does."""
    by = examiner(role)
    return by in roles.carried_by(actor) or (
        actor.active and actor.id in planning.deputies(smki(), by, roles.holders())
    )


def _took(row: SmkiFinding, step: str | None, actor: Actor) -> bool:
    """Tell whether somebody ever took a step of a finding."""
    return step is not None and actor.id in row.steps.get(step, ())


def take(
    row: SmkiFinding, actor: Actor, name: str, given: Mapping[str, Any], kinds_in: Kinds
) -> Any:
    """Take a step of a finding; the caller commits.

    :returns: the receipt.
    :raises InvalidFields: it is not theirs to take, or a text is missing.
    """
    step = steps_for(row, actor).get(name)
    if step is None:
        said = audit().steps.get(name)
        apart = said is not None and _took(row, said.apart_from, actor)
        raise InvalidFields({"": [Message(APART if apart else NOT_YOURS)]})
    errors: dict[str, list[Message]] = {}
    texts = written.texts(step.asks, given, kinds_in, errors, LOWEST, LONGEST)
    if errors:
        raise InvalidFields(errors)
    row.texts = {**row.texts, **texts}
    row.steps = {**row.steps, name: [*row.steps.get(name, ()), actor.id]}
    row.state, row.changed_at = step.target, now()
    if step.target == "closed":
        row.closed_at = now()
    model.Session.flush()
    receipt = _record(row, actor, f"smki.finding_{name}")
    others = examiner(row.role) if step.by == "owner" else row.role
    people = planning.carriers(smki(), others, roles.holders())
    _tell(row, [one for one in people if one != actor.id], f"{row.state}:{receipt_about(row)}")
    return receipt


def receipt_about(row: SmkiFinding) -> str:
    """Return what makes a notice of a step another one than of the step before."""
    return row.changed_at.isoformat() if row.changed_at else ""


def _record(row: SmkiFinding, actor: Actor, event: str) -> Any:
    """Write into the ledger that something was written, and never what."""
    return append(
        model.Session,
        event=event,
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"finding": row.id, "control": row.control, "status": row.state, "due": row.due},
    )


def _tell(row: SmkiFinding, people: list[str], about: str) -> None:
    notices.tell(
        model.Session,
        "smki_finding",
        people,
        facts={"number": row.number, "due": row.due.isoformat()},
        about=f"{row.id}:{about}",
    )
