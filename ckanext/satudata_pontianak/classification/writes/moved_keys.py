"""What is stored under keys that nobody declared: moved to where only operators read.

What is moved is told by names.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ckan import model
from ckan.model.types import JsonDictType

from ... import config
from ...agencies import keys as groups
from ...surface import keys as surface
from ..records import job_queue, stale_index
from ..records.file_types import formats, type_of
from ..records.moved_key_model import table
from . import keys

log = logging.getLogger(__name__)

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""What a licence is called, in whichever list."""
# Columns of core's that a caller could fill and no reader needs.
EMPTIED = ("resource_type", "mimetype_inner", "cache_url")

activity = sa.table(
    "activity", sa.column("id"), sa.column("object_id"), sa.column("data", JsonDictType())
)


@dataclass
class Moved:
    """What was moved out of one dataset and its files: names of keys, and how many values."""

    dataset_id: str
    names: set[str] = field(default_factory=set)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def take(self, key: str, value: Any, resource_id: str | None = None) -> None:
        """Keep a value for the operator."""
        self.names.add(surface.shortened(key))
        self.rows.append(
            {
                "package_id": self.dataset_id,
                "resource_id": resource_id,
                "key": key,
                "value": value,
            }
        )


def move(connection: Connection) -> list[Moved]:
    """Move what is not declared out of every governed dataset; the caller commits.

    Formats are called what the list calls them. Returns what was moved, by dataset; also
    datasets whose formats alone were changed, so that they are indexed again.
    """
    package = model.package_table
    columns = (package.c.id, package.c.type, package.c.extras, package.c.license_id)
    query = sa.select(*columns).where(package.c.type.in_(config.governed_types()))
    changed = []
    for row in connection.execute(query).all():
        moved = Moved(row.id)
        fields = keys.schemas(row.type)
        touched = _dataset(connection, row, moved, fields["dataset_fields"])
        touched |= _files(connection, moved, fields["resource_fields"])
        if moved.rows:
            connection.execute(table.insert(), moved.rows)
            _forget_in_activities(connection, moved.dataset_id)
            names = ", ".join(sorted(moved.names))
            log.warning("dataset %s: %d values moved: %s", row.id, len(moved.rows), names)
        if touched:
            changed.append(moved)
    return changed


def _dataset(connection: Connection, row: Any, moved: Moved, fields: Mapping[str, str]) -> bool:
    extras = dict(row.extras or {})
    for key in [k for k in extras if k not in fields and not surface.takes_extra(k)]:
        moved.take(key, extras.pop(key))
    values: dict[str, Any] = {"extras": extras} if moved.rows else {}
    if row.license_id and CODE.fullmatch(row.license_id) is None:
        moved.take("license_id", row.license_id)
        values["license_id"] = ""
    if values:
        package = model.package_table
        connection.execute(package.update().where(package.c.id == row.id).values(values))
    return bool(values)


def _files(connection: Connection, moved: Moved, fields: Mapping[str, str]) -> bool:
    resource = model.resource_table
    touched = False
    query = sa.select(resource).where(resource.c.package_id == moved.dataset_id)
    for row in connection.execute(query).all():
        values: dict[str, Any] = {}
        extras = dict(row.extras or {})
        for key in [k for k in extras if not surface.stays("resource", k, fields)]:
            moved.take(key, extras.pop(key), row.id)
            values["extras"] = extras
        for key in EMPTIED:
            if getattr(row, key):
                moved.take(key, getattr(row, key), row.id)
                values[key] = None
        if row.mimetype and type_of(row.mimetype) is None:
            moved.take("mimetype", row.mimetype, row.id)
            values["mimetype"] = None
        name = formats().name(row.format)
        if name is None:
            moved.take("format", row.format, row.id)
        if (name or "") != (row.format or ""):
            values["format"] = name or ""
        if values:
            touched = True
            connection.execute(resource.update().where(resource.c.id == row.id).values(values))
    return touched


def _forget_in_activities(connection: Connection, dataset_id: str) -> None:
    """Take the same out of the copies that the activity stream keeps of the dataset."""
    if not sa.inspect(connection).has_table("activity"):
        return
    query = sa.select(activity).where(activity.c.object_id == dataset_id)
    for row in connection.execute(query).all():
        data = row.data
        kept = data.get("package") if isinstance(data, dict) else None
        if isinstance(kept, dict):
            keys.without_undeclared(kept)
            connection.execute(activity.update().where(activity.c.id == row.id).values(data=data))


def move_of_groups(connection: Connection) -> list[str]:
    """Move the free fields of groups and agencies that are not declared; the caller commits.

    Returns the ids of those that had some.
    """
    group = model.group_table
    columns = (group.c.id, group.c.is_organization, group.c.extras)
    changed = []
    for row in connection.execute(sa.select(*columns)).all():
        kept = dict(row.extras or {})
        strange = groups.undeclared(kept, agency=bool(row.is_organization))
        if not strange:
            continue
        rows = [{"group_id": row.id, "key": key, "value": kept.pop(key)} for key in sorted(strange)]
        connection.execute(table.insert(), rows)
        connection.execute(group.update().where(group.c.id == row.id).values(extras=kept))
        _forget_of_group(connection, row.id, strange)
        names = ", ".join(surface.shortened(key) for key in sorted(strange))
        log.warning("group %s: %d values moved: %s", row.id, len(rows), names)
        changed.append(row.id)
    return changed


def _forget_of_group(connection: Connection, group_id: str, strange: set[str]) -> None:
    if not sa.inspect(connection).has_table("activity"):
        return
    query = sa.select(activity).where(activity.c.object_id == group_id)
    for row in connection.execute(query).all():
        data = row.data
        kept = data.get("group") if isinstance(data, dict) else None
        if isinstance(kept, dict) and isinstance(kept.get("extras"), dict):
            kept["extras"] = {k: v for k, v in kept["extras"].items() if k not in strange}
            connection.execute(activity.update().where(activity.c.id == row.id).values(data=data))


def move_all() -> list[str]:
    """Move whatever is stored under undeclared keys; commits. Safe to run again.

    Returns the ids of the datasets, groups and agencies that had some.
    """
    connection = model.Session.connection()
    datasets, others = ids(move(connection)), move_of_groups(connection)
    stale_index.mark(datasets)
    model.Session.commit()
    if datasets:
        job_queue.ask("reindex", datasets, queue="priority")
    return [*datasets, *others]


def stored() -> tuple[set[str], set[str]]:
    """Return the ids of datasets, and of groups, that hold something undeclared today.

    Nothing of ours writes it: another program did, or the declaration was made narrower.
    """
    found: tuple[set[str], set[str]] = (set(), set())
    package, resource, group = model.package_table, model.resource_table, model.group_table
    query = sa.select(package.c.id, package.c.type, package.c.extras)
    types = {}
    for row in model.Session.execute(query.where(package.c.type.in_(config.governed_types()))):
        types[row.id] = fields = keys.schemas(row.type)
        known = fields["dataset_fields"]
        if any(k not in known and not surface.takes_extra(k) for k in row.extras or {}):
            found[0].add(row.id)
    for row in model.Session.execute(sa.select(resource.c.package_id, resource.c.extras)):
        if row.package_id not in types:
            continue
        known = types[row.package_id]["resource_fields"]
        if any(not surface.stays("resource", k, known) for k in row.extras or {}):
            found[0].add(row.package_id)
    query = sa.select(group.c.id, group.c.is_organization, group.c.extras)
    for row in model.Session.execute(query):
        if groups.undeclared(row.extras or {}, agency=bool(row.is_organization)):
            found[1].add(row.id)
    return found


def forget(package_id: str) -> None:
    """Delete what was moved out of a dataset that is purged; the caller commits."""
    model.Session.execute(table.delete().where(table.c.package_id == package_id))


def forget_group(group_id: str) -> None:
    """Delete what was moved out of a group that is purged; the caller commits."""
    model.Session.execute(table.delete().where(table.c.group_id == group_id))


def ids(moved: Iterable[Moved]) -> list[str]:
    """Return the datasets whose documents in the index are out of date."""
    return [each.dataset_id for each in moved]
