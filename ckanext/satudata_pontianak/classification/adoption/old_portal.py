"""What an old portal holds: its datasets without a case, and the files that core keeps for them."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import files, uploader

from ... import config
from ..records.model import Case, Version
from ..versions import storage

REASON = "adopted"
STAMP = "last_modified"


def types() -> list[str]:
    """Return the dataset types that are taken over."""
    return sorted(config.governed_types() or {"dataset"})


def without_case() -> Any:
    """Return the condition that a dataset is to be taken over and has no case yet."""
    known = sa.exists().where(Case.package_id == model.Package.id)
    return sa.and_(
        model.Package.type.in_(types()), model.Package.state.in_(("active", "draft")), ~known
    )


def changed_since() -> Any:
    """Return the condition that core took new bytes after the dataset was adopted.

    Only as long as the types are not governed: afterwards every write goes through the gate.
    """
    if config.governed_types():
        return sa.false()
    newest = (
        sa.select(Version.meta[STAMP].as_string())
        .where(Version.resource_id == model.Resource.id)
        .order_by(Version.created.desc())
        .limit(1)
        .scalar_subquery()
    )
    changed = sa.exists().where(
        model.Resource.package_id == model.Package.id,
        model.Resource.state == "active",
        newest.is_distinct_from(_stamp_column()),
    )
    adopted = sa.exists().where(Case.package_id == model.Package.id, Case.reason == REASON)
    return sa.and_(
        model.Package.type.in_(types()),
        model.Package.state.in_(("active", "draft")),
        adopted,
        changed,
    )


def _stamp_column() -> Any:
    moment = sa.func.coalesce(model.Resource.last_modified, model.Resource.created)
    return (
        sa.func.coalesce(sa.func.to_char(moment, "YYYY-MM-DD HH24:MI:SS.US"), "")
        + " "
        + sa.func.coalesce(model.Resource.url, "")
    )


def stamp(resource: model.Resource) -> str:
    """Return what tells one state of a resource's bytes from the next; see `_stamp_column`."""
    moment: dt.datetime | None = resource.last_modified or resource.created
    when = f"{moment:%Y-%m-%d %H:%M:%S.%f}" if moment else ""
    return f"{when} {resource.url or ''}"


def ids_of(condition: Any, after: str, limit: int) -> list[str]:
    """Return the ids of the next datasets that meet a condition, behind the id ``after``."""
    query = sa.select(model.Package.id).where(condition, model.Package.id > after)
    return list(model.Session.scalars(query.order_by(model.Package.id).limit(limit)))


def count(condition: Any) -> int:
    """Return how many datasets meet a condition."""
    query = sa.select(sa.func.count()).select_from(model.Package).where(condition)
    return int(model.Session.scalar(query) or 0)


def resources_of(package_id: str) -> list[model.Resource]:
    """Return the active resources of a dataset in their order."""
    query = sa.select(model.Resource).where(
        model.Resource.package_id == package_id, model.Resource.state == "active"
    )
    return list(model.Session.scalars(query.order_by(model.Resource.position)))


@contextlib.contextmanager
def stored_file(resource: model.Resource) -> Iterator[IO[bytes] | None]:
    """Open the file that core keeps for a resource; ``None`` when it is not there."""
    upload: Any = uploader.get_resource_uploader(
        {"id": resource.id, "url": resource.url, "url_type": "upload"}
    )
    try:
        path = upload.get_path(resource.id)
    except tk.ValidationError:
        yield None
        return
    kept = getattr(upload, "storage", None)
    if kept is None:
        if not Path(path).is_file():
            yield None
            return
        with Path(path).open("rb") as stream:
            yield stream
        return
    data = files.FileData(files.Location(path))
    if not kept.exists(data):
        yield None
        return
    here = Path(kept.full_path(data.location)) if hasattr(kept, "full_path") else None
    if here is not None and here.is_file():
        with here.open("rb") as stream:
            yield stream
        return
    with tempfile.TemporaryFile() as copy:
        for chunk in kept.stream(data):
            copy.write(chunk)
        copy.seek(0)
        yield copy


def keep(stream: IO[bytes]) -> tuple[str | None, int]:
    """Keep the bytes, however many; an empty file has none to keep."""
    try:
        stored = storage.put(stream, any_size=True)
    except storage.EmptyFile:
        return None, 0
    return stored.sha256, stored.size
