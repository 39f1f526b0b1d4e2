"""The first rows of whatever the scan's readers give as tables, with the cells side by side.

For people who look at a file, never for the DataStore. Places of columns are those of the scan, so
that what it found is covered by its place. A table whose columns do not have a cell for each row
is left out: nobody could say which cells stood side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module

import polars as pl

from .readers import MODULES, reader_for
from .readers.base import Batch, Heading, Incomplete, ReadError, Source
from .readers.sniff import sniff

MOST_ROWS = 1000
MOST_TABLES = 100
SEEN = 20_000
"""Rows after which no further table is looked for, once there is one with rows."""


@dataclass
class Begun:
    """A table: its headings so far, and its first rows."""

    name: str | None
    headings: tuple[Heading, ...] = ()
    rows: int = 0
    aligned: bool = True
    parts: list[dict[int, pl.Series]] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many columns it has, so far as was read."""
        return max((i + 1 for part in self.parts for i in part), default=len(self.headings))

    def add(self, batch: Batch) -> None:
        """Take what is still wanted of some rows."""
        self.headings = tuple(batch.headings) or self.headings
        if not batch.rows:
            return
        self.aligned = self.aligned and all(len(s) == batch.rows for s in batch.columns.values())
        wanted = MOST_ROWS - self.rows
        if self.aligned and wanted > 0:
            self.parts.append({i: s.head(wanted) for i, s in batch.columns.items()})
        self.rows += batch.rows


def tables(source: Source) -> list[Begun]:
    """Return the tables that a file begins with.

    :raises ReadError: it has none, or what its reader says.
    """
    found: dict[str | None, Begun] = {}
    seen = 0
    for item in _read(source):
        if isinstance(item, Incomplete) or item.beside or item.running:
            continue
        table = found.get(item.table)
        if table is None:
            if len(found) >= MOST_TABLES:
                break
            table = found[item.table] = Begun(item.table)
        table.add(item)
        seen += item.rows
        if seen > SEEN:
            break
    kept = [table for table in found.values() if table.aligned and any(table.parts)]
    if not kept:
        raise ReadError("no_rows")
    return kept


def chosen(begun: list[Begun], number: int | None) -> Begun:
    """Return a table by its number from 1, or the first that has more than one row.

    :raises ReadError: ``no_sheet``.
    """
    if number is not None:
        if not 1 <= number <= len(begun):
            raise ReadError("no_sheet")
        return begun[number - 1]
    return next((table for table in begun if table.rows > 1), begun[0])


def _read(source: Source) -> Iterator[Batch | Incomplete]:
    with source.open() as file:
        format_ = sniff(file.read(65_536), file, source.name)
    if MODULES.get(format_) == "json":
        return import_module("..readers.json", __name__).rows(source)
    return reader_for(source)(source)
