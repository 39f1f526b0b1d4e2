"""Break-glass: a system administrator acts where otherwise only a duty may, loudly, for hours."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...agencies import emergency, gate, registry, words
from ...agencies.model import BreakGlassRow, now
from ...agencies.rules import break_glass
from ...agencies.rules.duties import Duty
from ...ledger import service as ledger
from ..notices import notices
from ..records import parameters, reads
from ..rules.definition import workflow
from .answers import EmergencyAccess, EmergencyEnded, EmergencyRecorded

STARTED, ENDED = "break_glass_begun", "break_glass_ended"
TOLD_WITHIN = dt.timedelta(days=7)
"""A clock that stood still for longer tells nobody of what is long over."""


def satudata_break_glass_start(
    context: types.Context, data_dict: dict[str, Any]
) -> EmergencyRecorded:
    """Break the glass: with a reason and an end, stand in for one duty in one dataset.

    System administrators only. It is recorded, and shown to them on every page while it runs.
    Who took one part in a case takes no second one, also like this.

    :param reason: why, at least 10 characters
    :param until: when it ends, at most 24 hours from now, as ``2026-11-24T16:00``; without a
        zone it is the time in Pontianak
    :param id: id or name of the dataset. Without it: on the whole site (for a token or a password
        of somebody else, and for purging agencies)
    :param duty: ``produsen_data``, ``walidata``, ``ppid`` or ``atasan_ppid`` (default: who holds
        the dataset's open case; where none is open, ``walidata``; without ``id`` none)
    """
    tk.check_access("satudata_break_glass_start", context, data_dict)
    actor = registry.actor_from_context(context)
    if actor.id is None or not (actor.active and actor.sysadmin):
        raise tk.NotAuthorized(
            tk._("Emergency access is for system administrators, with a reason and an end")
        )
    package = None
    if data_dict.get("id") not in (None, ""):
        package = model.Package.get(parameters.dataset_id(data_dict))
        if package is None:
            raise tk.ObjectNotFound(tk._("Dataset not found"))
    duty = data_dict.get("duty") or None
    if duty is None and package is not None:
        duty = _holder(package.id)
    gate.lock()
    until = break_glass.read_moment(data_dict.get("until"), days.CITY)
    wrong = break_glass.objections(
        data_dict.get("reason"),
        until,
        duty,
        package.id if package else None,
        now(),
        registry.break_glass_of(actor.id),
    )
    if wrong:
        raise words.refused(wrong)
    if package is not None:
        reads.lock_judging(package.id)
    row = BreakGlassRow(
        user_id=actor.id,
        duty=Duty(duty).value if duty else None,
        reason=data_dict["reason"].strip(),
        dataset_id=package.id if package else None,
        since=now(),
        until=until,
    )
    return _record(context, row, "break_glass.start")


def _holder(package_id: str) -> str:
    """Return who holds the open case; where there is none, Walidata, who reads and reopens."""
    case = reads.open_case(package_id)
    state = workflow().states.get(case.state) if case else None
    return state.holder if state and state.holder else Duty.WALIDATA.value


def satudata_break_glass_end(context: types.Context, data_dict: dict[str, Any]) -> EmergencyEnded:
    """End what was started before its time; it ends by itself otherwise.

    :param id: id of the break-glass, also of somebody else's; or of the dataset (default: all
        of the caller's that runs)
    """
    tk.check_access("satudata_break_glass_end", context, data_dict)
    actor = registry.actor_from_context(context)
    gate.lock()
    query = sa.select(BreakGlassRow).where(
        BreakGlassRow.ended_at.is_(None), BreakGlassRow.until > now()
    )
    own = BreakGlassRow.user_id == actor.id
    if data_dict.get("id") in (None, ""):
        query = query.where(own)
    else:
        asked = parameters.dataset_id(data_dict)
        package = model.Package.get(asked)
        here = BreakGlassRow.dataset_id == (package.id if package else asked)
        query = query.where(sa.or_(BreakGlassRow.id == asked, sa.and_(own, here)))
    rows = list(model.Session.scalars(query.order_by(BreakGlassRow.since)))
    if not rows:
        raise tk.ObjectNotFound(tk._("No emergency access is running"))
    for row in rows:
        row.ended_at, row.ended_by = now(), actor.id
    emergency.end(emergency.of(row.id for row in rows))
    return {"ended": [_record(context, row, "break_glass.end") for row in rows]}


def _record(context: types.Context, row: BreakGlassRow, event: str) -> EmergencyRecorded:
    """Write the row and its record in one transaction; return what the API gives."""
    actor = registry.actor_from_context(context)
    with gate.together():
        model.Session.add(row)
        model.Session.flush()
        receipt = ledger.append(
            model.Session,
            event=event,
            actor_id=actor.id,
            actor_name=actor.name,
            dataset_id=row.dataset_id,
            duty=row.duty,
            detail={
                "break_glass": row.id,
                "user": row.user_id,
                "reason": row.reason,
                "from": row.since,
                "until": row.until,
                "ended": row.ended_at,
            },
        )
        tell(row, STARTED if row.ended_at is None else ENDED, str(actor.id))
        model.Session.commit()
    return {**as_dict(row), "receipt": receipt.as_dict()}


def tell(row: BreakGlassRow, kind: str, actor_id: str = "") -> int:
    """Tell the holders of the duty that is lent, and the auditor; return how many were told.

    In the caller's transaction. Telling of the same end again tells nobody twice.
    """
    package = model.Package.get(row.dataset_id) if row.dataset_id else None
    people = notices.recipients(kind, package.owner_org if package else None, row.duty)
    return notices.tell(
        model.Session,
        kind,
        set(people) - {row.user_id, actor_id},
        dataset_id=package.id if package else None,
        facts={"due": row.until.isoformat()} if kind == STARTED else None,
        about=row.id,
    )


def tell_of_ends(moment: dt.datetime) -> int:
    """Tell of what ended by itself within the last days; the clock runs it, and commits."""
    query = sa.select(BreakGlassRow).where(
        BreakGlassRow.ended_at.is_(None),
        BreakGlassRow.until <= moment,
        BreakGlassRow.until > moment - TOLD_WITHIN,
    )
    return sum(tell(row, ENDED) for row in model.Session.scalars(query).all())


def as_dict(row: BreakGlassRow) -> EmergencyAccess:
    """Return what the API and the banner show."""
    user = model.User.get(row.user_id)
    return {
        "id": row.id,
        "user": user.name if user else row.user_id,
        "duty": row.duty,
        "dataset_id": row.dataset_id,
        "reason": row.reason,
        "from": _moment(row.since),
        "until": _moment(row.until),
        "ended": _moment(row.ended_at),
    }


def _moment(value: dt.datetime | None) -> str | None:
    return value.isoformat() if value else None


def get_actions() -> dict[str, Any]:
    """The actions of break-glass."""
    return {f.__name__: f for f in (satudata_break_glass_start, satudata_break_glass_end)}
