"""Who had what while an incident lasted: by name for closed data, counted for open data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ...ledger.service import entry_table
from ..records.incident_model import DownloadCount, Incident
from ..records.model import Decision, DecisionVersion, Hold, Pointer, Version, now
from .answers import Downloads, Hour, Reading

MOST_HOURS = 2000
"""So many hours are told of at most; the totals count all."""


@dataclass(frozen=True)
class Window:
    """When a version could be had; ``until`` is ``None`` while it still can."""

    version_id: str
    filename: str
    since: dt.datetime
    until: dt.datetime | None


def windows(incident: Incident) -> list[Window]:
    """Return when each version of an incident could be had.

    From the first decision that gave it, until the hold of the incident, the end of its serving,
    or not yet.
    """
    query = (
        sa.select(
            Version.id,
            Version.filename,
            sa.func.min(Decision.decided_at).label("since"),
            sa.select(Pointer.resource_id)
            .where(Pointer.version_id == Version.id)
            .limit(1)
            .scalar_subquery()
            .label("served"),
        )
        .join(DecisionVersion, DecisionVersion.version_id == Version.id)
        .join(Decision, Decision.id == DecisionVersion.decision_id)
        .where(Version.id.in_(incident.versions), Version.package_id == incident.package_id)
        .group_by(Version.id, Version.filename)
        .order_by(sa.text("since"), Version.id)
    )
    hold = model.Session.get(Hold, incident.hold_id) if incident.hold_id else None
    held = hold.placed_at if hold else None
    found = []
    for row in model.Session.execute(query):
        until = held if row.served else (held or _replaced(incident.package_id, row.id, row.since))
        found.append(Window(row.id, row.filename, row.since, until))
    return found


def _replaced(package_id: str, version_id: str, since: dt.datetime) -> dt.datetime:
    """Return when a version that is served no more was had at the latest.

    It was replaced by then, or taken as an older version that went on being given.
    """
    query = sa.select(sa.func.max(Decision.decided_at)).where(
        Decision.package_id == package_id, Decision.decided_at > since
    )
    taken = sa.select(sa.func.max(DownloadCount.hour)).where(DownloadCount.version_id == version_id)
    ends = [model.Session.scalar(query) or now()]
    hour = model.Session.scalar(taken)
    return max([*ends, hour + dt.timedelta(hours=1)] if hour is not None else ends)


def reads(incident: Incident, span: list[Window]) -> list[Reading]:
    """Return who read closed data of the incident, from the ledger: person, how often, when."""
    version = entry_table.c.body["detail"]["version"].as_string()
    found: list[Reading] = []
    for window in span:
        query = (
            sa.select(
                entry_table.c.actor_id,
                sa.func.count().label("times"),
                sa.func.min(entry_table.c.at).label("first"),
                sa.func.max(entry_table.c.at).label("last"),
            )
            .where(
                entry_table.c.event == "data.read",
                entry_table.c.dataset_id == incident.package_id,
                version == window.version_id,
                entry_table.c.at >= window.since,
                entry_table.c.at <= (window.until or now()),
            )
            .group_by(entry_table.c.actor_id)
            .order_by(sa.text("first"))
        )
        for row in model.Session.execute(query):
            user = model.Session.get(model.User, row.actor_id) if row.actor_id else None
            found.append(
                {
                    "version": window.version_id,
                    "user": user.name if user else None,
                    "name": (user.fullname or user.name) if user else None,
                    "count": row.times,
                    "first": row.first.isoformat(),
                    "last": row.last.isoformat(),
                }
            )
    return found


def counts(span: list[Window]) -> Downloads:
    """Return how often open data of the incident were sent, by version and hour, and in all.

    ``clients`` are names of a day: one who came on two days counts on both.
    """
    total = 0
    rows: list[Hour] = []
    for window in span:
        hour = DownloadCount.hour
        query = (
            sa.select(
                hour,
                sa.func.sum(DownloadCount.count).label("times"),
                sa.func.count(DownloadCount.client.distinct()).label("clients"),
            )
            .where(
                DownloadCount.version_id == window.version_id,
                hour >= window.since.replace(minute=0, second=0, microsecond=0),
                hour <= (window.until or now()),
            )
            .group_by(hour)
            .order_by(hour)
        )
        for row in model.Session.execute(query):
            total += int(row.times)
            rows.append(
                {
                    "version": window.version_id,
                    "hour": row.hour.isoformat(),
                    "count": int(row.times),
                    "clients": row.clients,
                }
            )
    return {"count": total, "hours": rows[:MOST_HOURS], "more": max(0, len(rows) - MOST_HOURS)}
