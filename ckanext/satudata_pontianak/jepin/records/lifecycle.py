"""Where apps stand in their life."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ...smki.cooperation import letter
from ..rules.lifecycle import lifecycle
from .register_model import AppLife


@dataclass(frozen=True)
class Life:
    """Where an app stands, for whoever may know of it.

    ``reason`` and ``successor`` (an id, of which the reader may know or not) are there only where
    the app has ended: of every other state they are for who works on it.
    """

    state: str
    since: dt.date | None = None
    successor: str | None = None
    reason: str = ""

    @property
    def ended(self) -> bool:
        """Tell whether the app cannot be used any more."""
        return lifecycle().states[self.state].ended


def lives(package_ids: Iterable[str]) -> dict[str, Life]:
    """Return where each of these apps stands; who asks has asked the policy before."""
    ids = list(dict.fromkeys(package_ids))
    found = dict.fromkeys(ids, Life(lifecycle().first))
    query = sa.select(AppLife).where(AppLife.package_id.in_(ids))
    for row in model.Session.scalars(query) if ids else ():
        ended = lifecycle().states[row.state].ended
        found[row.package_id] = Life(
            row.state,
            row.since,
            row.successor_id if ended else None,
            row.reason if ended else "",
        )
    return found


def ended(package_ids: Iterable[str]) -> set[str]:
    """Return those of these apps that cannot be used any more."""
    return {id_ for id_, life in lives(package_ids).items() if life.ended}


letter.leave_out("apps", ended)


def row_of(package_id: str) -> AppLife | None:
    """Return the row of an app, ``None`` while it is being entered."""
    return model.Session.get(AppLife, package_id)
