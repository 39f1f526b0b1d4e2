"""How a Parquet file is laid out: to find what it holds and its rows do not show.

A dictionary keeps the values of a column that was filtered or emptied, and bytes that belong to no
column may be anything. Whoever downloads the file has both. Source: parquet.apache.org, File
Format; parquet-format, parquet.thrift (numbers of fields).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE

from .thrift import Malformed, Structures

_MAGIC = b"PAR1"
_LARGEST = 64 * MEGABYTE
_HEAD = 65_536
"""Bytes in which the head of a page ends, statistics included."""
_DICTIONARY_PAGE = 2
_SCHEMA_OF_ARROW = b"ARROW:schema"


@dataclass(frozen=True)
class Chunk:
    """One column of one group of rows.

    :ivar name: of the column of the table that it is, or is a part of.
    :ivar nested: it is only a part, or a list.
    :ivar nulls: how many cells are empty, ``None`` where it is not said.
    :ivar words: how many values its dictionary holds, ``None`` without one.
    """

    name: str
    nested: bool
    nulls: int | None
    words: int | None


@dataclass(frozen=True)
class Layout:
    """Groups of rows (their number, their columns), and what the footer says beside columns."""

    groups: list[tuple[int, list[Chunk]]]
    texts: list[bytes]


def read(file: BinaryIO, size: int) -> Layout:
    """Return the layout of a file.

    :raises Malformed: it is no Parquet file, or holds bytes of which nobody says what they are.
    """
    try:
        return _read(file, size)
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        raise Malformed from None  # another structure than the format has


def _read(file: BinaryIO, size: int) -> Layout:
    end = _piece(file, size - 8, 8)
    length = int.from_bytes(end[:4], "little")
    if end[4:] != _MAGIC or length > min(_LARGEST, size - 12) or _piece(file, 0, 4) != _MAGIC:
        raise Malformed
    raw = _piece(file, size - 8 - length, length)
    footer = Structures(raw).struct()
    groups, taken, copies = [], [(0, 4), (size - 8 - length, size)], []
    for group in footer.get(4, []):
        chunks = []
        for column in group[1]:
            chunks.append(_chunk(file, column))
            taken += _places(column)
            copies.append(column[3])
        groups.append((int(group[3]), chunks))
    _check_gaps(file, taken, copies)
    beside = [footer.get(5), footer.get(6), *(copy.get(8) for copy in copies)]
    return Layout(groups, list(_texts(beside)))


def _chunk(file: BinaryIO, column: dict[int, Any]) -> Chunk:
    if column.get(1):  # another file would hold the data
        raise Malformed
    said = column[3]
    path = [part.decode("utf-8") for part in said[3]]
    words = None
    if said[7]:  # without rows there may be no pages
        head = Structures(_piece(file, _start(said), _HEAD)).struct()
        words = int(head[7][1]) if head[1] == _DICTIONARY_PAGE else None
    nulls = said.get(12, {}).get(3)
    return Chunk(path[0], len(path) > 1, nulls, words)


def _start(said: dict[int, Any]) -> int:
    """Return where a column begins: at its dictionary, if it names one."""
    return min(place for place in (said[9], said.get(11)) if place)


def _places(column: dict[int, Any]) -> Iterator[tuple[int, int]]:
    """Give the parts of the file that belong to a column: pages, indexes, filter."""
    said = column[3]
    if said[7]:
        yield _start(said), _start(said) + said[7]
    for place, length in ((column.get(4), column.get(5)), (column.get(6), column.get(7)),
                          (said.get(14), said.get(15))):  # fmt: skip
        if place and length:
            yield place, place + length


def _check_gaps(file: BinaryIO, taken: list[tuple[int, int]], copies: list[dict[int, Any]]) -> None:
    """Refuse what stands between the parts, but zeros that fill up and copies of the footer."""
    reached = 0
    for start, end in sorted(taken):
        if end < start:
            raise Malformed
        if reached < start:
            gap = _piece(file, reached, min(_LARGEST, start - reached))
            if len(gap) != start - reached or (any(gap) and not _repeats(gap, copies)):
                raise Malformed
        reached = max(reached, end)


def _repeats(gap: bytes, copies: list[dict[int, Any]]) -> bool:
    """Tell whether some bytes say again what the footer says of columns, as some writers do."""
    repeated = Structures(gap)
    while not repeated.ended:
        if repeated.struct() not in copies:
            return False
    return True


def _texts(value: Any) -> Iterator[bytes]:
    """Give every binary of a structure but Arrow's own schema, which says what the columns say."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, dict) and value.get(1) != _SCHEMA_OF_ARROW:
        for inner in value.values():
            yield from _texts(inner)


def _piece(file: BinaryIO, start: int, length: int) -> bytes:
    if start < 0:
        raise Malformed
    file.seek(start)
    return file.read(length)
