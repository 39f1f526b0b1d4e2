"""What happens because a day has come: reviews before a decision ends, holds that wait long.

The clock opens cases; it decides nothing, and past its end no decision opens by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import Actor
from ..cases import record, step_service
from ..cases.effects import decision_axes
from ..notices import step_notices
from ..records import reads
from ..records.model import Decision, Hold
from ..rules import deadlines
from ..rules.axes import Axes, classification
from ..rules.definition import workflow

SYSTEM = Actor(None, None)


@dataclass(frozen=True)
class Opened:
    """A case that the clock opened, or that took its reason over."""

    dataset_id: str
    reason: str
    case_id: str
    took_over: bool


def run(today: dt.date | None = None) -> list[Opened]:
    """Do what is due today; running it again on the same day does nothing.

    Each dataset is a transaction of its own.
    """
    day = today or days.today()
    opened = []
    for dataset_id, reason in [*_ending(day), *_held(day)]:
        done = open_or_tell(dataset_id, reason, workflow().clock_state)
        model.Session.commit()
        if done is not None:
            opened.append(done)
            step_service.reindex(dataset_id)
    return opened


def _ending(day: dt.date) -> Iterator[tuple[str, str]]:
    """Give datasets whose decision ends within the days that the file sets."""
    limit = deadlines.add_working_days(day, workflow().review_before_working_days)
    query = sa.select(Decision.package_id).where(
        Decision.in_force, Decision.akhir.is_not(None), Decision.akhir <= limit
    )
    due = sa.select(Decision.package_id).where(
        Decision.in_force, Decision.tanggal_reviu.is_not(None), Decision.tanggal_reviu <= day
    )
    for dataset_id in model.Session.scalars(query.union(due)).all():
        yield dataset_id, "period_ends"


def _held(day: dt.date) -> Iterator[tuple[str, str]]:
    """Give datasets with a hold that nobody lifted in the days that the file sets."""
    days = classification().holds.escalate_after_working_days
    holds = model.Session.scalars(sa.select(Hold).where(Hold.released_at.is_(None))).all()
    for hold in holds:
        placed = hold.placed_at.astimezone(deadlines.CITY).date()
        if deadlines.add_working_days(placed, days) <= day:
            yield hold.package_id, "held_long"


def open_or_tell(dataset_id: str, reason: str, state: str) -> Opened | None:
    """Open a case in ``state``; a case that is open already takes the reason over.

    In the caller's transaction. ``None`` where nothing is decided, or it was told already.
    """
    package = model.Package.get(dataset_id)
    if package is None or package.state == "deleted":
        return None
    case = reads.open_case(dataset_id, lock=True)
    if case is not None:
        if reason in case.reason.split(" "):
            return None
        case.reason = f"{case.reason} {reason}".strip()
        record.record_clock(case, reason)
        step_notices.tell(package, case, SYSTEM, step_notices.OPENED)
        return Opened(dataset_id, reason, case.id, took_over=True)
    decision = reads.decision_in_force(dataset_id)
    if decision is None:
        return None
    case = record.open_new(
        dataset_id,
        SYSTEM,
        proposal=Axes.of(decision_axes(decision)),
        reason=reason,
        state=state,
    )
    step_notices.tell(package, case, SYSTEM, step_notices.OPENED)
    return Opened(dataset_id, reason, case.id, took_over=False)
