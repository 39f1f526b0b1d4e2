"""What readers hand to the engine, and how they refuse."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

import polars as pl

from ckanext.satudata_pontianak.disclosure.limits import Limits
from ckanext.satudata_pontianak.disclosure.readers.parted import Parted
from ckanext.satudata_pontianak.disclosure.reasons import Reason

Progress = Callable[[float], None]


class ReadError(Exception):
    """The file could not be read to its end; carries the reason, never content."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)


class Heading(NamedTuple):
    """The heading of one column: its name, and the words of headings above it."""

    name: str | None
    context: str | None


@dataclass(frozen=True)
class Batch:
    """Some rows of one table, column by column.

    ``headings`` may grow from batch to batch, never change. ``rows`` is 0 for cells that
    are no data rows (headings, letterhead). ``beside`` marks text that stands beside the
    cells, such as comments or properties: such a table is reported only if it reveals
    something. ``running`` marks running text that is the content itself, such as the
    paragraphs of a document: it is always reported, and has no columns to speak of.
    ``numbers`` gives the rows of the cells of a column as who opens the file counts them, where
    counting the cells does not; ``addressed`` says that cells have addresses, such as D21;
    ``page`` is the page of a document.
    """

    table: str | None
    columns: Mapping[int, pl.Series]
    rows: int = 0
    headings: Sequence[Heading] = field(default_factory=tuple)
    beside: bool = False
    running: bool = False
    numbers: Callable[[int], Sequence[int]] | None = None
    addressed: bool = False
    page: int | None = None


@dataclass
class Budget:
    """What archives within archives may still unpack, all together, in bytes and parts."""

    unpacked: int
    parts: int

    def spend(self, unpacked: int, parts: int = 0) -> None:
        """Take from what is left.

        :raises ReadError: ``too_large``, with nothing left.
        """
        self.unpacked -= unpacked
        self.parts -= parts
        if self.unpacked < 0:
            raise ReadError("too_large", limit="unpacked")
        if self.parts < 0:
            raise ReadError("too_large", limit="parts")


@dataclass(frozen=True)
class Source:
    """A file to read: where it is, what it is called, what it may use.

    A member of an archive has no path of its own: its bytes are in ``data``, or, where they
    are only read from start to end, ``stream`` opens them. ``depth`` counts the archives
    around it, and ``budget`` is shared with them.
    """

    path: Path
    name: str
    limits: Limits
    progress: Progress = lambda share: None
    data: bytes | None = None
    stream: Callable[[], BinaryIO] | None = None
    length: int = 0
    depth: int = 0
    budget: Budget | None = None
    code_page: str = ""

    @property
    def size(self) -> int:
        """The number of bytes."""
        if self.data is not None:
            return len(self.data)
        return self.length if self.stream else self.path.stat().st_size

    def open(self) -> BinaryIO:
        """Open the bytes for reading; who opens closes."""
        if self.data is not None:
            return io.BytesIO(self.data)
        return self.stream() if self.stream else self.path.open("rb")

    def bytes(self, longest: int) -> bytes:
        """Return all bytes, of a format that cannot be read otherwise.

        :raises ReadError: there are more than ``longest``.
        """
        if self.size > longest:
            raise ReadError("too_large", limit="size")
        if self.data is not None:
            return self.data
        with self.open() as file:
            return file.read()


@dataclass(frozen=True)
class Incomplete:
    """Yielded by a reader that could read the file but not all its parts."""

    reason: Reason


Reader = Callable[[Source], Iterator[Batch | Incomplete]]


def texts(table: str, values: Sequence[str]) -> Batch:
    """Make a batch of running text found beside the cells."""
    return Batch(table, {0: pl.Series(values, dtype=pl.String)}, beside=True)


def lines(table: str | None, values: Sequence[str]) -> Batch:
    """Make a batch of the running text that a document consists of."""
    return Batch(table, {0: pl.Series(values, dtype=pl.String)}, len(values), running=True)


def parted(columns: Mapping[int, Sequence[str | None]]) -> Parted:
    """Make one series of many columns, since each alone costs time."""
    every = pl.Series(list(chain.from_iterable(columns.values())), dtype=pl.String)
    return Parted(every, list(columns), list(map(len, columns.values())))


def cells_of(rows: Sequence[Sequence[str | None]], limit: int) -> Mapping[int, pl.Series]:
    """Turn rows of unequal length into columns without losing a cell.

    Cells beyond ``limit`` columns are collected in one more column.
    """
    width = max((len(row) for row in rows), default=0)
    if all(len(row) == width for row in rows) and width <= limit:
        every = chain.from_iterable(zip(*rows, strict=True))
        return Parted(pl.Series(list(every), dtype=pl.String), range(width), [len(rows)] * width)
    columns: Mapping[int, pl.Series] = parted(
        {i: [row[i] if i < len(row) else None for row in rows] for i in range(min(width, limit))}
    )
    if width > limit:
        beyond = [cell for row in rows for cell in row[limit:]]
        columns = {**columns, limit: pl.Series(beyond, dtype=pl.String)}
    return columns
