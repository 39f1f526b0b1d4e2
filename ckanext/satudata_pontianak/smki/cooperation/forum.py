"""The Forum Satu Data: an agenda of what is stuck, minutes, and decisions that become tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...agencies import gate, registry
from ...agencies.rules.duties import ANONYMOUS, Actor, Duty
from ...classification.incidents.fields import Kinds
from ...classification.rules import indonesian
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from ..records.cooperation_model import AgencyTask, ForumDecision, ForumMeeting
from ..records.model import new_id
from ..rules import written
from . import agenda, handed, knowing

LOWEST, LONGEST, LONGEST_PAPER = 10, 4000, 100

NOT_YOURS = N_("The forum is led by Walidata.")
BEFORE = N_("The last meeting was on %(day)s. Give a day that is not before it.")
HELD = N_("This meeting is recorded already: number %(number)s.")
OVER = N_("A later meeting was held. Decide in that one.")
NO_ITEM = N_("This is not on the agenda of the meeting.")
NOT_PUBLIC = N_(
    "The minutes name a dataset of which not everybody may know. Leave its name out; a decision "
    "links it for those who may."
)
NO_NAME = N_("The number of the minutes names no dataset.")
SUBJECT = N_("Decision of the Forum Satu Data: %(paper)s")


def leads(actor: Actor) -> bool:
    """Tell whether somebody leads the forum."""
    return actor.active and actor.has(Duty.WALIDATA)


def _refuse(actor: Actor) -> None:
    if not leads(actor):
        raise InvalidFields({"": [Message(NOT_YOURS)]})


def hold(actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Record that the forum met, with its agenda as it stands; the caller commits.

    :param given: ``day``, ``paper`` (number of the minutes) and ``minutes``.
    :returns: the meeting, and the receipt.
    :raises InvalidFields: with every problem.
    """
    _refuse(actor)
    gate.lock()
    errors: dict[str, list[Message]] = {}
    newest = last()
    day = written.past_day("day", given, errors, (newest.day if newest else None, BEFORE))
    texts = written.texts(("minutes",), given, kinds_in, errors, LOWEST, LONGEST)
    texts |= written.texts(("paper",), given, kinds_in, errors, 1, LONGEST_PAPER)
    # Its number stands in lists and in the subjects of tasks, which are kept as they are.
    if knowing.named_in(actor, texts.get("paper", "")):
        errors["paper"] = [Message(NO_NAME)]
    named = knowing.named_in(actor, texts.get("minutes", ""))
    if not knowing.knows(ANONYMOUS, named):
        errors["minutes"] = [Message(NOT_PUBLIC)]
    if errors or day is None:
        raise InvalidFields(errors)
    same = _newest_first().where(ForumMeeting.day == day, ForumMeeting.paper == texts["paper"])
    there = model.Session.scalars(same.limit(1)).first()
    if there is not None:
        raise InvalidFields({"paper": [Message(HELD, {"number": there.number})]})
    row = ForumMeeting(
        id=new_id(),
        day=day,
        paper=texts["paper"],
        minutes=texts["minutes"],
        named=named,
        agenda=[agenda.kept(item) for item in agenda.items(actor)],
        held_by=actor.id,
    )
    model.Session.add(row)
    model.Session.flush()
    said = hashlib.sha256(f"{row.id}\n{row.paper}\n{row.minutes}".encode()).hexdigest()
    receipt = append(
        model.Session,
        event="cooperation.forum_held",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"meeting": row.id, "day": day, "digest": said},
    )
    receipt.tell(row, "ledger_entry")
    return row, receipt


def decide(row: ForumMeeting, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Record what the newest meeting decided: a task of an agency. The caller commits.

    :param given: ``text``, ``agency``, ``due`` and, of the agenda, ``item``.
    :returns: the decision, and the receipt.
    :raises InvalidFields: with every problem.
    """
    _refuse(actor)
    gate.lock()
    newest = last()
    if newest is None or newest.id != row.id:
        raise InvalidFields({"": [Message(OVER)]})
    errors: dict[str, list[Message]] = {}
    receiver = handed.agency_of(given, errors)
    due = written.day_ahead("due", given, errors)
    texts = written.texts(("text",), given, kinds_in, errors, LOWEST, handed.LONGEST)
    item = next(
        (i for i in items_of(row, actor) if f"{i.source}:{i.key}" == given.get("item")), None
    )
    if given.get("item") and item is None:
        errors["item"] = [Message(NO_ITEM)]
    leader = registry.body_of(Duty.WALIDATA)
    if leader is None:
        errors[""] = [Message(NOT_YOURS)]
    if errors or due is None or leader is None:
        raise InvalidFields(errors)
    subject = indonesian.translator()(SUBJECT) % {"paper": row.paper}
    task, _ = handed.begun(actor, leader.id, receiver, subject, texts["text"], due)
    decision = ForumDecision(
        id=new_id(),
        meeting_id=row.id,
        text=texts["text"],
        named=task.named,
        package_id=item.package_id if item else None,
        case_id=item.case_id if item else None,
        agency_id=receiver,
        due=due,
        task_id=task.id,
        decided_by=actor.id,
    )
    model.Session.add(decision)
    model.Session.flush()
    receipt = append(
        model.Session,
        event="cooperation.forum_decided",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"meeting": row.id, "task": task.id, "due": due},
        **({"dataset_id": item.package_id} if item and item.package_id else {}),
    )
    receipt.tell(decision, "ledger_entry")
    return decision, receipt


def items_of(row: ForumMeeting, actor: Actor) -> list[agenda.Item]:
    """Return the agenda of a meeting as it stood, what somebody may know of."""
    return agenda.seen(actor, [agenda.read(each) for each in row.agenda])


def decisions(row: ForumMeeting, actor: Actor) -> list[tuple[ForumDecision, AgencyTask, bool]]:
    """Return what a meeting decided, each with its task, and whether its dataset may be known.

    What names a dataset that somebody may not know of is left out.
    """
    query = (
        sa.select(ForumDecision, AgencyTask)
        .join(AgencyTask, AgencyTask.id == ForumDecision.task_id)
        .where(ForumDecision.meeting_id == row.id)
        .order_by(ForumDecision.number)
    )
    rows = list(model.Session.execute(query).tuples())
    knows = knowing.known(actor, {i for decision, _ in rows for i in decision.named})
    readable = [each for each in rows if {*each[0].named} <= knows]
    linked = agenda.seen(
        actor,
        [
            agenda.Item(d.id, Message(""), d.due, package_id=d.package_id, case_id=d.case_id)
            for d, _ in readable
            if d.package_id
        ],
    )
    ids = {item.key for item in linked}
    return [(decision, task, decision.id in ids) for decision, task in readable]


def last() -> ForumMeeting | None:
    """Return the newest meeting."""
    return model.Session.scalars(_newest_first().limit(1)).first()


def held(limit: int, offset: int) -> tuple[int, list[ForumMeeting]]:
    """Return how many meetings there were, and some of them, newest first."""
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(ForumMeeting))
    rows = model.Session.scalars(_newest_first().limit(limit).offset(offset))
    return int(count or 0), list(rows)


def _newest_first() -> sa.Select[tuple[ForumMeeting]]:
    return sa.select(ForumMeeting).order_by(ForumMeeting.number.desc())
