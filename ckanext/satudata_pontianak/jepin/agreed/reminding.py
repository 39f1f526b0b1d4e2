"""Who owes agreed data is reminded before their day and after it, and Walidata at last.

Each is told who still reads the row as owed: of a dataset that they may not know of nobody learns
by a notice that comes, or that does not come. A notice says a day, not which data.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...classification.notices import notices
from ...smki.records.committing import apart
from ..records.agreed_model import AgreedData
from ..rules.agreed import OWED, Reminder, agreed
from . import showing

KINDS = {
    Reminder.NEAR: "agreed_due",
    Reminder.PAST: "agreed_late",
    Reminder.LONG_PAST: "agreed_overdue",
}


def remind(today: dt.date | None = None) -> int:
    """Tell who owes data whose day is near or past, once for each agency, day and stage; commit.

    :returns: how many people were told.
    """
    day, told = today or days.today(), 0
    first, last = agreed().reminded(day)
    query = sa.select(AgreedData).where(AgreedData.due.between(first, last))
    rows: defaultdict[tuple[str, dt.date], list[AgreedData]] = defaultdict(list)
    for row in model.Session.scalars(query):
        rows[row.agency_id, row.due].append(row)
    for (agency_id, due), owed in sorted(rows.items(), key=lambda item: item[0]):
        with apart(f"agreed data of {agency_id}"):
            told += _tell(agency_id, due, owed, day)
    model.Session.commit()
    return told


def _tell(agency_id: str, due: dt.date, rows: Sequence[AgreedData], day: dt.date) -> int:
    stage = agreed().reminder(due, day)
    if stage is None:
        return 0
    kind = KINDS[stage.kind]
    people = [
        user
        for user in notices.recipients(kind, agency_id)
        if any(told.standing in OWED for told in showing.told(rows, registry.actor_for(user)))
    ]
    return notices.tell(
        model.Session,
        kind,
        people,
        facts={"due": due.isoformat()},
        about=f"agreed:{agency_id}:{due}:{stage.days}",
    )
