"""Where copies of data lie: each place removes them, and is looked at again afterwards.

A place of a room above joins by :func:`join`. To clear one that is clear already changes nothing.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import files, search, uploader

from ... import config
from ...agencies.rules.duties import Actor
from ...classification.clock import retention
from ...classification.clock import tables as table_care
from ...classification.records import stale_index
from ...classification.records.model import Version
from ...classification.versions import removing, storage, table_state
from ...classification.versions.table_state import State, Tabled
from ...msgids import N_

MOST_AT_ONCE = 500
STORAGE, TABLES, UPLOADS, INDEX = "storage", "tables", "uploads", "index"


@dataclass(frozen=True)
class Scope:
    """What is destroyed: ids of datasets and files, and of each version its id and hash."""

    packages: tuple[str, ...]
    files: tuple[str, ...]
    versions: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Place:
    """Where copies lie; ``count`` says how many are still there, and locks nothing."""

    label: str
    clear: Callable[[Scope, Actor], None]
    count: Callable[[Scope], int]


_JOINED: dict[str, Place] = {}


def join(name: str, place: Place) -> None:
    """Add a place of a room above."""
    _JOINED[name] = place


def places() -> dict[str, Place]:
    """Return every place, in the order in which they are cleared: the bytes first."""
    return {**_OWN, **_JOINED}


def _rows(scope: Scope, *, lock: bool = True) -> list[Version]:
    ids = [version_id for version_id, _ in scope.versions]
    query = sa.select(Version).where(Version.id.in_(ids)).order_by(Version.created, Version.id)
    return list(model.Session.scalars(query.with_for_update() if lock else query))


def _clear_storage(scope: Scope, actor: Actor) -> None:
    for package_id in scope.packages:
        package = model.Session.get(model.Package, package_id)
        if package is not None:
            removing.take_away(package, scope.files)
    rows = [row for row in _rows(scope) if row.state != retention.GONE]
    if rows:
        retention.purge(rows, actor, "destroyed")
    # Of what was purged before: bytes that came back, as from a backup.
    for sha256 in retention.unused(sha256 for _, sha256 in scope.versions):
        storage.remove(sha256)


def _count_storage(scope: Scope) -> int:
    """Count hashes that are there and that no other version needs."""
    rows = sum(row.state != retention.GONE for row in _rows(scope, lock=False))
    hashes = retention.unused(sha256 for _, sha256 in scope.versions)
    return rows + sum(storage.exists(sha256) for sha256 in hashes)


def _names(scope: Scope) -> list[str]:
    """Return the names that tables of the files may have: ours, and another loader's."""
    return [*(table_state.table_of(id_) for id_, _ in scope.versions), *scope.files]


def _clear_tables(scope: Scope, actor: Actor) -> None:
    if not config.datastore_enabled():
        return
    for row in _rows(scope):
        if table_state.is_ready(row.tabled):
            row.tabled = Tabled(State.DROPPED).as_dict()
    table_care.drop(_names(scope))


def _count_tables(scope: Scope) -> int:
    return len(table_care.among(_names(scope))) if config.datastore_enabled() else 0


@contextlib.contextmanager
def _uploaded(file: str) -> Iterator[tuple[Any, Any]]:
    """Give what core keeps of a file: its storage (``None``: a folder) and the place in it."""
    upload: Any = uploader.get_resource_uploader({"id": file, "url": "", "url_type": "upload"})
    kept, place = getattr(upload, "storage", None), None
    with contextlib.suppress(tk.ValidationError):
        place = upload.get_path(file)
    if place is not None and kept is not None:
        place = files.FileData(files.Location(place))
    yield kept, place


def _clear_uploads(scope: Scope, actor: Actor) -> None:
    for file in scope.files:
        with _uploaded(file) as (kept, place):
            if place is None:
                continue
            if kept is None:
                Path(place).unlink(missing_ok=True)
            elif kept.exists(place):
                kept.remove(place)


def _count_uploads(scope: Scope) -> int:
    count = 0
    for file in scope.files:
        with _uploaded(file) as (kept, place):
            if place is not None:
                count += bool(kept.exists(place) if kept is not None else Path(place).is_file())
    return count


def _clear_index(scope: Scope, actor: Actor) -> None:
    stale_index.rebuild_all(scope.packages)


def _count_index(scope: Scope) -> int:
    """Count files that the documents of datasets hold; an id in a text of it is none."""
    found, solr = set[str](), search.make_connection()
    for first in range(0, len(scope.packages), MOST_AT_ONCE):
        ids = scope.packages[first : first + MOST_AT_ONCE]
        asked = {
            "q": "id:({})".format(" OR ".join(f'"{id_}"' for id_ in ids)),
            "fq": f'+site_id:"{tk.config["ckan.site_id"]}"',
            "fl": "validated_data_dict,data_dict",
            "rows": MOST_AT_ONCE,
        }
        found |= {
            str(each.get("id"))
            for document in solr.search(**asked).docs
            for kept in document.values()
            for each in json.loads(kept).get("resources", ())
        }
    return sum(file in found for file in scope.files)


_OWN: dict[str, Place] = {
    STORAGE: Place(N_("Storage of files"), _clear_storage, _count_storage),
    TABLES: Place(N_("Tables of the DataStore"), _clear_tables, _count_tables),
    UPLOADS: Place(N_("Uploads of an older portal"), _clear_uploads, _count_uploads),
    INDEX: Place(N_("Search index"), _clear_index, _count_index),
}
