"""Tasks: handed out on their day, reminded of, handed on when they are late, recorded as done."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ckan import model

from .. import days
from ..agencies import gate
from ..agencies.rules.duties import Actor
from ..agencies.rules.objection import EMPTY, NO_DATE, read_date
from ..classification.clock import due_rules
from ..classification.clock.due_rules import Stage
from ..classification.incidents.fields import Kinds
from ..classification.notices import notices
from ..classification.rules import deadlines
from ..classification.rules.refusals import InvalidFields
from ..ledger.service import append
from ..messages import Message
from ..msgids import N_
from .records import roles
from .records.model import OPEN, SmkiTask, new_id, now
from .rules import planning, written
from .rules.definition import EVENT, AskedField, Asks, smki
from .rules.evidence import LastDone
from .rules.planning import Planned

CONTROL = "control:"
"""Begins the kind of a task that a red control opened."""
DONE, MENDED = "done", "mended"
IN_ORDER = ("in_order", "mended")
"""Results after which what was looked at is in order."""
LATE_AGAIN = 5
"""A late task is told of again after so many working days."""

NOT_YOURS = N_("This task belongs to somebody else. Tell them, or the coordinator.")
BEGUN = N_("This task was begun today already, and is open: number %(number)s.")
NO_LONGER_OPEN = N_("This task is done already.")
NUMBER = N_("Give a whole number from %(low)s to %(high)s.")
CHOOSE = N_("Choose one of: %(choices)s.")


OF_CALENDAR = sa.func.length(SmkiTask.period) == len("2026-12")
"""Of a task: its period is of the calendar. What a red control asks for is named by a moment."""


def hand_out(today: dt.date | None = None) -> list[SmkiTask]:
    """Hand out the tasks of the calendar whose day has come, each to one person; commit them.

    Running it again changes nothing. A clock that stood still hands out what it missed. What a
    red control asked for before is ended by the task of the period: nobody gets two for one thing.
    """
    day, known = today or days.today(), smki()
    newest = dict(
        model.Session.execute(
            sa.select(SmkiTask.kind, sa.func.max(SmkiTask.period))
            .where(OF_CALENDAR)
            .group_by(SmkiTask.kind)
        )
        .tuples()
        .all()
    )
    holders, load = roles.holders(), _load(day)
    made = []
    for spec in known.tasks.calendar:
        for planned in planning.due_since(spec, newest.get(spec.name), day):
            row = open_task(planned, holders, load)
            if row is not None:
                mend(spec.name, ~OF_CALENDAR)
                made.append(row)
    model.Session.commit()
    return made


def begin(kind: str, actor: Actor, today: dt.date | None = None) -> SmkiTask:
    """Begin a task whose event has come, and give it to one person; the caller commits.

    :raises KeyError: there is no task of an event with this name.
    :raises InvalidFields: it was begun on this day already, and is still open.
    """
    spec, day = smki().tasks.tasks[kind], today or days.today()
    if spec.every != EVENT:
        raise KeyError(kind)
    gate.lock()
    same = SmkiTask.kind == kind, SmkiTask.state == OPEN, SmkiTask.opened == day
    there = model.Session.scalars(sa.select(SmkiTask).where(*same)).first()
    if there is not None:
        raise InvalidFields({"kind": [Message(BEGUN, {"number": there.number})]})
    due = deadlines.add_working_days(day, spec.due_working_days)
    period = f"{day.isoformat()} {new_id()[:8]}"
    planned = Planned(kind, period, spec.role, day, due)
    row = open_task(planned, roles.holders(), begun_by=actor)
    if row is None:
        raise KeyError(kind)
    return row


def _load(day: dt.date) -> Counter[str]:
    """Return how many tasks each person was handed in the month of a day."""
    query = (
        sa.select(SmkiTask.user_id, sa.func.count())
        .where(SmkiTask.opened >= day.replace(day=1), SmkiTask.user_id.is_not(None))
        .group_by(SmkiTask.user_id)
    )
    rows = model.Session.execute(query).tuples().all()
    return Counter({user: count for user, count in rows if user is not None})


def open_task(
    planned: Planned,
    holders: planning.Holders,
    load: Counter[str] | None = None,
    owners: Iterable[str] | None = None,
    begun_by: Actor | None = None,
) -> SmkiTask | None:
    """Open a task and tell its people, in the caller's transaction; ``None``: it was already.

    :param owners: who owns the red control that asks for it, and is told; without it whose it is.
    """
    load = _load(planned.opens) if load is None else load
    people = planning.carriers(smki(), planned.role, holders)
    person = planning.chosen(people, load)
    values = {
        "id": new_id(),
        "kind": planned.kind,
        "period": planned.period,
        "role": planned.role,
        "user_id": person,
        "state": OPEN,
        "opened": planned.opens,
        "due": planned.due,
        "answers": {},
    }
    statement = postgresql.insert(SmkiTask).values(values).on_conflict_do_nothing()
    made = model.Session.scalar(statement.returning(SmkiTask.id))
    row = model.Session.get(SmkiTask, made) if made else None
    if row is None:
        return None
    if person is not None:
        load[person] += 1
    append(
        model.Session,
        event="smki.task_opened",
        actor_id=begun_by.id if begun_by else None,
        actor_name=begun_by.name if begun_by else None,
        detail={"task": row.id, "kind": row.kind, "period": row.period, "due": row.due},
    )
    if owners is not None:
        tell(row, "smki_control_red", owners, "")
    else:
        tell(row, "smki_task", [person] if person else [], "")
    return row


def tell(row: SmkiTask, kind: str, people: Iterable[str], about: str) -> int:
    """Tell people of a task, once for each ``about``, in the caller's transaction."""
    return notices.tell(
        model.Session,
        kind,
        people,
        facts={"number": row.number, "due": row.due.isoformat()},
        about=f"{row.id}:{about}",
    )


def remind(today: dt.date | None = None) -> tuple[int, int]:
    """Remind of open tasks, hand on what is late or whose person is gone; commit.

    :returns: how many people were told, and how many tasks went to somebody else.
    """
    day, known = today or days.today(), smki()
    holders = roles.holders()
    told = moved = 0
    for row in open_tasks():
        moved += _hand_on(row, holders, day)
        telling = due_rules.telling(row.due, day, known.tasks.warn_before_working_days, LATE_AGAIN)
        if telling is None:
            continue
        if telling.stage is not Stage.LATE:
            told += tell(row, "smki_task_due", [row.user_id] if row.user_id else [], telling.about)
            continue
        superiors = planning.carriers(known, "pimpinan", holders) if row.escalated else []
        people = {*([row.user_id] if row.user_id else []), *superiors}
        told += tell(row, "smki_task_late", people, telling.about)
    model.Session.commit()
    return told, moved


def _hand_on(row: SmkiTask, holders: planning.Holders, day: dt.date) -> bool:
    """Give a task to who carries its role now, or to a deputy once it has been late for long."""
    known = smki()
    people = planning.carriers(known, row.role, holders)
    others = planning.deputies(known, row.role, holders)
    late = deadlines.working_days_between(row.due, day) >= known.tasks.escalated_after_working_days
    person, escalates = row.user_id, late and row.escalated is None
    if person not in people and person not in others:
        person = planning.chosen(people or others, _load(day))
    if escalates:
        rest = [one for one in (*people, *others) if one != person]
        person = next(iter(rest), person)
        row.escalated = day
    if person == row.user_id and not escalates:
        return False
    append(
        model.Session,
        event="smki.task_handed_on",
        actor_id=None,
        detail={"task": row.id, "kind": row.kind, "escalated": escalates},
    )
    changed, row.user_id = person != row.user_id, person
    model.Session.flush()
    if changed and person is not None:
        tell(row, "smki_task", [person], f"{person}:{day}")
    return changed


def open_tasks() -> list[SmkiTask]:
    """Return the tasks that nobody did yet, the soonest first."""
    query = sa.select(SmkiTask).where(SmkiTask.state == OPEN)
    return list(model.Session.scalars(query.order_by(SmkiTask.due, SmkiTask.number)))


def open_of(kind: str, *, lock: bool = False) -> SmkiTask | None:
    """Return the open task of a kind that is due first, or ``None``.

    :param lock: hold it until the transaction ends, as it stands now.
    """
    query = sa.select(SmkiTask).where(SmkiTask.kind == kind, SmkiTask.state == OPEN)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return model.Session.scalars(query.order_by(SmkiTask.due, SmkiTask.number)).first()


def asks_of(kind: str) -> Asks:
    """Return what is asked of whoever does a task; of a control's, what was done about it."""
    spec = smki().tasks.tasks.get(kind)
    return spec.asks if spec else Asks(required=("note",))


def may_do(row: SmkiTask, actor: Actor) -> bool:
    """Tell whether somebody does a task: its person, who carries its role, or a deputy."""
    if not actor.active or actor.id is None:
        return False
    known, holders = smki(), roles.holders()
    return actor.id == row.user_id or actor.id in {
        *planning.carriers(known, row.role, holders),
        *planning.deputies(known, row.role, holders),
    }


def do(row: SmkiTask, actor: Actor, given: Mapping[str, Any], kinds_in: Kinds) -> Any:
    """Record that a task was done, with what was found; the caller commits.

    :param kinds_in: gives the labels of hard identifiers in a text: such a text is refused.
    :raises InvalidFields: the task is another's or done already, or a field is wrong.
    """
    if not may_do(row, actor):
        raise InvalidFields({"": [Message(NOT_YOURS)]})
    if row.state != OPEN:
        raise InvalidFields({"": [Message(NO_LONGER_OPEN)]})
    row.answers = checked(asks_of(row.kind), given, kinds_in)
    row.state, row.done_by, row.done_role, row.done_at = DONE, actor.id, row.role, now()
    receipt = append(
        model.Session,
        event="smki.task_done",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={
            "task": row.id,
            "kind": row.kind,
            "period": row.period,
            "role": row.role,
            "result": row.answers.get("result"),
        },
    )
    receipt.tell(row, "ledger_entry")
    return receipt


def checked(asks: Asks, given: Mapping[str, Any], kinds_in: Kinds) -> dict[str, Any]:
    """Return what was written, by field, checked.

    :raises InvalidFields: with every problem at once.
    """
    fields, found = smki().tasks.fields, {}
    errors: dict[str, list[Message]] = {}
    for name in asks.all:
        value = given.get(name)
        if value in (None, ""):
            if name in asks.required:
                errors[name] = [Message(EMPTY)]
            continue
        problem, kept = read_field(fields[name], value, kinds_in)
        if problem is not None:
            errors[name] = [problem]
        else:
            found[name] = kept
    if errors:
        raise InvalidFields(errors)
    return found


def read_field(spec: AskedField, value: Any, kinds_in: Kinds) -> tuple[Message | None, Any]:
    """Return what is wrong with a value, or what is kept of it."""
    if spec.type == "number":
        text = str(value)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not spec.low <= number <= spec.high or isinstance(value, bool):
            return Message(NUMBER, {"low": spec.low, "high": spec.high}), None
        return None, number
    if spec.type == "date":
        day = read_date(value)
        if day is None or (day > days.today() and not spec.future):
            return Message(NO_DATE if day is None else written.FUTURE_DAY), None
        return None, day.isoformat()
    if spec.type == "choice":
        if not isinstance(value, str) or value not in spec.choices:
            return Message(CHOOSE, {"choices": sorted(spec.choices)}), None
        return None, value
    one_line = spec.type == "line"
    return written.read(value, kinds_in, spec.min_length, spec.max_length, one_line=one_line)


def mend(kind: str, *which: sa.ColumnElement[bool]) -> None:
    """End the open tasks of a kind that nobody has to do any more, in the caller's transaction."""
    query = sa.select(SmkiTask).where(SmkiTask.kind == kind, SmkiTask.state == OPEN, *which)
    query = query.with_for_update().execution_options(populate_existing=True)
    for row in model.Session.scalars(query):
        row.state, row.done_at = MENDED, now()
        append(
            model.Session,
            event="smki.task_mended",
            actor_id=None,
            detail={"task": row.id, "kind": row.kind},
        )
    model.Session.flush()


def last_done(kind: str) -> LastDone | None:
    """Return the newest record of a task of the calendar."""
    query = (
        sa.select(SmkiTask)
        .where(SmkiTask.kind == kind, SmkiTask.state == DONE)
        .order_by(SmkiTask.done_at.desc())
        .limit(1)
    )
    row = model.Session.scalars(query).first()
    if row is None or row.done_at is None:
        return None
    day = read_date(row.answers.get("day")) or row.done_at.astimezone(days.CITY).date()
    role = row.done_role or row.role
    known = smki().roles.roles.get(role)
    office = known.label if known else role
    return LastDone(day, office, row.answers.get("result", IN_ORDER[0]) in IN_ORDER)
