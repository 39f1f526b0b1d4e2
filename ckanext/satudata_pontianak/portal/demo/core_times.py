"""CKAN's own columns of time follow the clock of this process, in the demo's process alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from ckan import model
from ckanext.activity.model import Activity

from ... import clock

COLUMNS: Mapping[type[Any], tuple[str, ...]] = {
    model.Package: ("metadata_created", "metadata_modified"),
    model.Resource: ("created", "metadata_modified", "last_modified"),
    model.Group: ("created",),
    model.User: ("created",),
    Activity: ("timestamp",),
}
"""What core fills with the system's time when a row is made or changed."""
LOCAL = (model.Group, model.User)
"""Core writes these by the clock of the machine."""


@contextmanager
def following() -> Iterator[None]:
    """Let core's columns say what the clock of this process says, until the block ends."""
    event.listen(model.Session, "before_flush", _set)
    try:
        yield
    finally:
        event.remove(model.Session, "before_flush", _set)


def _set(session: Any, _context: Any, _instances: Any) -> None:
    for row in (*session.new, *session.dirty):
        for name in COLUMNS.get(type(row), ()):
            if row in session.new or sa.inspect(row).attrs[name].history.has_changes():
                setattr(row, name, _moment(row))


def _moment(row: Any) -> dt.datetime:
    zone = None if isinstance(row, LOCAL) else dt.UTC
    return clock.now().astimezone(zone).replace(tzinfo=None)
