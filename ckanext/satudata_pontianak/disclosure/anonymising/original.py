"""The original: a table read block by block, by a child process within limits."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from ..limits import Limits
from ..readers.base import ReadError
from ..sentences import explain
from ..table_stream import table_stream
from ..tabular import NamedColumn
from .refusals import PlanError

BLOCK = 20_000


@dataclass(frozen=True)
class Original:
    """A file and its columns. Every call of :meth:`blocks` reads it anew from the beginning."""

    path: Path
    name: str
    limits: Limits
    columns: tuple[NamedColumn, ...]
    sheet: str | None = None
    """Of a workbook: the sheet that is read."""
    sheets: tuple[str, ...] = ()

    def blocks(self) -> Iterator[pl.DataFrame]:
        """Yield its rows as frames of text, columns ``c0``, ``c1``, …; empty cells are null.

        :raises PlanError: ``cannot_read``: it could not be read to its end.
        """
        try:
            with table_stream(str(self.path), self.name, self.limits, self.sheet) as stream:
                csv.field_size_limit(sys.maxsize)
                text = io.TextIOWrapper(stream.rows, encoding="utf-8", newline="")
                rows = csv.reader(text)
                while block := list(islice(rows, BLOCK)):
                    yield self._frame(block)
                stream.summary()
                # The stream closes what it opened.
                text.detach()
        except ReadError as error:
            raise _unreadable(error) from None

    def _frame(self, rows: list[list[str]]) -> pl.DataFrame:
        width = len(self.columns)
        # A row of one empty cell is written as an empty line.
        even = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in rows]
        cells = zip(*even, strict=True)
        frame = pl.DataFrame(
            [pl.Series(f"c{i}", list(column), dtype=pl.String) for i, column in enumerate(cells)]
        )
        return frame.with_columns(
            pl.when(pl.all() == "").then(None).otherwise(pl.all()).name.keep()
        )


def open_original(path: Path, name: str, limits: Limits, sheet: str | None = None) -> Original:
    """Look at a file's columns.

    :param sheet: which visible sheet of a workbook; ``None`` is the first that has rows.
    :raises PlanError: ``cannot_read``, ``no_table``, ``no_header``.
    """
    try:
        with table_stream(str(path), name, limits, sheet) as stream:
            columns, read, sheets = tuple(stream.columns), stream.sheet, stream.sheets
    except ReadError as error:
        raise _unreadable(error) from None
    if all(c.label == f"kolom_{i + 1}" for i, c in enumerate(columns)):
        raise PlanError("no_header")
    return Original(path, name, limits, columns, read, sheets)


def _unreadable(error: ReadError) -> PlanError:
    if error.reason.code == "unsupported_format":
        return PlanError("no_table")
    return PlanError("cannot_read", why=explain(error.reason))
