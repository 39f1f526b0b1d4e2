"""The review of rights: every right that somebody has is confirmed, or is to be withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...accounts.model import Factor
from ...agencies import registry
from ...agencies.model import DelegationRow
from ...agencies.rules.duties import Actor
from ...classification.rules import deadlines
from ...classification.rules.refusals import InvalidFields
from ...ledger.service import append
from ...messages import Message
from ...msgids import N_
from .. import tasks
from ..records import roles
from ..records.about import WITHDRAWN as WITHDRAWAL
from ..records.model import OPEN, SmkiTask, new_id, now
from ..records.reviewing_model import SmkiRight
from ..rules import rights as rules
from ..rules.definition import smki
from ..rules.planning import Planned
from ..rules.rights import Answered, Right, Verdict

TASK = "rights_review"

OTHER = N_("This line changed since you looked at it, or is gone. Look at the list again.")
OWN = N_("This right is your own. Somebody else confirms it.")
LEFT = N_(
    "%(count)s lines of the rights wait for an answer; %(own)s of them are your own, and somebody "
    "else answers those."
)

STANDS = N_(
    "This right still stands. Withdraw it, or confirm it in the review of rights: then the task "
    "ends by itself."
)


@dataclass(frozen=True)
class Review:
    """The lines of a review as they stand, and what was answered of them since it began."""

    lines: list[Right]
    answers: dict[str, Answered]
    since: dt.datetime

    def answered(self, right: Right) -> Answered | None:
        """Return what was answered of a line."""
        return rules.standing(right, self.answers, self.since)

    @property
    def waiting(self) -> list[Right]:
        """The lines that nobody answered yet."""
        return rules.waiting(self.lines, self.answers, self.since)


def of(task: SmkiTask) -> Review:
    """Return the review that a task asks for."""
    return Review(current(), _answers(), dt.datetime.combine(_since(task), dt.time(), days.CITY))


def _since(task: SmkiTask) -> dt.date:
    """Return the day since which answers count: since the task, and no longer than rights hold.

    A task of the calendar goes on where the one that a red control opened was ended by it.
    """
    same = SmkiTask.kind == TASK, SmkiTask.state == tasks.MENDED, ~tasks.OF_CALENDAR
    begins = dt.datetime.combine(task.opened, dt.time(), days.CITY)
    ended = SmkiTask.done_at >= begins, SmkiTask.done_at < begins + dt.timedelta(days=1)
    before = model.Session.scalar(sa.select(sa.func.min(SmkiTask.opened)).where(*same, *ended))
    known = smki().controls.controls.values()
    limit = min(each.limits["days"] for each in known if each.task == TASK)
    last = task.done_at.astimezone(days.CITY).date() if task.done_at else days.today()
    return rules.since(task.opened, before, last, limit)


def current() -> list[Right]:
    """Return every right that somebody has today, by person."""
    found = [*_members(), *_delegations(), *_roles(), *_administrators()]
    return sorted(found, key=lambda right: (right.person, right.kind, right.place))


def _members() -> Iterator[Right]:
    member: Any = model.Member
    agencies = registry.load_agencies()
    query = (
        sa.select(member.table_id, member.group_id, member.capacity)
        .join(model.User, model.User.id == member.table_id)
        .where(
            member.table_name == "user",
            member.state == "active",
            member.group_id.in_(agencies),
            model.User.state == "active",
        )
    )
    for person, agency, capacity in model.Session.execute(query).tuples():
        duties = sorted(agencies[agency].deciding) if capacity == "admin" else []
        yield Right("member", person, agency, {"capacity": capacity, "duties": [*map(str, duties)]})


def _delegations() -> Iterator[Right]:
    today = days.today()
    for row in registry.standing_delegations(DelegationRow.last_day >= today):
        span = {"from": row.start.isoformat(), "until": row.end.isoformat()}
        yield Right("delegation", row.user_id, row.agency_id, span)


def _roles() -> Iterator[Right]:
    for row in roles.standing():
        until = row.last_day.isoformat() if row.last_day else None
        span = {"from": row.first_day.isoformat(), "until": until}
        yield Right("role", row.user_id, row.role, span)


def _administrators() -> Iterator[Right]:
    query = sa.select(model.User.id).where(
        model.User.sysadmin.is_(True),
        model.User.state == "active",
        # What runs by itself does so as this user: nobody logs in with it.
        model.User.name != tk.config["ckan.site_id"],
    )
    for person in model.Session.scalars(query):
        yield Right("administrator", person, "")


def _answers() -> dict[str, Answered]:
    """Return the newest answer to each line that was ever there."""
    query = (
        sa.select(SmkiRight)
        .distinct(SmkiRight.key)
        .order_by(SmkiRight.key, SmkiRight.decided_at.desc())
    )
    return {
        row.key: Answered(row.line, row.verdict, row.decided_by, row.decided_at)
        for row in model.Session.scalars(query)
    }


def answer(
    task: SmkiTask, actor: Actor, confirmed: Collection[str], withdrawn: Collection[str]
) -> Any:
    """Confirm lines, or say that they are to be withdrawn; the caller commits.

    :param confirmed: ids of lines as they were looked at; ``withdrawn``: likewise.
    :returns: the receipt of the last one, or ``None``.
    :raises InvalidFields: it is not theirs, or a line is another than they looked at.
    """
    if not tasks.may_do(task, actor):
        raise InvalidFields({"": [Message(tasks.NOT_YOURS)]})
    if task.state != OPEN:
        raise InvalidFields({"": [Message(tasks.NO_LONGER_OPEN)]})
    lines = {right.id: right for right in current()}
    errors: dict[str, list[Message]] = {}
    for name, ids in (("confirmed", confirmed), ("withdrawn", withdrawn)):
        if any(each not in lines for each in ids):
            errors[name] = [Message(OTHER)]
        elif any(lines[each].person == actor.id for each in ids):
            errors[name] = [Message(OWN)]
    if set(confirmed) & set(withdrawn):
        errors["withdrawn"] = [Message(OTHER)]
    if errors:
        raise InvalidFields(errors)
    receipt = None
    for each in dict.fromkeys(confirmed):
        receipt = _answered(task, actor, lines[each], rules.CONFIRMED)
    for each in dict.fromkeys(withdrawn):
        receipt = _answered(task, actor, lines[each], rules.WITHDRAWN)
    return receipt


def _answered(task: SmkiTask, actor: Actor, right: Right, verdict: Verdict) -> Any:
    agency = registry.agency(right.place) if right.kind in ("member", "delegation") else None
    role = smki().roles.roles.get(right.place) if right.kind == "role" else None
    row = SmkiRight(
        id=new_id(),
        key=right.key,
        line=right.id,
        verdict=verdict,
        person_id=right.person,
        agency_id=agency.id if agency else None,
        said={
            "kind": right.kind,
            "place": agency.title or agency.name if agency else role.label if role else right.place,
            "capacity": right.values.get("capacity"),
            "until": right.values.get("until"),
        },
        decided_by=actor.id,
        decided_at=now(),
    )
    asked = _withdrawals().get(right.key)
    if verdict == rules.WITHDRAWN:
        row.task_id = asked or _withdraw(row)
    elif asked is not None:
        tasks.mend(WITHDRAWAL, SmkiTask.id == asked)
    model.Session.add(row)
    model.Session.flush()
    return append(
        model.Session,
        event=f"smki.right_{verdict}",
        actor_id=actor.id,
        actor_name=actor.name,
        detail={"task": task.id, "right": row.id, "result": verdict},
    )


def _withdraw(row: SmkiRight) -> str | None:
    """Hand out the task of withdrawing a right; return its id."""
    spec, day = smki().tasks.tasks[WITHDRAWAL], days.today()
    due = deadlines.add_working_days(day, spec.due_working_days)
    made = tasks.open_task(Planned(WITHDRAWAL, row.id, spec.role, day, due), roles.holders())
    return made.id if made is not None else None


def _withdrawals() -> dict[str, str]:
    """Return the open tasks of withdrawing a right, by its key."""
    query = (
        sa.select(SmkiRight.key, SmkiTask.id)
        .join(SmkiTask, SmkiTask.id == SmkiRight.task_id)
        .where(SmkiTask.state == OPEN)
    )
    return dict(model.Session.execute(query).tuples().all())


def settle() -> int:
    """End the tasks of withdrawing a right that is gone; commit.

    :returns: how many ended.
    """
    standing = {right.key for right in current()}
    gone = [task for key, task in _withdrawals().items() if key not in standing]
    for task in gone:
        tasks.mend(WITHDRAWAL, SmkiTask.id == task)
    model.Session.commit()
    return len(gone)


def objection(task: SmkiTask, actor: Actor) -> Message | None:
    """Return what speaks against recording the review as done: lines that nobody answered."""
    waiting = of(task).waiting
    if not waiting:
        return None
    own = sum(right.person == actor.id for right in waiting)
    return Message(LEFT, {"count": len(waiting), "own": own})


def withdrawal_objection(task: SmkiTask, actor: Actor) -> Message | None:
    """Return what speaks against recording a withdrawal as done: the right stands, or is theirs."""
    del (
        actor
    )  # Whose right it is makes no difference: nobody says of one that stands that it is gone.
    key = next((key for key, id in _withdrawals().items() if id == task.id), None)
    return Message(STANDS) if key in {right.key for right in current()} else None


@dataclass(frozen=True)
class Account:
    """What is shown of a person beside their rights."""

    name: str
    called: str
    seen: dt.datetime | None
    factor: bool


def accounts(people: Collection[str]) -> dict[str, Account]:
    """Return what is shown of people, by id: two queries, however many."""
    factors = set(
        model.Session.scalars(
            sa.select(Factor.user_id).where(
                Factor.user_id.in_(people), Factor.confirmed_at.is_not(None)
            )
        )
    )
    user: Any = model.User
    query = sa.select(user.id, user.name, user.fullname, user.last_active)
    return {
        id: Account(name, fullname or name, seen, id in factors)
        for id, name, fullname, seen in model.Session.execute(
            query.where(user.id.in_(people))
        ).tuples()
    }
