"""Attribute tables of shapefiles (dBASE), all records, deleted ones included.

Written here because of the deleted records: libraries leave them out, while who downloads the
file has them. Records have a fixed length, so columns are cut without looking at single cells.
Source: ESRI, Shapefile Technical Description; dBASE level 5 table file format.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator

import polars as pl

from .base import Batch, Heading, Incomplete, ReadError, Source, texts

_BLOCK = 4 * 1024 * 1024
_ENCODINGS = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252", 0x58: "cp1252",
    0x59: "cp1252", 0x64: "cp852", 0xC8: "cp1250", 0xC9: "cp1251",
}  # fmt: skip
_SAME_ASCII = re.compile(
    r"utf-8(-sig)?|ascii|cp(437|850|852|866|874|125[0-8])|iso8859-\d{1,2}|koi8-[ru]"
)
"""Encodings in which every byte of ASCII is that sign. In others (UTF-7, escapes) plain bytes say
something else, so that a file would be read otherwise than it was scanned."""
_FLAGS = b" *"
_BINARY = frozenset(b"IOB+@TY0")
_MEMO = frozenset(b"MGP")


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every record, and whatever stands behind the last one."""
    with source.open() as file:
        start = file.read(32)
        if len(start) < 32:
            raise ReadError("broken_file", detail="dbf")
        count, head, length = struct.unpack("<IHH", start[4:12])
        if head < 33 or length < 2 or head + count * length > source.size + 1:
            raise ReadError("broken_file", detail="dbf")
        fields = _fields(file.read(head - 32), length)
        if len(fields) > source.limits.columns:
            raise ReadError("too_large", limit="columns")
        encoding = encoding_of(source.code_page, start[29])
        headings = tuple(Heading(name, name) for name, *_ in fields)
        yield Batch(None, {}, headings=headings)
        left, step = count, max(1, _BLOCK // length)
        while left:
            number = min(step, left)
            data = file.read(number * length)
            if len(data) < number * length:
                raise ReadError("broken_file", detail="dbf")
            if data[::length].strip(_FLAGS):
                # Not where records begin: cells would be cut in the wrong places.
                raise ReadError("broken_file", detail="dbf")
            left -= number
            yield Batch(None, _columns(data, fields, length, encoding), number, headings)
            source.progress(1 - left / count)
        if rest := file.read(_BLOCK).strip(b"\x1a\x00 "):
            text = rest.decode(encoding or "utf-8", "replace")
            yield texts("@rest", [t for t in text.splitlines() if t])
    if any(kind in _MEMO or kind in _BINARY for _, kind, _, _ in fields):
        raise ReadError("unsupported_format", format="dbt")


def _fields(data: bytes, length: int) -> list[tuple[str, int, int, int]]:
    """Return name, type, offset and size of each field."""
    fields, offset = [], 1
    for position in range(0, len(data) - 31, 32):
        field = data[position : position + 32]
        if field[0] == 0x0D:
            break
        name = field[:11].split(b"\0")[0].decode("utf-8", "replace")
        size = field[16] + (field[17] << 8 if field[11:12] == b"C" else 0)
        fields.append((name, field[11], offset, size))
        offset += size
    # What no field names, or two fields share, nobody sees as it is.
    if not fields or offset != length or not all(size for *_, size in fields):
        raise ReadError("broken_file", detail="dbf")
    return fields


def encoding_of(said: str, mark: int) -> str | None:
    """Return the encoding of the texts, ``None`` where nothing says it.

    :param said: what the file beside (``.cpg``) says.
    :param mark: the byte of the heading that names a code page; asked second.
    :raises ReadError: it is one in which ASCII means something else.
    """
    for name in (said, f"cp{said}" if said.isdigit() else "", said.replace("ANSI ", "cp")):
        try:
            known = codecs.lookup(name).name if name else ""
        except LookupError:
            continue
        if known and not _SAME_ASCII.fullmatch(known):
            raise ReadError("unsupported_format", format="cpg")
        if known:
            return known
    return _ENCODINGS.get(mark)


def _columns(
    data: bytes, fields: list[tuple[str, int, int, int]], length: int, encoding: str | None
) -> dict[int, pl.Series]:
    columns = {}
    for index, (_, _, offset, size) in enumerate(fields):
        values = [_text(data[at : at + size], encoding) for at in range(offset, len(data), length)]
        columns[index] = pl.Series(values, dtype=pl.String)
    return columns


def _text(raw: bytes, encoding: str | None) -> str | None:
    raw = raw.strip(b" \x00")
    if not raw:
        return None
    if raw.isascii():
        return raw.decode("ascii")
    try:
        return raw.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
