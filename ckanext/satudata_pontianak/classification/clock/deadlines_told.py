"""Tell people of deadlines: before them once, after them on every working day.

The clock runs it. What is told today was told when it runs again: it may run every hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from ckan import model

from ... import days
from ..grants import emergency
from ..grants.request_definition import ANSWERERS, request_rules
from ..holds import holds
from ..incidents import incidents
from ..incidents.definition import OPEN
from ..notices import notices
from ..notices.definition import notice_rules
from ..records.incident_model import Incident
from ..records.model import Case, Decision, now
from ..records.notice_model import WAITING, Notice
from ..records.request_model import AccessRequest
from ..rules.definition import workflow
from . import due_rules
from .due_rules import Stage


def run(day: dt.date | None = None, moment: dt.datetime | None = None) -> int:
    """Write the notices of a day; return how many are new. Commits what it wrote, part by part.

    :param day: today in the city, for cases, requests and decisions.
    :param moment: now, for incidents, whose clock runs in hours.
    """
    today, instant = day or days.today(), moment or now()
    people = lru_cache(maxsize=None)(_people)
    written = 0
    for part in (_cases, _requests, _decisions):
        for told in part(today, people):
            written += told
        model.Session.commit()
    written += sum(_incidents(instant))
    written += _holds(today)
    written += emergency.tell_of_ends(instant)
    model.Session.commit()
    _forget(instant)
    return written


def _people(kind: str, owner_org: str | None, holders: tuple[str, ...]) -> tuple[str, ...]:
    rules = notice_rules()
    names = {name for holder in holders or (None,) for name in rules.people_of(kind, holder)}
    return tuple(notices.people(names, owner_org))


def _cases(today: dt.date, people: Any) -> Iterator[int]:
    query = (
        sa.select(Case.id, Case.package_id, Case.state, Case.due, model.Package.owner_org)
        .join(model.Package, model.Package.id == Case.package_id)
        .where(
            Case.ended_at.is_(None),
            Case.due.is_not(None),
            model.Package.state != "deleted",
        )
        .order_by(Case.due, Case.id)
    )
    warn, states = notice_rules().warn_days, workflow().states
    for row in model.Session.execute(query).all():
        told = due_rules.telling(row.due, today, warn)
        holder = states[row.state].holder
        if told is None or holder is None:
            continue
        kind = "case_late" if told.stage is Stage.LATE else "case_due"
        yield notices.tell(
            model.Session,
            kind,
            people(kind, row.owner_org, (holder,)),
            dataset_id=row.package_id,
            case_id=row.id,
            facts={"due": row.due.isoformat()},
            about=f"{row.id}:{told.about}",
        )


def _requests(today: dt.date, people: Any) -> Iterator[int]:
    query = (
        sa.select(AccessRequest, model.Package.owner_org)
        .join(model.Package, model.Package.id == AccessRequest.package_id)
        .where(
            AccessRequest.state.in_(request_rules().running_states),
            AccessRequest.due.is_not(None),
        )
        .order_by(AccessRequest.due, AccessRequest.number)
    )
    warn = notice_rules().warn_days
    for row, owner in model.Session.execute(query).tuples().all():
        told = due_rules.telling(row.due, today, warn)
        holders = _holders(row)
        if told is None or row.due is None or not holders:
            continue
        kind = "request_late" if told.stage is Stage.LATE else "request_due"
        yield notices.tell(
            model.Session,
            kind,
            # Whoever asked is told of the answer, and never answers their own request.
            set(people(kind, owner, holders)) - {row.user_id},
            dataset_id=row.package_id,
            request_id=row.id,
            facts={"number": row.number, "due": row.due.isoformat()},
            about=f"{row.id}:{row.state}:{told.about}",
        )


def _holders(row: AccessRequest) -> tuple[str, ...]:
    rules = request_rules()
    holder = rules.states[row.state].holder
    if holder == ANSWERERS:
        return rules.roads[row.road].answered_by
    return (holder,) if holder and holder != "requester" else ()


def _decisions(today: dt.date, people: Any) -> Iterator[int]:
    query = (
        sa.select(Decision, model.Package.owner_org)
        .join(model.Package, model.Package.id == Decision.package_id)
        .where(
            Decision.in_force,
            sa.or_(Decision.akhir.is_not(None), Decision.tanggal_reviu.is_not(None)),
            model.Package.state != "deleted",
        )
        .order_by(Decision.id)
    )
    rules = notice_rules().decisions
    warn, repeat = rules.warn_before_working_days, rules.repeat_after_working_days
    for row, owner in model.Session.execute(query).tuples().all():
        due = min(_days(row.akhir, row.tanggal_reviu))
        told = due_rules.telling(due, today, warn, repeat)
        if told is None:
            continue
        kind = "decision_over" if told.stage is Stage.LATE else "decision_ends"
        yield notices.tell(
            model.Session,
            kind,
            people(kind, owner, ()),
            dataset_id=row.package_id,
            facts={"due": due.isoformat()},
            about=f"{row.id}:{told.about}",
        )


def _days(*days: dt.date | None) -> Iterable[dt.date]:
    return [day for day in days if day is not None]


def _incidents(moment: dt.datetime) -> Iterator[int]:
    hours = notice_rules().incidents.warn_before_hours
    query = sa.select(Incident).where(Incident.state == OPEN).order_by(Incident.number)
    for row in model.Session.scalars(query).all():
        told = due_rules.incident_telling(row.due_at, moment, hours)
        if told is not None:
            kind = "incident_late" if told.stage is Stage.LATE else "incident_due"
            yield incidents.tell(model.Session, row, kind, f":{told.about}")


def _holds(today: dt.date) -> int:
    """Tell once that a hold has risen, which nobody confirmed."""
    return sum(
        notices.tell(
            model.Session,
            "hold_unconfirmed",
            set(notices.recipients("hold_unconfirmed", None)) - {str(hold.placed_by)},
            dataset_id=hold.package_id,
            about=hold.id,
        )
        for hold in holds.unconfirmed()
        if holds.rises_on(hold) <= today
    )


def _forget(moment: dt.datetime) -> None:
    """Delete notices that were told long ago and whose mail is not waiting."""
    model.Session.execute(
        sa.delete(Notice).where(
            Notice.at < moment - dt.timedelta(days=notice_rules().kept_days),
            Notice.mail != WAITING,
        )
    )
    model.Session.commit()
