"""When the clock ran last: kept in CKAN's own table of what tasks came to."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ckan import model

from ... import clock
from ..records.model import now

_NAMED = {"entity_id": "satudata", "task_type": "satudata.clock", "key": "ran"}


def ran(moment: dt.datetime | None = None) -> None:
    """Write down that the clock did all it had to do, and commit."""
    row = _row() or model.TaskStatus(entity_type="site", **_NAMED)
    row.value = (moment or now()).isoformat()
    row.last_updated = clock.now().replace(tzinfo=None)
    model.Session.add(row)
    model.Session.commit()


def last() -> dt.datetime | None:
    """Return when the clock ran through last, ``None`` where it never did."""
    row = _row()
    return dt.datetime.fromisoformat(row.value) if row is not None and row.value else None


def _row() -> model.TaskStatus | None:
    return model.Session.scalars(sa.select(model.TaskStatus).filter_by(**_NAMED)).one_or_none()
