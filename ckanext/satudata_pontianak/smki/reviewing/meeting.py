"""The management review: held on a day, with the year's numbers; its decisions become tasks."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import gate
from ...agencies.rules.duties import Actor
from ...classification.incidents.fields import Kinds
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from .. import review, tasks
from ..records import roles
from ..records.about import DECISION
from ..records.model import SmkiTask, new_id
from ..records.reviewing_model import SmkiDecision, SmkiReview
from ..rules import planning, written
from ..rules.definition import smki
from ..rules.planning import Planned

TASK = "management_review"
"""The task of the calendar that asks for a review; its role leads it."""
LOWEST, LONGEST, LONGEST_PAPER = 10, 2000, 200

INDICATORS: list[Callable[[int, Actor], list[list[str]]]] = []
"""Give the indicators of a year as somebody reads them: code, question, what was measured."""

NOT_YOURS = N_("The management review is led by: %(role)s.")
BEFORE = N_("The last review was held on %(day)s. Give a day that is not before it.")
HELD = N_("This review is recorded already: number %(number)s.")
DECIDED = N_("This was decided already: its task is number %(number)s.")
OVER = N_("A later review was held. Decide in that one.")
HOLD = N_("Hold the review on its page: it records this task as done.")


def leads(actor: Actor) -> bool:
    """Tell whether somebody leads the review: who carries the role of its task, or a deputy."""
    if not actor.active or actor.id is None:
        return False
    known, holders, role = smki(), roles.holders(), _role()
    people = planning.carriers(known, role, holders), planning.deputies(known, role, holders)
    return any(actor.id in each for each in people)


def _role() -> str:
    return smki().tasks.tasks[TASK].role


def _refuse(actor: Actor) -> None:
    if not leads(actor):
        label = Message(smki().roles.roles[_role()].label)
        raise InvalidFields({"": [Message(NOT_YOURS, {"role": label})]})


def hold(actor: Actor, year: int, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Record that a review was held, with the numbers as they stand; the caller commits.

    The task that asked for it is done by this.

    :param given: ``day``, ``paper`` (number of the minutes) and ``opinion``.
    :returns: the review, and the receipt.
    :raises InvalidFields: with every problem.
    """
    _refuse(actor)
    gate.lock()
    errors: dict[str, list[Message]] = {}
    newest = last()
    day = written.past_day("day", given, errors, (newest.day if newest else None, BEFORE))
    texts = written.texts(("opinion",), given, kinds_in, errors, LOWEST, LONGEST)
    texts |= written.texts(("paper",), given, kinds_in, errors, 1, LONGEST_PAPER)
    if errors or day is None:
        raise InvalidFields(errors)
    there = _same(SmkiReview.day == day, SmkiReview.paper == texts["paper"])
    if there is not None:
        raise InvalidFields({"paper": [Message(HELD, {"number": there.number})]})
    row = SmkiReview(
        id=new_id(),
        year=year,
        day=day,
        paper=texts["paper"],
        opinion=texts["opinion"],
        numbers={
            **review.numbers(year, actor=actor),
            review.INDICATORS: [line for give in INDICATORS for line in give(year, actor)],
        },
        role=_role(),
        held_by=actor.id,
    )
    model.Session.add(row)
    model.Session.flush()
    receipt = append(
        model.Session,
        event="smki.review_held",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"review": row.id, "period": str(year), "day": day, "digest": digest(row)},
    )
    receipt.tell(row, "ledger_entry")
    asked = tasks.open_of(TASK, lock=True)
    if asked is not None:
        done = {"result": tasks.IN_ORDER[0], "day": day.isoformat(), "paper": row.paper}
        tasks.do(asked, actor, done, kinds_in)
    return row, receipt


def _same(*which: sa.ColumnElement[bool]) -> SmkiReview | None:
    return model.Session.scalars(_newest_first().where(*which).limit(1)).first()


def indicators(number: int) -> list[list[str]]:
    """Return the indicators that were kept with a review, for who may read the evidence."""
    kept = model.Session.scalar(sa.select(SmkiReview.numbers).where(SmkiReview.number == number))
    return (kept or {}).get(review.INDICATORS, [])


def digest(row: SmkiReview) -> str:
    """Return what names all that was written of a review; its random id is part of it."""
    said = "\n".join((row.id, row.paper, row.opinion))
    return hashlib.sha256(said.encode()).hexdigest()


def decide(row: SmkiReview, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Record a decision of the newest review; it becomes a task of its role. The caller commits.

    :param given: ``text``, ``role`` and ``due``.
    :returns: the decision, and the receipt.
    :raises InvalidFields: with every problem.
    """
    _refuse(actor)
    gate.lock()
    newest = last()
    if newest is None or newest.id != row.id:
        raise InvalidFields({"": [Message(OVER)]})
    errors: dict[str, list[Message]] = {}
    role = written.choice("role", given, smki().roles.roles, errors)
    due = written.day_ahead("due", given, errors)
    texts = written.texts(("text",), given, kinds_in, errors, LOWEST, LONGEST)
    if errors or due is None:
        raise InvalidFields(errors)
    for decision, task in decisions(row):
        if (decision.text, decision.role, decision.due) == (texts["text"], role, due):
            raise InvalidFields({"text": [Message(DECIDED, {"number": task.number})]})
    return _decided(row, actor, texts["text"], role, due)


def _decided(row: SmkiReview, actor: Actor, text: str, role: str, due: dt.date) -> Any:
    made = new_id()
    task = tasks.open_task(
        Planned(DECISION, made, role, days.today(), due), roles.holders(), begun_by=actor
    )
    if task is None:
        raise AssertionError("a new id names no task that is there")
    decision = SmkiDecision(
        id=made,
        review_id=row.id,
        text=text,
        role=role,
        due=due,
        task_id=task.id,
        decided_by=actor.id,
    )
    model.Session.add(decision)
    model.Session.flush()
    said = hashlib.sha256(f"{made}\n{text}".encode()).hexdigest()
    receipt = append(
        model.Session,
        event="smki.review_decided",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"review": row.id, "task": task.id, "role": role, "due": due, "digest": said},
    )
    receipt.tell(decision, "ledger_entry")
    return decision, receipt


def last() -> SmkiReview | None:
    """Return the newest review."""
    return model.Session.scalars(_newest_first().limit(1)).first()


def before(row: SmkiReview) -> SmkiReview | None:
    """Return the review before one."""
    query = _newest_first().where(SmkiReview.number < row.number)
    return model.Session.scalars(query.limit(1)).first()


def _newest_first() -> sa.Select[tuple[SmkiReview]]:
    return sa.select(SmkiReview).order_by(SmkiReview.number.desc())


def held(limit: int, offset: int) -> tuple[int, list[SmkiReview]]:
    """Return how many reviews were held, and some of them, newest first."""
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(SmkiReview))
    rows = model.Session.scalars(_newest_first().limit(limit).offset(offset))
    return int(count or 0), list(rows)


def decisions(row: SmkiReview) -> list[tuple[SmkiDecision, SmkiTask]]:
    """Return what a review decided, each with its task."""
    query = (
        sa.select(SmkiDecision, SmkiTask)
        .join(SmkiTask, SmkiTask.id == SmkiDecision.task_id)
        .where(SmkiDecision.review_id == row.id)
        .order_by(SmkiDecision.number)
    )
    return [(decision, task) for decision, task in model.Session.execute(query)]


def objection(row: SmkiTask, actor: Actor) -> Message | None:
    """Return what speaks against recording the task of the calendar as done by itself."""
    return Message(HOLD)
