"""The registry of formats, chosen by content first and by the name's extension second.

Whatever neither reader knows is refused by name of its format: fail closed.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import csv, xlsx
from .base import Batch, Incomplete, Reader, ReadError, Source
from .sniff import sniff

READERS: dict[str, Reader] = {"csv": csv.read, "xlsx": xlsx.read}


def reader_for(source: Source) -> Reader:
    """Return the reader for a file, or one that refuses it."""
    if not source.path.is_file():
        # A folder, or a pipe that would never end.
        raise ReadError("not_found")
    with source.path.open("rb") as file:
        head = file.read(65_536)
    if not head:
        raise ReadError("empty_file")
    format_ = sniff(head, source.path, source.name)
    return READERS.get(format_) or _refuse(format_)


def _refuse(format_: str) -> Reader:
    def refuse(source: Source) -> Iterator[Batch | Incomplete]:
        code, _, detail = format_.partition(":")
        if code == "broken_file":
            raise ReadError(code, detail=detail)
        if code in ("encrypted", "unreadable"):
            raise ReadError(code)
        raise ReadError("unsupported_format", format=format_)
        yield  # pragma: no cover - makes this a generator

    return refuse


__all__ = ["READERS", "reader_for"]
