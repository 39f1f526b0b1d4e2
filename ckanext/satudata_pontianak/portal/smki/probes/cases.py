"""Decisions and holds: does what is closed have a day, and does nothing wait for ever?"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ....classification.records.model import Decision, Hold
from ....classification.rules.axes import classification
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red

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


def _count(query: sa.Select[tuple[str]]) -> int:
    return model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


PROBES = {"holds_short": holds_short, "reviews_set": reviews_set}
