"""What readers hand to the engine, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from ckanext.satudata_pontianak.disclosure.limits import Limits
from ckanext.satudata_pontianak.disclosure.reasons import Reason

Progress = Callable[[float], None]


class ReadError(Exception):
    """The file could not be read to its end; carries the reason, never content."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)


@dataclass(frozen=True)
class Heading:
    """The heading of one column: its name, and the words of headings above it."""

    name: str | None
    context: str | None


@dataclass(frozen=True)
class Batch:
    """Some rows of one table, column by column.

    ``headings`` is looked at in the first batch of a table only. ``rows`` is 0 for cells that
    are no data rows (headings, letterhead). ``beside`` marks text that stands beside the
    cells, such as comments or properties: such a table is reported only if it reveals
    something.
    """

    table: str | None
    columns: Mapping[int, pl.Series]
    rows: int = 0
    headings: Sequence[Heading] = field(default_factory=tuple)
    beside: bool = False


@dataclass(frozen=True)
class Source:
    """A file to read: where it is, what it is called, what it may use."""

    path: Path
    name: str
    limits: Limits
    progress: Progress = lambda share: None


@dataclass(frozen=True)
class Incomplete:
    """Yielded by a reader that could read the file but not all its parts."""

    reason: Reason


Reader = Callable[[Source], Iterator[Batch | Incomplete]]


def texts(table: str, values: Sequence[str]) -> Batch:
    """Make a batch of running text found beside the cells."""
    return Batch(table, {0: pl.Series(values, dtype=pl.String)}, beside=True)


def cells_of(rows: Sequence[Sequence[str | None]], limit: int) -> dict[int, pl.Series]:
    """Turn rows of unequal length into columns without losing a cell.

    Cells beyond ``limit`` columns are collected in one more column.
    """
    width = max((len(row) for row in rows), default=0)
    columns: dict[int, pl.Series] = {}
    for index in range(min(width, limit)):
        values = [row[index] if index < len(row) else None for row in rows]
        columns[index] = pl.Series(values, dtype=pl.String)
    if width > limit:
        beyond = [cell for row in rows for cell in row[limit:]]
        columns[limit] = pl.Series(beyond, dtype=pl.String)
    return columns
