"""The figures of a version's table that somebody should look at; see ``metadata/quality``.

Nothing is asked of a table in which the scan found something: its rows may be persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from psycopg2 import sql

from ckan import model

from ...disclosure.report import Verdict
from ...metadata.quality.definition import quality
from ...metadata.quality.plausible import Asked, asked
from ...metadata.roles import Column
from ...tidying import known_cells
from ...tidying.known_cells import Unknown
from ..records import reads
from ..records.model import Pointer, Version
from . import table_state

_COLUMNS = (
    "SELECT a.attname, format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum)"
    " FROM pg_attribute a WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0"
    " AND NOT a.attisdropped AND left(a.attname, 1) <> '_' ORDER BY a.attnum"
)


class Questions(NamedTuple):
    """What is asked of a table, and the version that was served and is held against it."""

    asked: tuple[Asked, ...]
    against: str | None
    unknown: tuple[Unknown, ...] = ()


def of_version(cursor: Any, version: Version) -> Questions | None:
    """Return what is asked of the table of a version, beside the one that is served until now.

    ``None`` where the scan did not clear it, so that nothing may be asked.

    :param cursor: of the DataStore's database.
    """
    if not is_clear(version.id):
        return None
    columns, rows = table_in(cursor, version.id)
    served = model.Session.scalar(
        sa.select(Pointer.version_id).where(Pointer.resource_id == version.resource_id)
    )
    before: list[list[str]] = []
    against = None
    if served is not None and served != version.id and is_clear(served):
        older, before = table_in(cursor, served)
        before = before if [c.name for c in older] == [c.name for c in columns] else []
        against = served if before else None
    found = tuple(asked(columns, rows, quality().plausible, before)) if rows else ()
    return Questions(found, against, _unknown(columns, rows))


def _unknown(columns: list[Column], rows: list[list[str]]) -> tuple[Unknown, ...]:
    """Return the cells of codes that are in no list, by the rows of the table from 1."""
    headings = [column.label or column.name for column in columns]
    numbered = (([n] * len(row), row) for n, row in enumerate(rows, start=1))
    return tuple(known_cells.unknown(headings, numbered))


def is_clear(version_id: str) -> bool:
    """Tell whether the scan read a version wholly and found nothing in it."""
    return bool(clear_of([version_id]))


def clear_of(version_ids: Iterable[str]) -> frozenset[str]:
    """Return those versions that the scan read wholly and in which it found nothing."""
    scans = reads.scans_of(version_ids)
    return frozenset(id for id, scan in scans.items() if scan.verdict == Verdict.CLEAR.value)


def table_in(cursor: Any, version_id: str) -> tuple[list[Column], list[list[str]]]:
    """Return columns and rows of a table; no rows where it is missing or too long."""
    name, most = table_state.table_of(version_id), quality().plausible.rows
    cursor.execute(_COLUMNS, (f'public."{name}"',))
    columns = [Column(column, kind, table_state.heading(note)) for column, kind, note in cursor]
    if not columns:
        return [], []
    listed = sql.SQL(", ").join(
        sql.SQL("coalesce({}::text, '')").format(sql.Identifier(c.name)) for c in columns
    )
    cursor.execute(
        sql.SQL("SELECT {} FROM {} ORDER BY _id LIMIT {}").format(
            listed, sql.Identifier(name), sql.Literal(most + 1)
        )
    )
    rows = [list(row) for row in cursor.fetchall()]
    return columns, rows if len(rows) <= most else []
