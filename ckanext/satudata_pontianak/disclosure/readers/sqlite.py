"""SQLite databases and GeoPackages: every row of every table, and what was deleted.

A database from a stranger runs nothing here: no views, triggers, virtual tables or functions are
evaluated, no extension loads, nothing is written. Of points in a GeoPackage the coordinates are
read. What was deleted stays in free pages until the database is vacuumed, and who downloads the
file has it. Source: sqlite.org, Defense Against The Dark Arts; Database File Format.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import polars as pl

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from .base import Batch, Heading, Incomplete, ReadError, Source, texts
from .heading import NAME_LENGTH
from .strings import runs

_ROWS = 5_000
_LARGEST = 256 * MEGABYTE
_PAGES = 2_000
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 64 * MEGABYTE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: MEGABYTE,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 2,
}
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_PRAGMAS = ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "query_only=ON")
_LEAF, _INTERIOR, _INDEX_LEAF, _INDEX = 0x0D, 0x05, 0x0A, 0x02
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_PLACE = (Heading("longitude", "longitude"), Heading("latitude", "latitude"))


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every table, the schema and what was deleted."""
    try:
        with closing(_connect(source)) as database:
            yield from _read(database, source)
        yield from _deleted(source)
    except (sqlite3.Error, OverflowError, struct.error, UnicodeError):
        raise ReadError("broken_file", detail="sqlite") from None


def _connect(source: Source) -> sqlite3.Connection:
    if source.data is None and source.stream is None:
        path = quote(str(source.path.absolute()))
        database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    else:
        data = bytearray(source.bytes(_LARGEST))
        data[18:20] = b"\x01\x01"  # a log beside it, which memory has not
        database = sqlite3.connect(":memory:")
        database.deserialize(bytes(data))
    for limit, value in _LIMITS.items():
        database.setlimit(limit, value)
    for pragma in _PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return database


def _read(database: sqlite3.Connection, source: Source) -> Iterator[Batch | Incomplete]:
    # Pages that do not add up hide rows without a word.
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise ReadError("broken_file", detail="sqlite")
    schema = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    words = [t for _, name, sql in schema for t in (name, *(sql or "").splitlines()) if t]
    if words:
        yield texts("@schema", words)
    real = [
        name
        for kind, name, sql in schema
        if kind == "table" and not (sql or "").upper().startswith("CREATE VIRTUAL")
    ]
    if len(real) > source.limits.parts:
        raise ReadError("too_large", limit="parts")
    columns = {name: _columns(database, name) for name in real}
    # From here on nothing but reading columns: what a schema calls is refused.
    database.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
    )
    for number, name in enumerate(real):
        if columns[name]:
            yield from _rows(database, name, columns[name])
        source.progress((number + 1) / len(real))


def _quoted(name: str) -> str:
    # Not in double quotes: a name in those that is none becomes a text without a word.
    return "`" + name.replace("`", "``") + "`"


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    """Return the stored columns; computed ones say nothing that the others do not."""
    info = database.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
    return [row[1] for row in info if row[6] != 2]


def _rows(
    database: sqlite3.Connection, table: str, names: list[str]
) -> Iterator[Batch | Incomplete]:
    headings = tuple(
        Heading(" ".join(n.split())[:NAME_LENGTH] or None, n[:2000] or None) for n in names
    )
    tree = table.lower().startswith("rtree_")
    yield Batch(table, {}, headings=headings)
    chosen = ", ".join(map(_quoted, names))
    cursor = database.execute(f"SELECT {chosen} FROM {_quoted(table)}")  # noqa: S608 - quoted
    blobs = _Blobs()
    while rows := cursor.fetchmany(_ROWS):
        columns = {
            index: pl.Series([_text(v, blobs) for v in column], dtype=pl.String)
            for index, column in enumerate(zip(*rows, strict=True))
        }
        yield Batch(table, columns, len(rows), headings)
        yield from blobs.take(table)
    if blobs.opaque and not tree:
        yield Incomplete(Reason("embedded_content", {"part": "blob"}))


class _Blobs:
    """What was found in binary values: places, readable runs, or nothing that can be read."""

    def __init__(self) -> None:
        self.opaque = False
        self.places: list[tuple[float, float]] = []
        self.found: list[str] = []

    def take(self, table: str) -> Iterator[Batch]:
        if self.places:
            columns = {
                i: pl.Series([f"{p[i]:.8g}" for p in self.places], dtype=pl.String) for i in (0, 1)
            }
            yield Batch(f"{table} (geometry)", columns, len(self.places), _PLACE)
        if self.found:
            yield texts(f"@{table}", self.found)
        self.places, self.found = [], []


def _text(value: Any, blobs: _Blobs) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if not isinstance(value, bytes):
        return str(value)
    if value.startswith(b"GP") and len(value) > 8:
        place = _point(value)
        if place is not None:
            blobs.places.append(place)
        return None
    try:
        text = value.decode("utf-8")
        if text.isprintable():
            return text
    except UnicodeDecodeError:
        pass
    blobs.opaque = True
    blobs.found.extend(runs(value))
    return None


def _point(blob: bytes) -> tuple[float, float] | None:
    """Return the coordinates of a point (OGC GeoPackage 1.3, 2.1.3); None for other shapes."""
    start = 8 + _ENVELOPES.get(blob[3] >> 1 & 7, 0)
    shape = blob[start : start + 21]
    if len(shape) < 21:
        return None
    order = "<" if shape[0] else ">"
    kind = struct.unpack(f"{order}I", shape[1:5])[0]
    return struct.unpack(f"{order}dd", shape[5:21]) if kind % 1000 == 1 else None


def _deleted(source: Source) -> Iterator[Batch]:
    """Yield the readable runs of free pages and of the free parts of pages."""
    with source.open() as file:
        head = file.read(100)
        size = struct.unpack(">H", head[16:18])[0]
        size = 65_536 if size == 1 else size
        free = _free_pages(source, head, size)
        file.seek(0)
        found: list[str] = []
        number = 0
        while page := file.read(size):
            number += 1
            for part in [page] if number in free else _unused(page, 100 if number == 1 else 0):
                if len(part) > 8 and part.count(0) < len(part):
                    found.extend(runs(part))
            if found and number % _PAGES == 0:
                yield texts("@deleted", found)
                found = []
    if found:
        yield texts("@deleted", found)


def _free_pages(source: Source, head: bytes, size: int) -> set[int]:
    """Follow the list of free pages."""
    trunk, count = struct.unpack(">II", head[32:40])
    free: set[int] = set()
    with source.open() as file:
        while trunk and trunk not in free and len(free) <= count:
            free.add(trunk)
            file.seek((trunk - 1) * size)
            page = file.read(size)
            if len(page) < size:
                break
            trunk, leaves = struct.unpack(">II", page[:8])
            leaves = min(leaves, size // 4 - 2)
            free.update(struct.unpack(f">{leaves}I", page[8 : 8 + 4 * leaves]))
    return free


def _unused(page: bytes, start: int) -> Iterator[bytes]:
    """Yield what no cell of a page uses; nothing of a page that is no leaf of a tree."""
    if page[start] not in (_LEAF, _INTERIOR, _INDEX_LEAF, _INDEX):
        return
    block, cells, content = struct.unpack(">HHH", page[start + 1 : start + 7])
    first = start + (8 if page[start] in (_LEAF, _INDEX_LEAF) else 12) + 2 * cells
    yield page[first : content or 65_536]
    seen = 0
    while block and block + 4 <= len(page) and seen < len(page):
        following, length = struct.unpack(">HH", page[block : block + 4])
        yield page[block + 4 : block + length]
        seen += max(length, 4)
        block = following
