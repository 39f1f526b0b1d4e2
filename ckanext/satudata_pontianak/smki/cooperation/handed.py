"""A task that one agency hands to another: taken, sent back, answered; what is stuck rises."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import gate, registry
from ...agencies.rules.duties import Actor, Duty
from ...agencies.rules.objection import EMPTY
from ...classification.clock import due_rules
from ...classification.clock.due_rules import Stage
from ...classification.incidents.fields import Kinds
from ...classification.notices import notices
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ..records.cooperation_model import AgencyTask, AgencyTaskStep
from ..records.model import now
from ..rules import written
from ..rules.cooperation import CLOSED, HANDED, Side, Step, cooperation
from . import knowing

LOWEST, LONGEST, LONGEST_SUBJECT = 10, 2000, 100
HAND = "hand"
TOLD, DUE, LATE = "agency_task", "agency_task_due", "agency_task_late"
LATE_AGAIN = 5

NO_AGENCY = N_("There is no such agency.")
SAME = N_("This agency has the task already. Choose another one.")
NOT_SENDER = N_("You hand over tasks of an agency for which you bring data.")
NOT_NOW = N_("This step cannot be taken now, or not by you.")
HIDDEN = N_(
    "This text names a dataset of which not everybody in the other agency may know. Leave its name "
    "out, or name it in a note: a note is shown only to who may know of its dataset."
)
THERE = N_("This was handed over today already: number %(number)s.")


def senders(actor: Actor) -> list[str]:
    """Return the agencies for which somebody hands tasks over: their own, as editor or admin."""
    known = registry.load_agencies()
    return sorted(actor.publishes_for & actor.member_of & known.keys())


def sides(actor: Actor, row: AgencyTask) -> frozenset[Side]:
    """Return for which sides of a task somebody acts; for an agency that is gone, Walidata."""
    of: dict[Side, str] = {"sender": row.sender_id, "receiver": row.receiver_id}
    known, leads = registry.load_agencies(), actor.has(Duty.WALIDATA)
    return frozenset(
        side
        for side, agency in of.items()
        if agency in actor.publishes_for or (leads and agency not in known)
    )


def sees(actor: Actor, row: AgencyTask) -> bool:
    """Tell whether somebody sees a task: members of both agencies, and Walidata, who leads."""
    mine = actor.member_of | actor.publishes_for
    return actor.active and (
        actor.has(Duty.WALIDATA) or bool(mine & {row.sender_id, row.receiver_id})
    )


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that :func:`sees` holds."""
    if not actor.active:
        return sa.false()
    if actor.has(Duty.WALIDATA):
        return sa.true()
    mine = sorted(actor.member_of | actor.publishes_for)
    return sa.or_(AgencyTask.sender_id.in_(mine), AgencyTask.receiver_id.in_(mine))


def hand(actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Hand a task to another agency; its people are told. The caller commits.

    :param given: ``sender``, ``agency``, ``subject`` and ``text``.
    :returns: the task, and the receipt.
    :raises InvalidFields: with every problem.
    """
    errors: dict[str, list[Message]] = {}
    sender = _sender(actor, given, errors)
    receiver = agency_of(given, errors, {sender})
    texts = written.texts(("subject",), given, kinds_in, errors, LOWEST, LONGEST_SUBJECT)
    texts |= written.texts(("text",), given, kinds_in, errors, LOWEST, LONGEST)
    if errors:
        raise InvalidFields(errors)
    gate.lock()
    return begun(actor, sender, receiver, texts["subject"], texts["text"])


def begun(
    actor: Actor,
    sender: str,
    receiver: str,
    subject: str,
    text: str,
    due: dt.date | None = None,
) -> Any:
    """Begin a task whose texts were read; the caller holds the lock and commits.

    :param due: until when, where it is not owed within the days of the definition.
    :returns: the task, and the receipt.
    :raises InvalidFields: a text names what the receiver may not know, or it was begun today.
    """
    named = knowing.named_in(actor, subject, text)
    if knowing.kept_from([receiver], named):
        raise InvalidFields({"text": [Message(HIDDEN)]})
    same = sa.select(AgencyTask).where(
        AgencyTask.sender_id == sender,
        AgencyTask.receiver_id == receiver,
        AgencyTask.subject == subject,
        AgencyTask.text == text,
        AgencyTask.state != CLOSED,
    )
    there = model.Session.scalars(same.order_by(AgencyTask.number.desc())).first()
    if there is not None and there.handed_at.astimezone(days.CITY).date() == days.today():
        raise InvalidFields({"subject": [Message(THERE, {"number": there.number})]})
    row = AgencyTask(
        sender_id=sender,
        receiver_id=receiver,
        subject=subject,
        text=text,
        named=named,
        state=HANDED,
        due=due or cooperation().due(HANDED, days.today()),
        set_due=due,
        handed_by=actor.id,
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = _recorded(row, actor, HAND, f"{subject}\n{text}")
    receipt.tell(row, "ledger_entry")
    _tell(row, TOLD, people(row.receiver_id), HAND)
    return row, receipt


def step(
    row: AgencyTask,
    actor: Actor,
    name: str,
    given: Mapping[str, Any],
    kinds_in: Kinds,
    package: model.Package | None = None,
) -> Any:
    """Take a step of a task; who waits for it is told. The caller commits.

    :param given: ``text`` and ``agency``, where the step asks for them.
    :param package: the dataset that a note is about, of which the actor may know.
    :returns: the receipt.
    :raises InvalidFields: with every problem.
    """
    spec = next((s for s in may(row, actor) if s.name == name), None)
    if spec is None:
        raise InvalidFields({"": [Message(NOT_NOW)]})
    errors: dict[str, list[Message]] = {}
    asked = ("text",) if spec.text else ()
    text = written.texts(asked, given, kinds_in, errors, LOWEST, LONGEST).get("text", "")
    receiver = agency_of(given, errors, {row.sender_id, row.receiver_id}) if spec.agency else None
    if errors:
        raise InvalidFields(errors)
    of = package.id if package is not None and spec.dataset else None
    named = knowing.named_in(actor, text)
    if of is None:
        told = {row.sender_id, row.receiver_id, *([receiver] if receiver else [])}
        if knowing.kept_from(told, named):
            raise InvalidFields({"text": [Message(HIDDEN)]})
    if receiver is not None and knowing.kept_from([receiver], row.named):
        raise InvalidFields({"agency": [Message(HIDDEN)]})
    made = AgencyTaskStep(
        task_id=row.id,
        step=name,
        agency_id=_agency_of(row, spec, actor),
        receiver_id=receiver,
        text=text,
        named=named,
        package_id=of,
        actor_id=actor.id,
    )
    model.Session.add(made)
    if spec.to is not None:
        _moved(row, spec, receiver)
    model.Session.flush()
    receipt = _recorded(row, actor, name, text, of)
    receipt.tell(made, "ledger_entry")
    other = row.receiver_id if made.agency_id == row.sender_id else row.sender_id
    about = {*named, *([of] if of else [])}
    knowing_ones = [p for p in people(other) if knowing.knows(registry.actor_for(p), about)]
    _tell(row, TOLD, knowing_ones, f"{made.id}")
    return receipt


def _moved(row: AgencyTask, spec: Step, receiver: str | None) -> None:
    row.receiver_id = receiver or row.receiver_id
    # Taking a task gives nobody more days for it.
    if spec.name != "take" and spec.to is not None and spec.to != CLOSED:
        rules = cooperation()
        row.due = rules.due(spec.to, days.today())
        if row.set_due is not None and rules.states[spec.to].waits_for == "receiver":
            row.due = max(row.due, row.set_due)
        row.risen = None
    row.state, row.changed_at = str(spec.to), now()
    row.closed_at = row.changed_at if spec.to == CLOSED else None


def _agency_of(row: AgencyTask, spec: Step, actor: Actor) -> str:
    """Return for which agency somebody takes a step."""
    if spec.by == "either":
        own = row.receiver_id in actor.publishes_for
        return row.receiver_id if own else row.sender_id
    return row.sender_id if spec.by == "sender" else row.receiver_id


def may(row: AgencyTask, actor: Actor) -> list[Step]:
    """Return the steps that somebody may take in a task."""
    return cooperation().open_to(row.state, sides(actor, row)) if actor.active else []


def agency_of(
    given: Mapping[str, Any], errors: dict[str, list[Message]], but: Collection[str] = ()
) -> str:
    """Return the id of the agency that was named; else why not in ``errors``.

    :param but: agencies that it may not be.
    """
    value = given.get("agency")
    found = registry.agency(value) if isinstance(value, str) and value else None
    if found is None:
        errors["agency"] = [Message(NO_AGENCY if value else EMPTY)]
    elif found.id in but:
        errors["agency"] = [Message(SAME)]
    return found.id if found is not None else ""


def _sender(actor: Actor, given: Mapping[str, Any], errors: dict[str, list[Message]]) -> str:
    mine, value = senders(actor), given.get("sender")
    if not value and len(mine) == 1:
        return mine[0]
    found = registry.agency(value) if isinstance(value, str) and value else None
    if found is not None and found.id in mine:
        return found.id
    errors["sender"] = [Message(NOT_SENDER if value or not mine else EMPTY)]
    return ""


def steps(row: AgencyTask, actor: Actor) -> list[tuple[AgencyTaskStep, bool]]:
    """Return what was done with a task, and of each whether its text is for the reader.

    A note about what they may not know of is left out whole.
    """
    query = sa.select(AgencyTaskStep).where(AgencyTaskStep.task_id == row.id)
    rows = list(model.Session.scalars(query.order_by(AgencyTaskStep.id)))
    knows = knowing.known(actor, {id_ for each in rows for id_ in _about(each)})
    noted = {spec.name for spec in cooperation().steps.values() if spec.to is None}
    found = []
    for each in rows:
        readable = _about(each) <= knows
        if readable or each.step not in noted:
            found.append((each, readable))
    return found


def _about(row: AgencyTaskStep) -> set[str]:
    """Return the datasets that a step names."""
    return {*row.named, *([row.package_id] if row.package_id else [])}


def people(agency_id: str) -> list[str]:
    """Return who brings data for an agency, as editor or admin."""
    return notices.people(["owner_publishers"], agency_id)


def remind(today: dt.date | None = None) -> tuple[int, int]:
    """Tell of days that are near or past, and have what is stuck rise to the forum; commit.

    :returns: how many people were told, and how many tasks rose.
    """
    day, known, told, risen = today or days.today(), cooperation(), 0, 0
    query = sa.select(AgencyTask).where(AgencyTask.state != CLOSED).order_by(AgencyTask.number)
    for row in model.Session.scalars(query.with_for_update()):
        waits = known.states[row.state].waits_for  # type: ignore[index]
        agency = row.sender_id if waits == "sender" else row.receiver_id
        said = due_rules.telling(row.due, day, known.tasks.warn_before_days, LATE_AGAIN)
        if said is not None:
            kind = LATE if said.stage is Stage.LATE else DUE
            told += _tell(row, kind, people(agency), said.about)
        if row.risen is None and known.rises(row.state, row.due, day):
            row.risen = day
            risen += 1
            append(
                model.Session,
                event="cooperation.task_risen",
                actor_id=None,
                detail={"task": row.id, "state": row.state, "due": row.due},
            )
            told += _tell(row, LATE, registry.holders_of(Duty.WALIDATA), f"risen:{day}")
    model.Session.commit()
    return told, risen


def _tell(row: AgencyTask, kind: str, whom: Collection[str], about: str) -> int:
    return notices.tell(
        model.Session,
        kind,
        whom,
        facts={"number": row.number, "due": row.due.isoformat()},
        about=f"{row.id}:{about}",
    )


def _recorded(
    row: AgencyTask, actor: Actor, name: str, text: str, package_id: str | None = None
) -> Any:
    """Write into the ledger that it was done; a note about a dataset, into that of the dataset."""
    salted = f"{row.id}\n{name}\n{now().isoformat()}\n{text}"
    detail = {
        "task": row.id,
        "state": row.state,
        "due": row.due,
        "digest": hashlib.sha256(salted.encode()).hexdigest(),
    }
    return append(
        model.Session,
        event=f"cooperation.task_{name}",
        actor_id=actor.id,
        actor_name=actor.name,
        detail=detail,
        **({"dataset_id": package_id} if package_id else {}),
    )
