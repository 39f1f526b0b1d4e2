"""Apps that are past the day by which they leave a state of their life: their owner is told.

What is late follows from the step that was taken last, so that it ends with the next one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies.rules.duties import Actor
from ...classification.notices import notices
from ...classification.records.dataset_types import APP
from ..records import apps
from ..records.register_model import AppLife
from ..rules.lifecycle import lifecycle

TOLD = "jepin_late"


@dataclass(frozen=True)
class Overdue:
    """An app that is past its day: in which state, and since when."""

    package: model.Package
    state: str
    since: dt.date
    due: dt.date


def began(package: model.Package, row: AppLife | None) -> dt.date:
    """Return since when an app is in its state; one without a row since it was entered."""
    if row is not None:
        return row.since
    entered = package.metadata_created.replace(tzinfo=dt.UTC)  # core keeps it so
    return entered.astimezone(days.CITY).date()


def overdue(today: dt.date) -> list[Overdue]:
    """Return the apps that are past their day, the longest first."""
    query = sa.select(model.Package, AppLife).outerjoin(
        AppLife, AppLife.package_id == model.Package.id
    )
    rows = model.Session.execute(
        query.where(model.Package.type == APP, model.Package.state == "active")
    )
    return sorted(_late(rows.tuples(), today), key=lambda one: (one.due, one.package.id))


def _late(
    rows: Iterable[tuple[model.Package, AppLife | None]], today: dt.date
) -> Iterable[Overdue]:
    for package, row in rows:
        state, since = row.state if row else lifecycle().first, began(package, row)
        due = lifecycle().due(state, since)
        if due is not None and due < today:
            yield Overdue(package, state, since, due)


def seen(actor: Actor, today: dt.date) -> list[Overdue]:
    """Return those on which somebody works: for its owner, or as Walidata."""
    known = ((one, apps.known(one.package.id, actor)) for one in overdue(today))
    return [one for one, app in known if app is not None and app.parts]


def remind(today: dt.date | None = None) -> int:
    """Tell the owners of apps that are past a day, once for each such day; commit.

    :returns: how many people were told.
    """
    told = 0
    for one in overdue(today or days.today()):
        told += notices.tell(
            model.Session,
            TOLD,
            notices.recipients(TOLD, one.package.owner_org),
            dataset_id=one.package.id,
            facts={"due": one.due.isoformat()},
            about=f"{one.package.id}:{one.state}:{one.due}",
        )
    model.Session.commit()
    return told
