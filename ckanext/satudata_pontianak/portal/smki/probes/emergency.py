"""Emergency access: it ends, and what was got by it ends with it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ....agencies import emergency
from ....agencies.model import BreakGlassRow
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red, yellow

GOES_ON = N_("%(count)s rights go on although the emergency access has ended that gave them.")
TOO_LONG = N_("%(count)s emergency accesses were for longer than %(hours)s hours.")
RUNS = N_("%(count)s emergency accesses run now.")
ENDED = N_("%(count)s emergency accesses in the last %(days)s days, and each has ended.")


def emergency_ended(look: Look) -> Evidence:
    """Has each emergency access of the last days an end, and nothing goes on after it?"""
    over = emergency.over()
    if over:
        return red(GOES_ON, count=len(over))
    glass, since = BreakGlassRow, look.at - dt.timedelta(days=look["days"])
    rows = list(model.Session.scalars(sa.select(glass).where(glass.since >= since)))
    longest = dt.timedelta(hours=look["hours"])
    long = sum(row.until - row.since > longest for row in rows)
    if long:
        return red(TOO_LONG, count=long, hours=look["hours"])
    running = sum(row.ended_at is None and row.until > look.at for row in rows)
    if running:
        return yellow(RUNS, count=running)
    return green(ENDED, count=len(rows), days=look["days"])


PROBES = {"emergency_ended": emergency_ended}
