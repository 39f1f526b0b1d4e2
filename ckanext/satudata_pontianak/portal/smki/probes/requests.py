"""Requests for access: answered in time, ended in time, and mailboxes forgotten in time."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ....classification.clock.requests import needed_no_more
from ....classification.grants.request_definition import request_rules
from ....classification.records.request_model import AccessGrant, AccessRequest
from ....smki.rules.evidence import Evidence, Look
from .. import saying


def requests_in_time(look: Look) -> Evidence:
    """Is each request answered within the deadline of the law?"""
    today = saying.city_day(look.at)
    query = sa.select(AccessRequest.due).where(
        AccessRequest.state.in_(request_rules().running_states), AccessRequest.due.is_not(None)
    )
    due = [day for day in model.Session.scalars(query) if day is not None]
    return saying.late([day for day in due if day < today], len(due), today)


def grants_ended(look: Look) -> Evidence:
    """Has each grant ended whose last day is over?"""
    today = saying.city_day(look.at)
    query = sa.select(AccessGrant.last_day).where(AccessGrant.ended_at.is_(None))
    last = list(model.Session.scalars(query))
    return saying.late([day for day in last if day < today], len(last), today)


def mailboxes_forgotten(look: Look) -> Evidence:
    """Was each mailbox of somebody without an account forgotten when it was needed no more?"""
    kept = sa.select(sa.func.count()).where(AccessRequest.email.is_not(None))
    overdue = sa.select(sa.func.count()).where(*needed_no_more(look.at))
    return saying.found(model.Session.scalar(overdue) or 0, model.Session.scalar(kept) or 0)


PROBES = {
    "requests_in_time": requests_in_time,
    "grants_ended": grants_ended,
    "mailboxes_forgotten": mailboxes_forgotten,
}
