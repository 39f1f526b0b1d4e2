"""Look at every control, write down what changed, and put what is red on its owner's desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckan import model

from .. import days
from ..classification.rules import deadlines
from ..ledger.service import append
from ..messages import Message
from . import tasks
from .records import roles
from .records.model import SmkiControl, SmkiControlChange, now
from .rules import evidence, planning
from .rules.definition import Control, smki
from .rules.evidence import Evidence, Look, Probe, Status
from .rules.planning import Planned


@dataclass(frozen=True)
class Change:
    """A control that stands otherwise than before."""

    name: str
    before: str | None
    status: Status


LOCK = 6171_0026
"""The number of our advisory lock: the region's code and the migration of its tables."""


@contextmanager
def alone() -> Iterator[bool]:
    """Look at controls alone: give whether nobody else looks, and keep others out until the end."""
    engine: Any = model.meta.engine
    with engine.connect() as other:
        # Of its own: what the looks commit and roll back does not end it.
        connection = other.execution_options(isolation_level="AUTOCOMMIT")
        free = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LOCK))))
        try:
            yield free
        finally:
            if free:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))


def run(
    probes: Mapping[str, Probe],
    names: Collection[str] | None = None,
    moment: dt.datetime | None = None,
) -> list[Change]:
    """Look at controls and return those that stand otherwise; each is a transaction of its own.

    :param probes: what looks, by the name that ``controls.yaml`` gives it.
    :param names: only these controls; ``None``: all.
    """
    at, found = moment or now(), []
    for control in smki().controls.controls.values():
        if control.excluded or (names is not None and control.name not in names):
            continue
        seen = look(control, probes, at)
        # What the look read, or left broken, is no part of what is written about it.
        model.Session.rollback()
        changed = _keep(control, seen, at)
        model.Session.commit()
        found += [changed] if changed is not None else []
    _end_of_before()
    return found


def _end_of_before() -> None:
    """End the open tasks of controls that are gone, or apply no more; commit."""
    known = smki().controls.controls
    for kind in {row.kind for row in tasks.open_tasks() if row.kind.startswith(tasks.CONTROL)}:
        control = known.get(kind.removeprefix(tasks.CONTROL))
        if control is None or control.excluded:
            tasks.mend(kind)
    model.Session.commit()


def look(control: Control, probes: Mapping[str, Probe], at: dt.datetime) -> Evidence:
    """Return how a control stands. A probe that is missing or raises shows nothing: red."""
    if control.task:
        today = at.astimezone(days.CITY).date()
        return evidence.looked(
            lambda _: evidence.of_task(control, tasks.last_done(control.task), today), Look(at)
        )

    def probe(given: Look) -> Evidence:
        return probes[control.probe](given)

    return evidence.looked(probe, Look(at, control.limits))


def _keep(control: Control, seen: Evidence, at: dt.datetime) -> Change | None:
    """Write down how a control stands; tell its owner where it turned red, in one transaction."""
    row = model.Session.get(SmkiControl, control.name)
    before = row.status if row is not None else None
    said = stored(seen.said)
    if row is None:
        row = SmkiControl(name=control.name, status=seen.status, since=at, looked_at=at, said=said)
        model.Session.add(row)
    row.looked_at, row.said = at, said
    if before == seen.status:
        if seen.status is Status.RED and tasks.open_of(_kind(control)) is None:
            # Somebody recorded the task as done, and it did not help: it is asked for again.
            _desk(control, seen, at)
        return None
    row.status, row.since = seen.status, at
    told = _desk(control, seen, at)
    model.Session.add(
        SmkiControlChange(
            name=control.name, at=at, status=seen.status, before=before, said=said, told=told
        )
    )
    append(
        model.Session,
        event="smki.control",
        actor_id=None,
        detail={"control": control.name, "before": before, "status": str(seen.status)},
    )
    return Change(control.name, before, seen.status)


def _kind(control: Control) -> str:
    """Return the kind of the task that a red control asks for."""
    return control.task or f"{tasks.CONTROL}{control.name}"


def _desk(control: Control, seen: Evidence, at: dt.datetime) -> list[str]:
    """Open a task where a control is red, end it where it is not; return who was told.

    What a task of the calendar proves is asked for by that task: nobody gets two for one thing.
    """
    kind = _kind(control)
    if seen.status is not Status.RED:
        tasks.mend(f"{tasks.CONTROL}{control.name}")
        return []
    known, holders = smki(), roles.holders()
    people = planning.carriers(known, control.role, holders)
    there = tasks.open_of(kind)
    if there is not None:
        tasks.tell(there, "smki_control_red", people, at.isoformat())
        return people
    today = at.astimezone(days.CITY).date()
    due = deadlines.add_working_days(today, known.controls.due_working_days)
    role = known.tasks.tasks[control.task].role if control.task else control.role
    tasks.open_task(Planned(kind, at.isoformat(), role, today, due), holders, owners=people)
    return people


def stored(said: Message) -> dict[str, Any]:
    """Return a message as it is kept: a msgid, and numbers, days and msgids for its holes."""
    return {"msgid": said.msgid, "params": {k: _stored(v) for k, v in said.params.items()}}


def _stored(value: Any) -> Any:
    if isinstance(value, Message):
        return stored(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_stored(item) for item in value]
    return value if isinstance(value, int) else str(value)


def message(kept: Mapping[str, Any]) -> Message:
    """Return what was kept by :func:`stored`, ready for the reader's language."""
    return Message(str(kept["msgid"]), {k: _param(v) for k, v in kept["params"].items()})


def _param(value: Any) -> Any:
    if isinstance(value, dict):
        return message(value)
    if isinstance(value, list):
        return [_param(item) for item in value]
    if isinstance(value, str):
        try:
            return (
                dt.date.fromisoformat(value)
                if len(value) == 10
                else (dt.datetime.fromisoformat(value) if "T" in value else value)
            )
        except ValueError:
            return value
    return value


def standing() -> dict[str, SmkiControl]:
    """Return how each control stands that was looked at, by name."""
    return {row.name: row for row in model.Session.scalars(sa.select(SmkiControl))}


def history(name: str, limit: int = 50) -> list[SmkiControlChange]:
    """Return how a control stood before, newest first."""
    query = (
        sa.select(SmkiControlChange)
        .where(SmkiControlChange.name == name)
        .order_by(SmkiControlChange.id.desc())
        .limit(limit)
    )
    return list(model.Session.scalars(query))
