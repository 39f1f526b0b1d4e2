"""A task that one agency hands to another: taken, sent back, answered; what is stuck rises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import gate, registry
from ...agencies.rules.duties import Actor, Duty
from ...agencies.rules.objection import EMPTY
from ...classification.incidents.fields import Kinds
from ...classification.notices import notices
from ...classification.rules.refusals import InvalidFields
from ...messages import Message
from ...msgids import N_
from ..records.cooperation_model import AgencyTask, AgencyTaskStep
from ..records.model import now
from ..rules import written
from ..rules.cooperation import CLOSED, HANDED, Side, Step, cooperation
from . import knowing, rising
from .rising import Owed

LOWEST, LONGEST, LONGEST_SUBJECT = 10, 2000, 100
HAND = "hand"
TOLD = "agency_task"
OWED = rising.Kind("agency_task_due", "agency_task_late", "task", event="cooperation.task_risen")

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
    found: set[Side] = {
        side
        for side, agency in of.items()
        if agency in actor.publishes_for or (leads and agency not in known)
    }
    if _theirs(actor, row):
        found.add("sender")
    return frozenset(found)


def _theirs(actor: Actor, row: AgencyTask) -> bool:
    """Tell whether somebody handed a task on for one of their own of information security."""
    return row.security_task_id is not None and actor.id is not None and actor.id == row.handed_by


def sees(actor: Actor, row: AgencyTask) -> bool:
    """Tell whether somebody sees a task: members of both agencies, and Walidata, who leads.

    Who handed it on for their own task of information security sees it wherever they are. That the
    portal opened one tells of its entry already: it is for who may know of the entry.
    """
    mine = actor.member_of | actor.publishes_for
    among = actor.active and (
        actor.has(Duty.WALIDATA)
        or _theirs(actor, row)
        or bool(mine & {row.sender_id, row.receiver_id})
    )
    return among and may_be_told(actor, row)


def may_be_told(actor: Actor, row: AgencyTask) -> bool:
    """Tell whether somebody may know that there is a task."""
    return row.source is None or knowing.knows(actor, row.named)


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that :func:`sees` holds."""
    if not actor.active:
        return sa.false()
    among: sa.ColumnElement[bool] = sa.true()
    if not actor.has(Duty.WALIDATA):
        mine = sorted(actor.member_of | actor.publishes_for)
        among = sa.or_(
            AgencyTask.sender_id.in_(mine),
            AgencyTask.receiver_id.in_(mine),
            sa.and_(AgencyTask.security_task_id.is_not(None), AgencyTask.handed_by == actor.id),
        )
    query = sa.select(AgencyTask.id, AgencyTask.named).where(AgencyTask.source.is_not(None), among)
    ours = dict(model.Session.execute(query).tuples().all())
    knows = knowing.known(actor, {id_ for named in ours.values() for id_ in named})
    hidden = [id_ for id_, named in ours.items() if not knows.issuperset(named)]
    return sa.and_(among, AgencyTask.id.not_in(hidden))


def hand(actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Hand a task to another agency; its people are told. The caller commits.

    :param given: ``sender``, ``agency``, ``subject`` and ``text``.
    :returns: the task, and the receipt.
    :raises InvalidFields: with every problem.
    """
    errors: dict[str, list[Message]] = {}
    sender = sender_of(senders(actor), given, errors)
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
    security_task_id: str | None = None,
) -> Any:
    """Begin a task whose texts were read; the caller holds the lock and commits.

    :param due: until when, where it is not owed within the days of the definition.
    :param security_task_id: the task of information security that it is for.
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
        security_task_id=security_task_id,
        handed_by=actor.id,
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = _recorded(row, actor, HAND, f"{subject}\n{text}")
    receipt.tell(row, "ledger_entry")
    rising.tell(row, TOLD, people(row.receiver_id), HAND)
    return row, receipt


def begun_by(
    source: str, receiver: str, subject: str, text: str, package_id: str, due: dt.date
) -> AgencyTask:
    """Begin a task that something of the portal sees to, in the caller's transaction.

    Walidata's agency has handed it over, where there is one. Who begins it tells its people, and
    closes it by :func:`closed_by`.

    :param source: what sees to it.
    :param subject: a text of ours, in the language of the code; so is ``text``.
    :param package_id: what the texts are about.
    """
    leads = registry.body_of(Duty.WALIDATA)
    row = AgencyTask(
        sender_id=leads.id if leads else receiver,
        receiver_id=receiver,
        subject=subject,
        text=text,
        named=[package_id],
        source=source,
        state=HANDED,
        due=due,
        set_due=due,
    )
    model.Session.add(row)
    model.Session.flush()
    _recorded(row, None, HAND, f"{subject}\n{text}").tell(row, "ledger_entry")
    return row


def closed_by(*which: sa.ColumnElement[bool]) -> None:
    """Close open tasks that the portal sees to and that nobody owes any more."""
    query = sa.select(AgencyTask).where(
        AgencyTask.source.is_not(None), AgencyTask.state != CLOSED, *which
    )
    for row in model.Session.scalars(query.with_for_update()):
        _by_itself(row, "close")
        row.state, row.changed_at = CLOSED, now()
        row.closed_at = row.changed_at
    model.Session.flush()


def owed_again(row: AgencyTask, due: dt.date) -> bool:
    """Ask once more for a task that :func:`closed_by` closed; not for one that people closed.

    :returns: whether it is asked for once more.
    """
    query = sa.select(AgencyTaskStep.actor_id).where(AgencyTaskStep.task_id == row.id)
    last = model.Session.execute(query.order_by(AgencyTaskStep.id.desc()).limit(1)).first()
    if row.state != CLOSED or last is None or last.actor_id is not None:
        return False
    _by_itself(row, "ask_again")
    row.state, row.changed_at, row.closed_at, row.risen = HANDED, now(), None, None
    row.due = row.set_due = due
    model.Session.flush()
    return True


def _by_itself(row: AgencyTask, name: str) -> None:
    made = AgencyTaskStep(task_id=row.id, step=name, named=row.named)
    model.Session.add(made)
    model.Session.flush()
    _recorded(row, None, name, "").tell(made, "ledger_entry")


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
    rising.tell(row, TOLD, knowing_ones, f"{made.id}")
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


def sender_of(
    mine: Collection[str], given: Mapping[str, Any], errors: dict[str, list[Message]]
) -> str:
    """Return the id of the agency that hands over; else why not in ``errors``.

    :param mine: agencies that it may be.
    """
    value = given.get("sender")
    if not value and len(mine) == 1:
        return next(iter(mine))
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
    day, known = today or days.today(), cooperation()
    query = sa.select(AgencyTask).where(AgencyTask.state != CLOSED).order_by(AgencyTask.number)
    rows = model.Session.scalars(query.with_for_update()).all()

    def owed(row: AgencyTask) -> Owed:
        def told(name: str) -> bool:
            return row.source is None or may_be_told(registry.actor_for(name), row)

        return Owed(row, _owing(row), known.rises(row.state, row.due, day), told)

    done = rising.remind(rows, owed, OWED, day, known.tasks.warn_before_days, state="state")
    model.Session.commit()
    return done


def _owing(row: AgencyTask) -> list[str]:
    waits = cooperation().states[row.state].waits_for  # type: ignore[index]
    return people(row.sender_id if waits == "sender" else row.receiver_id)


def _recorded(
    row: AgencyTask, actor: Actor | None, name: str, text: str, package_id: str | None = None
) -> Any:
    """Write into the ledger that it was done; a note about a dataset, into that of the dataset."""
    detail = {"task": row.id, "state": row.state, "due": row.due}
    event = f"cooperation.task_{name}"
    return rising.recorded(actor, event, detail, row.id, text, package_id)
