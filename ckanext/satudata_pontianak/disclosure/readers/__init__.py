"""The registry of formats, chosen by content first and by the name's extension second.

Whatever no reader knows is refused by name of its format: fail closed. A module is loaded when
its format comes, so that a scan of a table does not pay for what reads documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from .base import Batch, Incomplete, Reader, ReadError, Source
from .sniff import sniff

MODULES: dict[str, str] = {
    "csv": "csv",
    "xlsx": "xlsx",
    "xls": "xls",
    "ods": "ods",
    **dict.fromkeys(("docx", "pptx", "odt"), "docx"),
    "gzip": "gzip",
    "json": "json",
    "parquet": "columnar.parquet",
    "sqlite": "sqlite",
    "pdf": "pdf",
    "zip": "archive",
    "dbf": "dbf",
    "shp": "shp",
    "kml": "kml",
    **dict.fromkeys(("png", "jpeg", "gif", "tiff", "webp"), "image"),
}


def reader_for(source: Source) -> Reader:
    """Return the reader for a file, or one that refuses it."""
    if source.data is None and source.stream is None and not source.path.is_file():
        # A folder, or a pipe that would never end.
        raise ReadError("not_found")
    with source.open() as file:
        head = file.read(65_536)
        if not head:
            raise ReadError("empty_file")
        format_ = sniff(head, file, source.name)
    module = MODULES.get(format_)
    return import_module(f"{__name__}.{module}").read if module else _refuse(format_)


def _refuse(format_: str) -> Reader:
    def refuse(source: Source) -> Iterator[Batch | Incomplete]:
        code, _, detail = format_.partition(":")
        if code == "broken_file":
            raise ReadError(code, detail=detail)
        if code == "program":
            raise ReadError(code, format=detail)
        if code in ("encrypted", "unreadable"):
            raise ReadError(code)
        raise ReadError("unsupported_format", format=format_)
        yield  # pragma: no cover - makes this a generator

    return refuse


__all__ = ["MODULES", "reader_for"]
