"""How often somebody asks in a day, counted whatever becomes of it.

So what was refused or led to no mail counts as well: no number tells what a mailbox got before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from ckan import model

from ..records import reads
from ..records.model import now
from .asking_model import Asking

DAY = dt.timedelta(hours=24)


def too_often(whose: str | None, limits: Mapping[str, int]) -> bool:
    """Count that somebody asks, one after another, where they do not ask too often.

    :param whose: an account or the digest of an address; ``None``: nobody is counted.
    :param limits: what is asked for → how often in a day.
    :returns: whether they did; then nothing is counted. Otherwise the caller commits in any case.
    """
    if whose is None:
        return False
    for what in sorted(limits):
        reads.lock_named(f"asking {what} {whose}")
    query = sa.select(Asking.what, sa.func.count()).where(
        Asking.whose == whose, Asking.what.in_(limits), Asking.at > now() - DAY
    )
    asked = dict(model.Session.execute(query.group_by(Asking.what)).tuples().all())
    if any(asked.get(what, 0) >= most for what, most in limits.items()):
        return True
    model.Session.add_all(Asking(what=what, whose=whose) for what in limits)
    model.Session.flush()
    return False


def erase(at: dt.datetime) -> None:
    """Erase what was asked more than a day before a moment. The caller commits."""
    model.Session.execute(sa.delete(Asking).where(Asking.at < at - DAY))
