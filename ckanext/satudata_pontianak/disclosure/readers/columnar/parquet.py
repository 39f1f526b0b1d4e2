"""Parquet, by Polars: slice after slice, nested columns flattened, metadata included.

What the file holds beside its rows is looked at as well: the texts of its footer, and whether a
dictionary has values that no row shows (:mod:`.parquet_layout`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from ..base import Batch, Heading, Incomplete, ReadError, Source, texts
from ..heading import NAME_LENGTH
from ..strings import runs
from . import parquet_layout
from .parquet_layout import Chunk
from .thrift import Malformed

_CELLS = 500_000
_LARGEST = 256 * MEGABYTE
_DEEPEST = 20
_ALIKE = 2


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every row of every column."""
    try:
        yield from _read(source)
    except (
        Malformed,
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,
        OSError,
        OverflowError,
    ):
        raise ReadError("broken_file", detail="parquet") from None


def _read(source: Source) -> Iterator[Batch | Incomplete]:
    where: Any = source.path.absolute()
    if source.data is not None or source.stream is not None:
        where = source.bytes(_LARGEST)
    with source.open() as file:
        layout = parquet_layout.read(file, source.size)
    if beside := list(_spoken(layout.texts)):
        yield texts("@metadata", beside)
    frame = pl.scan_parquet(where, glob=False)
    total = frame.select(pl.len()).collect().item()
    width = max(1, len(frame.collect_schema()))
    if width > source.limits.columns:
        raise ReadError("too_large", limit="columns")
    step = max(1, _CELLS // width)
    flat = _Flat()
    yield texts("@columns", frame.collect_schema().names())
    if sum(rows for rows, _ in layout.groups) != total:
        raise ReadError("broken_file", detail="parquet")
    _check_shown(frame, layout.groups)
    for start in range(0, total, step):
        rows = frame.slice(start, step).collect()
        if rows.height != min(step, total - start):
            raise ReadError("broken_file", detail="parquet")
        columns: dict[int, pl.Series] = {}
        for column in rows.get_columns():
            flat.add(column, columns)
        yield Batch(None, columns, rows.height, tuple(flat.headings))
        if flat.found:
            yield texts("@binary", flat.found)
            flat.found = []
        source.progress((start + rows.height) / total)
    if not total:
        yield Batch(None, {}, headings=tuple(flat.named(frame.collect_schema().names())))
    if flat.opaque:
        yield Incomplete(Reason("embedded_content", {"part": "blob"}))


def _spoken(found: list[bytes]) -> Iterator[str]:
    """Give the texts of a footer; of bytes that are no text, what can be read in them."""
    for raw in found:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            yield from runs(raw)
        else:
            yield from (line for line in text.splitlines() if line)


def _check_shown(frame: pl.LazyFrame, groups: list[tuple[int, list[Chunk]]]) -> None:
    """Refuse columns that hold values which no row shows.

    :raises ReadError: ``hidden_values``; ``broken_file`` where columns do not add up.
    """
    start = 0
    for rows, chunks in groups:
        parts: dict[str, list[Chunk]] = {}
        for chunk in chunks if rows else ():
            parts.setdefault(chunk.name, []).append(chunk)
        for name, told in parts.items():
            if any(part.words is not None or part.nulls is not None for part in told):
                column = frame.select(pl.col(f"^{re.escape(name)}$")).slice(start, rows).collect()
                leaves = [leaf for _, leaf in _leaves(name, column.to_series())]
                if len(leaves) != len(told):
                    raise ReadError("broken_file", detail="parquet")
                for leaf, part in zip(leaves, told, strict=True):
                    _check_leaf(leaf, part)
        start += rows


def _check_leaf(leaf: pl.Series, part: Chunk) -> None:
    shown = leaf.drop_nulls()
    # Zero has two signs, and what is no number has many forms, which count as one here.
    slack = _ALIKE if leaf.dtype.is_float() else 0
    more = part.words is not None and part.words > shown.n_unique() + slack
    fewer = not part.nested and part.nulls is not None and part.nulls != leaf.null_count()
    if more or fewer:
        raise ReadError("hidden_values")


def _leaves(path: str, column: pl.Series, deep: int = 0) -> Iterator[tuple[str, pl.Series]]:
    """Give the columns of values that a nested column consists of, in the order of the file.

    :raises ReadError: it is nested beyond reason.
    """
    if deep > _DEEPEST:
        raise ReadError("too_large", limit="depth")
    if isinstance(column.dtype, pl.Struct):
        for field in column.struct.unnest().get_columns():
            yield from _leaves(f"{path}.{field.name}", field, deep + 1)
    elif isinstance(column.dtype, (pl.List, pl.Array)):
        yield from _leaves(path, column.drop_nulls().explode(), deep + 1)
    else:
        yield path, column


class _Flat:
    """Gives every path in nested columns a column of text of its own."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self.headings: list[Heading] = []
        self.opaque = False
        self.found: list[str] = []

    def named(self, names: list[str]) -> list[Heading]:
        for name in names:
            self._at(name)
        return self.headings

    def _at(self, path: str) -> int:
        if path not in self._index:
            self._index[path] = len(self._index)
            name = " ".join(path.split())[:NAME_LENGTH] or None
            self.headings.append(Heading(name, path.replace(".", " ")[:2000] or None))
        return self._index[path]

    def add(self, column: pl.Series, columns: dict[int, pl.Series]) -> None:
        """Take one column apart until only text is left."""
        for path, leaf in _leaves(column.name, column):
            binary = leaf.dtype == pl.Binary
            columns[self._at(path)] = self._binary(leaf) if binary else leaf.cast(pl.String)

    def _binary(self, column: pl.Series) -> pl.Series:
        values = []
        for value in column.drop_nulls():
            try:
                text = value.decode("utf-8")
            except UnicodeDecodeError:
                text = "\0"
            if text.replace("\n", "").isprintable():
                values.append(text)
            else:
                self.opaque = True
                self.found.extend(runs(value))
        return pl.Series(values, dtype=pl.String)
