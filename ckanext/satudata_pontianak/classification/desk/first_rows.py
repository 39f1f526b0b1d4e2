"""The first rows of a waiting file, with whatever the scan found something in left out.

Read in a child process, as the scan does, by its readers; nothing of it is kept. A part is shown at
a time: of the sheets one, of rows and columns as many as one looks at.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ... import config
from ...disclosure.beginning import MOST_ROWS
from ...disclosure.limits import Limits
from ...disclosure.readers.base import ReadError
from ...disclosure.table_stream import table_stream
from ...tidying import known_cells
from ...tidying.known_cells import Unknown
from ..records import reads
from ..records.model import Scan, Version
from ..versions import storage

ROWS = 20
COLUMNS = 40
LONGEST = 200
SECONDS = 20
CLEARED = ("clear", "findings")
"""Verdicts of a scan that was able to look into everything."""


@dataclass(frozen=True)
class Shown:
    """A column: its heading, what the scan says its values are, and whether they are left out."""

    label: str
    type: str | None = None
    total: str | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Part:
    """Which sheet by its number from 1, and from which row and column on, counted from 0."""

    sheet: int | None = None
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Rows:
    """The beginning of a table. ``hidden``: some cells are left out; their text is ``None``."""

    columns: Sequence[Shown]
    rows: Sequence[Sequence[str | None]]
    sheet: str | None = None
    sheets: Sequence[str] = ()
    count: int | None = None
    more_columns: int = 0
    hidden: bool = field(default=False)
    part: Part = field(default_factory=Part)
    all_columns: int = 0
    more_rows: bool = False
    unknown: Sequence[Unknown] = ()
    """Texts that are in no list of codes, of all rows that were read; of covered columns too."""
    covered: frozenset[int] = frozenset()
    """Columns in which the scan found something, also where their cells are revealed."""


def look(version: Version, part: Part, *, revealed: bool) -> Rows:
    """Return some rows of a version, the first ones where nothing else is asked for.

    :param part: what of it; rows and columns that are not there give the first ones.
    :param revealed: also the cells in which the scan found something.
    :raises ReadError: there is no table in it, or it cannot be read in time.
    :raises FileNotFoundError: its bytes are not here.
    """
    if version.sha256 is None:
        raise FileNotFoundError(version.id)
    scan = reads.scans_of([version.id]).get(version.id)
    limits = Limits(
        memory=config.scan_memory_mb() * 1024**2, cpu_seconds=SECONDS, wall_seconds=SECONDS
    )
    with (
        storage.local_path(version.sha256) as path,
        table_stream(path, version.filename, limits, part.sheet, every=True) as stream,
    ):
        labels = [column.label for column in stream.columns]
        text = io.TextIOWrapper(stream.rows, encoding="utf-8", newline="", errors="replace")
        try:
            start = part.row if part.row + ROWS <= MOST_ROWS else 0
            every = list(islice(csv.reader(text), MOST_ROWS))
            rows = every[start : start + ROWS + 1]
        except csv.Error:
            raise ReadError("bad_output") from None
        finally:
            text.detach()
        sheet, sheets = stream.sheet, stream.sheets
    covered = hidden_columns(scan, labels, sheet, sheets)
    hidden = set() if revealed else covered
    described = _described(scan, sheet)
    left = part.column if part.column < len(labels) else 0
    right = min(left + COLUMNS, len(labels))
    columns = [
        Shown(
            labels[index],
            described.get(index, {}).get("type"),
            described.get(index, {}).get("total"),
            index in hidden,
        )
        for index in range(left, right)
    ]
    return Rows(
        columns,
        [_row(row, hidden)[left:right] for row in rows[:ROWS]],
        sheet,
        sheets,
        _table(scan, sheet).get("rows"),
        len(labels) - len(columns),
        bool(hidden),
        Part(part.sheet, start, left),
        len(labels),
        len(rows) > ROWS and start + 2 * ROWS <= MOST_ROWS,
        known_cells.unknown(
            labels, (([n] * len(row), row) for n, row in enumerate(every, start=1))
        ),
        frozenset(covered),
    )


def _row(cells: Sequence[str], hidden: set[int]) -> list[str | None]:
    return [None if i in hidden else cell[:LONGEST] for i, cell in enumerate(cells)]


def hidden_columns(
    scan: Scan | None, labels: Sequence[str], sheet: str | None, sheets: Sequence[str]
) -> set[int]:
    """Return the places of the columns in which something was found.

    All of them where nobody can tell which: without a scan that looked into everything, or for a
    finding that stands in no column of this table.
    """
    everything = set(range(len(labels)))
    if scan is None or scan.verdict not in CLEARED:
        return everything
    found: set[int] = set()
    for item in reads.findings_summary(scan.report):
        table, index = _named(item.get("table"), sheets), item.get("index")
        if sheet is not None and table != sheet and table in sheets:
            continue
        if not isinstance(index, int) or not 0 <= index < len(labels):
            return everything
        if sheet is not None and table != sheet:
            return everything
        name = item.get("column")
        found |= {index} | {i for i, label in enumerate(labels) if name and label == name}
    return found


def _named(table: str | None, sheets: Sequence[str]) -> str | None:
    """Return how a table of the scan is called among these; one may have no name."""
    return "" if table is None and "" in sheets else table


def _tables(scan: Scan | None) -> Iterable[Mapping[str, Any]]:
    for file in scan.report.get("files", ()) if scan else ():
        yield from file.get("tables", ())


def _table(scan: Scan | None, sheet: str | None) -> Mapping[str, Any]:
    """Return what the scan says of the table that is shown, nothing where that is not sure."""
    tables = list(_tables(scan))
    if sheet is not None:
        tables = [table for table in tables if (table.get("name") or "") == sheet]
    return tables[0] if len(tables) == 1 else {}


def _described(scan: Scan | None, sheet: str | None) -> dict[int, Mapping[str, Any]]:
    columns = _table(scan, sheet).get("columns", ())
    return {column["index"]: column for column in columns if isinstance(column.get("index"), int)}
