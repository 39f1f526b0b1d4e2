"""How apps stand, in the four words that everybody may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

import sqlalchemy as sa

from ckan import model

from ... import days
from .lifecycle import lives
from .pulse_model import PulseProgress, PulseStanding

Word = Literal["open", "disturbed", "maintenance", "closed"]


@dataclass(frozen=True)
class Standing:
    """How an app stands: nothing of why, which is for its owner and who keeps it safe.

    ``word``: ``None`` where nobody looked yet, or where it cannot be looked at from here.
    ``checked_at`` moves with every look, and ends no page that is kept.
    ``link``: whether its address may be shown as a link; never of a defaced or closed one.
    """

    word: Word | None = None
    since: dt.datetime | None = None
    checked_at: dt.datetime | None = None
    link: bool = True


UNKNOWN = Standing()


def standing(package_ids: Iterable[str]) -> dict[str, Standing]:
    """Return how each of these apps stands; who asks has asked the policy before.

    An app whose life has ended is closed, whatever its address answers, and no link any more.
    """
    ids = list(dict.fromkeys(package_ids))
    query = (
        sa.select(PulseStanding, PulseProgress.checked_at)
        .outerjoin(PulseProgress, PulseProgress.package_id == PulseStanding.package_id)
        .where(PulseStanding.package_id.in_(ids))
    )
    found = dict.fromkeys(ids, UNKNOWN)
    for row, checked_at in model.Session.execute(query).tuples() if ids else ():
        found[row.package_id] = Standing(
            cast("Word | None", row.word), row.since, checked_at, row.link
        )
    for id_, life in lives(ids).items():
        if life.ended:
            since = life.since and dt.datetime.combine(life.since, dt.time(), days.CITY)
            found[id_] = Standing("closed", since, found[id_].checked_at, link=False)
    return found
