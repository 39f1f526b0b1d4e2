"""Two versions of a dataset side by side, for a reader: files, columns, rows, cells.

The form of tables is read from the scans of both; cells of one file at a time, in a process of its
own within limits, one at a time in each process of the site. What came of it is kept for an hour
under the hashes of both: only open data is compared, and the policy is asked before and after.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ... import config
from ...agencies.rules.duties import Actor
from ...classification.intake import recipes
from ...classification.records import reads
from ...classification.rules.past import Kept
from ...classification.rules.policy import Channel, VersionFacts, as_governed, decide
from ...classification.versions import cells, comparison, history, storage
from ...classification.versions.cells import Cells, Grid
from ...disclosure.limits import Limits
from ...disclosure.readers.base import ReadError
from ...disclosure.table_stream import table_stream
from ...msgids import N_
from ..reading import counting
from . import answers, showing
from .history import Edition, File

log = logging.getLogger(__name__)
MOST_BYTES = 5 * 1024**2
SECONDS = 5
WAITS = 1
KEPT_SECONDS = 3600
LONGEST_CELL = 10_000
CHANGES = {
    "added": N_("new"),
    "removed": N_("taken out"),
    "changed": N_("other content"),
    "same": N_("the same content"),
}
CLOSED = N_("One of the two versions is not given out now, so their content is not compared.")
UNREAD = N_("This file could not be read for comparison, or took too long. Download both versions.")
TOO_LARGE = N_(
    "The table is larger than what is compared cell by cell (%(rows)s rows, %(size)s MiB). "
    "Download both versions to compare them."
)
_turns = threading.BoundedSemaphore(1)


class Busy(Exception):
    """Others compare now."""


def files(one: Edition, two: Edition) -> list[answers.FileChange]:
    """Return each file of two versions, what became of it, and of the form of its tables."""
    pairs = [(r, one.files.get(r), two.files.get(r)) for r in {**two.files, **one.files}]
    ids = [f.kept.id for _, a, b in pairs if a and b for f in (a, b)]
    scans = {v: scan.report for v, scan in reads.scans_of(ids).items()}
    return [_file(resource, a, b, scans) for resource, a, b in pairs]


def _file(
    resource: str, one: File | None, two: File | None, scans: Mapping[str, Mapping[str, Any]]
) -> answers.FileChange:
    change = "removed" if two is None else "added" if one is None else "same"
    if one is not None and two is not None and one.kept.sha256 != two.kept.sha256:
        change = "changed"
    tables: list[comparison.TableChange] = []
    if one is not None and two is not None and change == "changed":
        before, after = scans.get(one.kept.id), scans.get(two.kept.id)
        if before is not None and after is not None:
            tables = comparison.changes(before, after)
    return {
        "resource": resource,
        "change": change,
        "change_label": tk._(CHANGES[change]),
        "before": showing.file(resource, one) if one else None,
        "after": showing.file(resource, two) if two else None,
        "tables": tables,
    }


def rows(
    actor: Actor, dataset_id: str, changed: list[answers.FileChange], wanted: str | None
) -> answers.CellChange | None:
    """Return what changed in the rows of one file; both versions are counted as read.

    :param wanted: the file; without it the first table that changed.
    :raises KeyError: ``wanted`` is no file of these versions.
    :raises Busy: others compare now.
    """
    known = {file["resource"]: file for file in changed}
    tables = [r for r, f in known.items() if f["change"] == "changed" and f["tables"]]
    resource = wanted or _first(dataset_id, tables)
    if resource is None:
        return None
    file = known[resource]
    if resource not in tables:
        return {"resource": resource, "cells": None, "why": _not_compared(file)}
    kept = history.read(dataset_id).versions
    pair = [kept[side["version"]] for side in (file["before"], file["after"]) if side]
    found = _compared(pair[0], pair[1], _renamed(file["tables"]), _counted(file["tables"]))
    if isinstance(found, str):
        why = {"rows": tk.h.satudata_number(cells.MOST_ROWS), "size": MOST_BYTES // 1024**2}
        return {"resource": resource, "cells": None, "why": tk._(found) % why}
    if not _still_given(actor, dataset_id, pair):
        return {"resource": resource, "cells": None, "why": tk._(CLOSED)}
    for version in pair:
        counting.count(version.id, shown=True)
    return {"resource": resource, "cells": found, "why": None}


def _first(dataset_id: str, tables: list[str]) -> str | None:
    """Return the table that is compared where none is asked for: a tidy one before its workbook."""
    tidy = {pair.tidy for pair in recipes.pairs(dataset_id)} if len(tables) > 1 else set[str]()
    return next((t for t in tables if t in tidy), next(iter(tables), None))


def _renamed(tables: list[answers.TableChange]) -> dict[str, str]:
    """Return the columns that were renamed, where it is plain of which table."""
    if len(tables) != 1:
        return {}
    return {c["before"]: c["column"] for c in tables[0]["columns_renamed"]}


def _counted(tables: Iterable[answers.TableChange]) -> int:
    return max(max(table["rows_before"], table["rows_after"]) for table in tables)


def _not_compared(file: answers.FileChange) -> str:
    if file["change"] != "changed":
        return tk._("There is nothing to compare in it: it is the same, or in one version only.")
    return tk._("This file has no table that could be compared.")


def _compared(before: Kept, after: Kept, renamed: Mapping[str, str], counted: int) -> Cells | str:
    """Return what changed, or why that is not told, as it was kept or anew.

    :raises Busy: others compare now.
    """
    if max(before.size or 0, after.size or 0) > MOST_BYTES or counted > cells.MOST_ROWS:
        return TOO_LARGE
    asked = json.dumps([before.sha256, after.sha256, sorted(renamed.items())])
    name = hashlib.sha256(asked.encode()).hexdigest()
    key = f"satudata:versions:{tk.config['ckan.site_id']}:{name}"
    kept = _get(key)
    if kept is not None:
        return kept
    if not _turns.acquire(timeout=WAITS):
        raise Busy
    try:
        one, two = _grid(before), _grid(after)
        found: Cells | str = TOO_LARGE
        if one is not None and two is not None:
            found = cells.changes(one, two, renamed)
    except (ReadError, FileNotFoundError, csv.Error, ValueError):
        found = UNREAD
    finally:
        _turns.release()
    _put(key, found)
    return found


def _get(key: str) -> Cells | str | None:
    try:
        kept: Any = connect_to_redis().get(key)
        return json.loads(kept) if kept else None
    except RedisError as problem:
        log.warning("no kept comparison: %s", type(problem).__name__)
        return None


def _put(key: str, found: Cells | str) -> None:
    try:
        connect_to_redis().set(key, json.dumps(found), ex=KEPT_SECONDS)
    except RedisError as problem:
        log.warning("a comparison was not kept: %s", type(problem).__name__)


def _grid(version: Kept) -> Grid | None:
    """Return the first table of a version; nothing where it is larger than what is compared.

    :raises ReadError: there is no table in it, or it took too long.
    :raises FileNotFoundError: the bytes are not here.
    """
    limits = Limits(
        memory=config.scan_memory_mb() * 1024**2, cpu_seconds=SECONDS, wall_seconds=SECONDS
    )
    with (
        storage.local_path(version.sha256 or "") as path,
        table_stream(path, version.filename, limits) as stream,
    ):
        columns = [column.label for column in stream.columns]
        lines = csv.reader(io.TextIOWrapper(stream.rows, encoding="utf-8", newline=""))
        read: list[list[str]] = []
        size = 0
        for row in lines:
            size += sum(map(len, row))
            grown = len(read) >= cells.MOST_ROWS or len(read) * len(columns) > cells.MOST_CELLS
            if grown or size > MOST_BYTES or any(len(cell) > LONGEST_CELL for cell in row):
                return None
            read.append(row)
        stream.summary()  # it could be read to its end
        return Grid(columns, read)


def _still_given(actor: Actor, dataset_id: str, pair: list[Kept]) -> bool:
    """Ask the policy again now that both were read: a hold that fell meanwhile is felt."""
    facts = as_governed(reads.facts_of(dataset_id, fresh=True))
    known = history.read(dataset_id)
    for version in pair:
        asked = history.facts_of(known, version.id)
        if known.served.get(version.resource) == version.id:
            asked = VersionFacts(True, sealed=version.sealed, resource_id=version.resource)
        answer = decide(actor, facts, Channel.DATA, asked)
        if not answer or "everyone" not in answer.readers:
            return False
    return True
