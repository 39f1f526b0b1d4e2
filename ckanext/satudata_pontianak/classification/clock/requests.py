"""What a day brings to requests and grants: silence, links that were not used, last days.

It only writes down and tells; the policy and the rules look at the day themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ... import days
from ..grants import grants
from ..grants.request_definition import request_rules
from ..notices import outbox
from ..records import reads
from ..records.model import now
from ..records.request_model import AccessGrant, AccessRequest
from ..requests import mails
from ..requests.steps import move_by_clock
from ..requests.store import find, road_now


@dataclass(frozen=True)
class Marked:
    """What the clock did with a request."""

    request: str
    what: str


def run(today: dt.date | None = None) -> list[Marked]:
    """Do what is due; running it again on the same day does nothing.

    Each request is a transaction of its own.
    """
    day, done = today or days.today(), []
    done += list(_lapsed())
    done += list(_moot())
    done += list(_silent(day))
    done += list(_ended(day))
    _forget()
    return done


def _ids(*conditions: object) -> list[str]:
    query = sa.select(AccessRequest.id).where(*conditions).order_by(AccessRequest.number)  # type: ignore[arg-type]
    return list(model.Session.scalars(query))


def _lapsed() -> Iterator[Marked]:
    hours = dt.timedelta(hours=request_rules().links.confirm_hours)
    for request_id in _ids(
        AccessRequest.state == "unconfirmed", AccessRequest.asked_at < now() - hours
    ):
        row = find(request_id, lock=True)
        if row is not None and row.state == "unconfirmed":
            move_by_clock(row, "lapse", "lapsed")
            row.email = None
            yield Marked(row.id, "lapsed")
        model.Session.commit()


def _moot() -> Iterator[Marked]:
    """End what has nothing left to be given: open to everyone by now, removed, or gone."""
    for request_id in _ids(AccessRequest.state.in_(request_rules().running_states)):
        row = find(request_id, lock=True)
        moot = row is not None and row.state in request_rules().running_states and _is_moot(row)
        if row is not None and moot:
            move_by_clock(row, "settle", "settled")
            mails.write(row, mails.SETTLED)
        model.Session.commit()
        if moot:
            yield Marked(request_id, "settled")
            outbox.ask_worker(request_id)


def _is_moot(row: AccessRequest) -> bool:
    return road_now(row, reads.decision_in_force(row.package_id)) is None


def _silent(day: dt.date) -> Iterator[Marked]:
    for request_id in _ids(
        AccessRequest.state.in_(request_rules().running_states),
        AccessRequest.due < day,
        AccessRequest.overdue_at.is_(None),
    ):
        row = find(request_id, lock=True)
        late = row is not None and row.overdue_at is None and row.due is not None and row.due < day
        if row is not None and late:
            row.overdue_at = now()
            move_by_clock(row, "overdue")
            mails.write(row, mails.SILENCE, mails.DESK)
        model.Session.commit()
        if late:
            yield Marked(request_id, "overdue")
            outbox.ask_worker(request_id)


def _ended(day: dt.date) -> Iterator[Marked]:
    ended = [grant.request_id for grant in grants.end_what_is_over(day)]
    model.Session.commit()
    for request_id in ended:
        outbox.ask_worker(request_id)
        yield Marked(request_id, "grant_ended")


def _forget() -> None:
    """Empty the addresses of people without an account when they are not needed any more."""
    gone = sa.update(AccessRequest).where(*needed_no_more(now()))
    model.Session.execute(gone.values(email=None))
    model.Session.commit()


def needed_no_more(moment: dt.datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return which requests still hold an address that has to be forgotten by a moment."""
    days = dt.timedelta(days=request_rules().forget_mailbox_after_days)
    running = sa.select(AccessGrant.request_id).where(AccessGrant.ended_at.is_(None))
    return (
        AccessRequest.state.in_(request_rules().end_states),
        AccessRequest.email.is_not(None),
        AccessRequest.entered_at < moment - days,
        AccessRequest.id.not_in(running),
    )
