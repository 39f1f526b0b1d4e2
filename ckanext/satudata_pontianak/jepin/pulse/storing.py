"""Keeps one look at an app: the check, the day's count, its fault, and the word for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ckan import model

from ... import days
from ..records.pulse_model import (
    CLOSED,
    OPEN,
    SUSPECTED,
    PulseAddress,
    PulseCheck,
    PulseDay,
    PulseFault,
    PulseProgress,
    PulseStanding,
    PulseTarget,
)
from ..rules import alarm
from ..rules.alarm import Fault, State
from ..rules.pulse import pulse, words
from ..rules.uptime import Day, counted
from ..rules.verdict import Evidence, Verdict, judge
from .looking import App

OF_CONTENT = ("marker", "newest", "newest_by", "robot_words")
"""What is looked at more seldom than at every check, and stands until it is looked at again."""


def keep(
    target: PulseTarget, app: App, evidence: Evidence, at: dt.datetime
) -> tuple[PulseFault | None, Verdict, Evidence]:
    """Keep what was found of an app; the caller tells of it, and commits.

    :returns: its fault, what the evidence means, and the whole of it.
    """
    progress = model.Session.get(PulseProgress, target.package_id, with_for_update=True)
    evidence = _whole(target, app, evidence, progress)
    verdict = _verdict(target, evidence, at)
    _progress(target.package_id, app, evidence, at)
    model.Session.add(
        PulseCheck(
            package_id=target.package_id,
            at=at,
            outcome=verdict.outcome,
            codes=list(verdict.codes),
            ms=evidence.ms,
            evidence=msgspec.to_builtins(evidence),
        )
    )
    _count(target.package_id, verdict, evidence.ms, at)
    row = _fault(target.package_id, verdict, at)
    _stand(target.package_id, row, verdict, at)
    model.Session.flush()
    return row, verdict, evidence


def _verdict(target: PulseTarget, evidence: Evidence, at: dt.datetime) -> Verdict:
    begin, end = target.maintenance_from, target.maintenance_until
    announced = begin is not None and end is not None and begin <= at < end
    today = at.astimezone(days.CITY).date()
    return judge(evidence, pulse(), words(), today, target.store_day, maintenance=announced)


def _whole(
    target: PulseTarget, app: App, evidence: Evidence, progress: PulseProgress | None
) -> Evidence:
    """Return evidence with what was found of the content when it was looked at last.

    What a robot was shown stands until a robot is answered again, or may ask no more.
    """
    if progress is None or evidence.end != "answered":
        return evidence
    before = msgspec.convert(progress.found, Evidence) if progress.found else evidence
    stands = {}
    if not app.content:
        stands |= {name: getattr(before, name) for name in OF_CONTENT[:3]}
    if not target.robot:
        stands["robot_words"] = None
    elif evidence.robot_words is None:
        stands["robot_words"] = before.robot_words
    return msgspec.structs.replace(evidence, **stands)


def _progress(package_id: str, app: App, evidence: Evidence, at: dt.datetime) -> None:
    values: dict[str, Any] = {"checked_at": at}
    if evidence.end == "answered":
        found = Evidence("answered", **{name: getattr(evidence, name) for name in OF_CONTENT})
        values["found"] = msgspec.to_builtins(found)
        values |= {"content_at": at} if app.content else {}
        # Whatever a robot was answered: it asks once a day.
        values |= {"robot_at": at} if app.robot else {}
    statement = postgresql.insert(PulseProgress).values(
        {"package_id": package_id, "found": {}, **values}
    )
    model.Session.execute(
        statement.on_conflict_do_update(index_elements=["package_id"], set_=values)
    )


def _count(package_id: str, verdict: Verdict, ms: int | None, at: dt.datetime) -> None:
    day = at.astimezone(days.CITY).date()
    one = counted(Day(day), verdict.outcome, ms)
    if one == Day(day):
        return
    values = {
        "answered": one.answered,
        "failed": one.failed,
        "ms_sum": one.ms_sum,
        "ms_count": one.ms_count,
        "ms_most": one.ms_most,
    }
    statement = postgresql.insert(PulseDay).values({"package_id": package_id, "day": day, **values})
    summed = {n: getattr(PulseDay, n) + v for n, v in values.items() if n != "ms_most"}
    most = sa.func.greatest(PulseDay.ms_most, one.ms_most)
    model.Session.execute(
        statement.on_conflict_do_update(
            index_elements=["package_id", "day"], set_={**summed, "ms_most": most}
        )
    )


def fault_of(package_id: str, *states: str) -> PulseFault | None:
    """Return the newest fault of an app in one of some states."""
    query = sa.select(PulseFault).where(
        PulseFault.package_id == package_id, PulseFault.state.in_(states)
    )
    live = PulseFault.state == CLOSED
    return model.Session.scalars(query.order_by(live, PulseFault.last_at.desc()).limit(1)).first()


def began(package_ids: Collection[str]) -> dict[str, dt.datetime]:
    """Return since when apps are asked under another address than before; of others nothing.

    What was found before then was found of the address before.
    """
    row = PulseAddress
    query = (
        sa.select(row.package_id, sa.func.max(row.since))
        .where(row.package_id.in_(package_ids), row.taken_out.is_(False))
        .group_by(row.package_id)
        .having(sa.func.count() > 1)
    )
    return dict(model.Session.execute(query).tuples().all())


def _as_fault(row: PulseFault | None) -> Fault | None:
    if row is None:
        return None
    return Fault(
        cast("State", row.state),
        tuple(row.codes),
        row.first_at,
        row.last_at,
        row.alarm_at,
        row.ok_since,
        row.closed_at,
        row.flaps,
    )


def _fault(package_id: str, verdict: Verdict, at: dt.datetime) -> PulseFault | None:
    row, since = fault_of(package_id, SUSPECTED, OPEN, CLOSED), began([package_id])
    if row is not None and row.state == CLOSED and package_id in since:
        # An alarm of the address before does not go on.
        row = row if row.first_at >= since[package_id] else None
    before = _as_fault(row)
    after = alarm.step(before, verdict, at, pulse())
    if after is None or after == before:
        return row
    if row is None or after.first_at != row.first_at:
        if row is not None and row.state == SUSPECTED:
            model.Session.delete(row)
            model.Session.flush()
        row = PulseFault(package_id=package_id)
        model.Session.add(row)
    elif after.state == "forgotten":
        model.Session.delete(row)
        return None
    elif row.state == CLOSED and row.due is not None and row.due < at.astimezone(days.CITY).date():
        # It failed again after the owner's days: they are told first.
        row.told_at = row.due = None
    for name in ("first_at", "last_at", "alarm_at", "ok_since", "closed_at", "flaps", "state"):
        setattr(row, name, getattr(after, name))
    row.codes = list(after.codes)
    return row


def _stand(package_id: str, row: PulseFault | None, verdict: Verdict, at: dt.datetime) -> None:
    """Write the word for everybody where it is another: kept pages end only then."""
    stands = model.Session.get(PulseStanding, package_id)
    fault = _as_fault(row)
    before = stands.word if stands is not None else None
    word, link = alarm.word(fault, verdict, at, pulse(), before)
    if stands is None:
        model.Session.add(PulseStanding(package_id=package_id, word=word, since=at, link=link))
    elif (stands.word, stands.link) != (word, link):
        since = stands.since if stands.word == word else at
        stands.word, stands.link, stands.since = word, link, since


def tidy(at: dt.datetime) -> None:
    """Delete checks and totals that were kept for long enough; the caller commits."""
    kept = pulse().kept
    oldest = at - dt.timedelta(days=kept.checks_days)
    model.Session.execute(sa.delete(PulseCheck).where(PulseCheck.at < oldest))
    first = at.astimezone(days.CITY).date() - dt.timedelta(days=kept.totals_days)
    model.Session.execute(sa.delete(PulseDay).where(PulseDay.day < first))
