"""Decisions and holds: does what is closed have a day, and does nothing wait for ever?"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ....classification import startup
from ....classification.clock import retention
from ....classification.holds import holds
from ....classification.incidents.definition import OPEN
from ....classification.records.incident_model import Incident
from ....classification.records.model import Case, Decision, Hold, Version
from ....classification.rules.axes import classification
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red
from .. import saying

LONG = N_("%(count)s holds are older than %(days)s days.")
NO_LONG = N_("No hold is older than %(days)s days.")
ENDLESS = N_("%(count)s closed datasets have neither a day of review nor an end.")
ALL_SET = N_("Each of %(count)s closed datasets has a day of review or an end.")


def holds_short(look: Look) -> Evidence:
    """Is no hold older than so many days?"""
    before = look.at - dt.timedelta(days=look["days"])
    count = _count(sa.select(Hold.id).where(Hold.released_at.is_(None), Hold.placed_at < before))
    if count:
        return red(LONG, count=count, days=look["days"])
    return green(NO_LONG, days=look["days"])


def reviews_set(look: Look) -> Evidence:
    """Has each dataset that is closed a day of review, or an end?"""
    levels = [name for name, level in classification().levels.items() if not level.open]
    closed = (
        sa.select(Decision.id)
        .join(model.Package, model.Package.id == Decision.package_id)
        .where(
            Decision.in_force,
            Decision.tingkat_keamanan.in_(levels),
            model.Package.state != "deleted",
        )
    )
    endless = closed.where(Decision.akhir.is_(None), Decision.tanggal_reviu.is_(None))
    if count := _count(endless):
        return red(ENDLESS, count=count)
    return green(ALL_SET, count=_count(closed))


def reviews_in_time(look: Look) -> Evidence:
    """Is no closed dataset past its day of review, or past its end?"""
    today = saying.city_day(look.at)
    query = (
        sa.select(Decision.akhir, Decision.tanggal_reviu)
        .join(model.Package, model.Package.id == Decision.package_id)
        .where(Decision.in_force, model.Package.state != "deleted")
    )
    rows = model.Session.execute(query).tuples().all()
    due = [min(set(found)) for row in rows if (found := [day for day in row if day is not None])]
    return saying.late([day for day in due if day < today], len(due), today, look["days"])


def cases_in_time(look: Look) -> Evidence:
    """Is no case late for more than so many days?"""
    today = saying.city_day(look.at)
    query = (
        sa.select(Case.due)
        .join(model.Package, model.Package.id == Case.package_id)
        .where(Case.ended_at.is_(None), model.Package.state != "deleted")
    )
    due = list(model.Session.scalars(query))
    late = [day for day in due if day is not None and day < today]
    return saying.late(late, len(due), today, look["days"])


def cases_there(look: Look) -> Evidence:
    """Has each dataset that is closed a case, so that somebody looks at it?"""
    count = sa.select(sa.func.count()).where(model.Package.state != "deleted")
    return saying.missing(startup.undecided_without_case(), model.Session.scalar(count) or 0)


def holds_confirmed(look: Look) -> Evidence:
    """Was each hold confirmed by somebody else in time?"""
    today, found = saying.city_day(look.at), holds.unconfirmed()
    return saying.late(
        [day for h in found if (day := holds.rises_on(h)) < today], len(found), today
    )


def incidents_in_time(look: Look) -> Evidence:
    """Is each incident concluded within the hours of the law?"""
    query = sa.select(Incident.due_at).where(Incident.state == OPEN)
    due = list(model.Session.scalars(query))
    late = [saying.city_day(at) for at in due if at < look.at]
    return saying.late(late, len(due), saying.city_day(look.at), -1)


def undecided_purged(look: Look) -> Evidence:
    """Were the bytes removed that nobody decided on, when their days were over?"""
    kept = sa.select(Version.id).where(Version.state.in_(("withdrawn", "superseded")))
    return saying.found(len(retention.undecided(look.at)), _count(kept))


def _count(query: sa.Select[tuple[str]]) -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


PROBES = {
    "holds_short": holds_short,
    "holds_confirmed": holds_confirmed,
    "reviews_set": reviews_set,
    "reviews_in_time": reviews_in_time,
    "cases_in_time": cases_in_time,
    "cases_there": cases_there,
    "incidents_in_time": incidents_in_time,
    "undecided_purged": undecided_purged,
}
