"""Parquet, by Polars: slice after slice, nested columns flattened, metadata included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from .base import Batch, Heading, Incomplete, ReadError, Source, texts
from .heading import NAME_LENGTH
from .strings import runs

_CELLS = 500_000
_LARGEST = 256 * MEGABYTE
_DEEPEST = 20


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every row of every column."""
    try:
        yield from _read(source)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, OverflowError):
        raise ReadError("broken_file", detail="parquet") from None


def _read(source: Source) -> Iterator[Batch | Incomplete]:
    where: Any = source.path.absolute()
    if source.data is not None or source.stream is not None:
        where = source.bytes(_LARGEST)
    beside = [
        text
        for key, value in pl.read_parquet_metadata(where).items()
        for text in (str(key), *str(value).splitlines())
        # Arrow's own schema, in base64: the same as the columns.
        if text and key != "ARROW:schema"
    ]
    if beside:
        yield texts("@metadata", beside)
    frame = pl.scan_parquet(where, glob=False)
    total = frame.select(pl.len()).collect().item()
    width = max(1, len(frame.collect_schema()))
    if width > source.limits.columns:
        raise ReadError("too_large", limit="columns")
    step = max(1, _CELLS // width)
    flat = _Flat()
    yield texts("@columns", frame.collect_schema().names())
    for start in range(0, total, step):
        rows = frame.slice(start, step).collect()
        if rows.height != min(step, total - start):
            raise ReadError("broken_file", detail="parquet")
        columns: dict[int, pl.Series] = {}
        for column in rows.get_columns():
            flat.add(column.name, column, columns)
        yield Batch(None, columns, rows.height, tuple(flat.headings))
        if flat.found:
            yield texts("@binary", flat.found)
            flat.found = []
        source.progress((start + rows.height) / total)
    if not total:
        yield Batch(None, {}, headings=tuple(flat.named(frame.collect_schema().names())))
    if flat.opaque:
        yield Incomplete(Reason("embedded_content", {"part": "blob"}))


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

    def add(
        self, path: str, column: pl.Series, columns: dict[int, pl.Series], deep: int = 0
    ) -> None:
        """Take one column apart until only text is left."""
        if deep > _DEEPEST:
            raise ReadError("too_large", limit="depth")
        kind = column.dtype
        if isinstance(kind, pl.Struct):
            for field in column.struct.unnest().get_columns():
                self.add(f"{path}.{field.name}", field, columns, deep + 1)
        elif isinstance(kind, (pl.List, pl.Array)):
            self.add(path, column.drop_nulls().explode(), columns, deep + 1)
        elif kind == pl.Binary:
            columns[self._at(path)] = self._binary(column)
        else:
            columns[self._at(path)] = column.cast(pl.String)

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
