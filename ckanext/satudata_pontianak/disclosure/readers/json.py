"""JSON, one document or one a line, and GeoJSON: nested objects flattened into columns.

``ijson`` is used because it streams and because it shows every key: other parsers keep the last
of two equal keys, while who downloads the file has both. A column is the path to a value without
the positions in arrays; a table is an array of objects. Keys are content too.
"""

from __future__ import annotations

from collections.abc import Iterator

import ijson
import polars as pl

from .base import Batch, Heading, Incomplete, ReadError, Source, texts
from .decode import blocks
from .heading import NAME_LENGTH, find_layout

_DEEPEST = 100
_CELLS = 200_000
_PIECE = 64 * 1024
_MOST_KEYS = 512
_PLACES = {"[0]": "longitude", "[1]": "latitude"}
_SCALARS = {"string", "number", "boolean"}


class _Table:
    """An array of objects: its columns so far, and the values since the last batch."""

    def __init__(self, name: str | None) -> None:
        self.name = name
        self.nodes: list[_Node] = []
        self.rows = 0

    def batch(self, *, heading: bool = False) -> Batch:
        columns: dict[int, pl.Series] = {}
        headings = []
        for index, node in enumerate(self.nodes):
            headings.append(node.heading)
            if node.values:
                columns[index] = pl.Series(node.values, dtype=pl.String)
                node.values.clear()
        rows, self.rows = (0, self.rows) if heading else (self.rows, 0)
        return Batch(self.name, columns, rows, tuple(headings))


class _Node:
    """A path in the documents."""

    __slots__ = ("children", "heading", "key", "name", "table", "top", "values")

    def __init__(self, key: str, name: str, table: _Table) -> None:
        self.key = key
        self.name = name
        self.table = table
        self.top = False
        self.children: dict[str, _Node] = {}
        self.values: list[str] | None = None
        self.heading = Heading(None, None)

    def child(self, key: str) -> tuple[_Node, bool]:
        """Return the node below, and whether its key is new."""
        known = self.children.get(key)
        if known is not None:
            return known, False
        shown = key
        if len(self.children) >= _MOST_KEYS:
            # So many keys are values themselves.
            shown = "*"
            if "*" in self.children:
                return self.children["*"], True
        name = shown if self.top or not self.name else f"{self.name}.{shown}"
        made = self.children[shown] = _Node(shown, name, self.table)
        return made, True

    def add(self, value: str) -> None:
        if self.values is None:
            self.values = []
            self.table.nodes.append(self)
            if self.name and not self.top:
                name = " ".join(self.name.split())[:NAME_LENGTH] or None
                self.heading = Heading(name, self.name[:2000].replace(".", " "))
        self.values.append(value)

    def becomes_table(self, path: str) -> None:
        """From here on, this array of objects is a table of its own."""
        self.table = _Table(path)
        self.top = True


class _Flattener:
    """Turns parser events into tables."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._root_table = _Table(None)
        self._root = _Node("", "", self._root_table)
        self._root.top = True
        self._tables = [self._root_table]
        # A frame is: node, is an array, its values have a column for each position, position.
        self._frames: list[list] = []
        self._current = self._root
        self._keys: list[str] = []
        self._overflow: list[str] = []
        self._columns = 0
        self.cells = 0
        self.ready: list[Batch] = []

    def take(self, events: list[tuple[str, object]]) -> None:
        for event, value in events:
            if event == "map_key":
                self._key(str(value))
            elif event in _SCALARS:
                self._scalar(value)
            elif event.startswith("start"):
                self._start(is_array=event == "start_array")
            elif event.startswith("end"):
                self._end()
            elif self._frames and self._frames[-1][1]:
                self._frames[-1][3] += 1

    def _key(self, key: str) -> None:
        self._current, new = self._frames[-1][0].child(key)
        if new:
            self._keys.append(key)

    def _target(self) -> _Node:
        if not self._frames:
            return self._root
        frame = self._frames[-1]
        return frame[0] if frame[1] else self._current

    def _scalar(self, value: object) -> None:
        node = self._target()
        if self._frames and self._frames[-1][1]:
            frame = self._frames[-1]
            if frame[2]:
                key = f"[{frame[3]}]"
                node, _ = node.child(_PLACES.get(key, key) if node.key == "coordinates" else key)
            frame[3] += 1
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        self.cells += 1
        if node.values is None and len(node.table.nodes) >= self._most:
            self._overflow.append(text)
        else:
            node.add(text)

    def _start(self, *, is_array: bool) -> None:
        if len(self._frames) >= _DEEPEST:
            raise ReadError("too_large", limit="depth")
        node = self._target()
        within = bool(self._frames) and self._frames[-1][1]
        inner = within and node.table is self._root_table and node is not self._root
        if inner and not is_array and not node.children:
            node.becomes_table(node.name)
            self._tables.append(node.table)
        if node.top and (within or not (self._frames or is_array)):
            node.table.rows += 1
        positional = is_array and (within or node.key == "coordinates")
        self._frames.append([node, is_array, positional, 0])

    def _end(self) -> None:
        node, is_array, positional, _ = self._frames.pop()
        if self._frames and self._frames[-1][1]:
            self._frames[-1][3] += 1
        if is_array and positional and node.top and node.table.rows == 1:
            self._first_row(node)

    def _first_row(self, node: _Node) -> None:
        """Take the first of rows that are arrays for the heading if it is one."""
        cells = list(node.children.values())
        row = [c.values[0] if c.values else None for c in cells]
        layout = find_layout([row])
        if not layout.before:
            return
        for cell, heading in zip(cells, layout.headings, strict=False):
            cell.heading = heading
        node.table.rows = 0
        self.ready.append(node.table.batch(heading=True))

    def flush(self) -> list[Batch]:
        """Return what was read since the last time."""
        ready, self.ready = self.ready, []
        ready += [t.batch() for t in self._tables if t.rows or any(n.values for n in t.nodes)]
        for name, found in (("@keys", self._keys), ("@beyond", self._overflow)):
            if found:
                ready.append(texts(name, found))
                found.clear()
        self.cells = 0
        return ready


class _RowByRow(_Flattener):
    """Gives a batch for each object, so that the values of one stand side by side."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self._looked: set[int] = set()

    def _first_row(self, node: _Node) -> None:
        if id(node.table) not in self._looked:
            self._looked.add(id(node.table))
            super()._first_row(node)

    def take(self, events: list[tuple[str, object]]) -> None:
        for event in events:
            super().take([event])
            if event[0].startswith("start"):
                self.ready += [_side_by_side(t, 1) for t in self._tables if t.rows > 1]

    def flush(self) -> list[Batch]:
        ready, self.ready = self.ready, []
        return ready

    def rest(self) -> list[Batch]:
        """Return the last object of each table, when the file has ended."""
        return [_side_by_side(table, 0) for table in self._tables if table.rows]


def _side_by_side(table: _Table, begun: int) -> Batch:
    """Return the object that has ended as a row; several values under one key are joined.

    :param begun: how many objects of the table have begun since.
    """
    columns, headings = {}, []
    for index, node in enumerate(table.nodes):
        headings.append(node.heading)
        columns[index] = pl.Series(["; ".join(node.values or ()) or None], dtype=pl.String)
        if node.values:
            node.values.clear()
    table.rows = begun
    return Batch(table.name, columns, 1, tuple(headings))


def _fed(flattener: _Flattener, source: Source) -> Iterator[None]:
    """Let a flattener take the whole of a file; stop after each piece, for who takes it from it."""
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, multiple_values=True)
    for block in blocks(source):
        for start in range(0, len(block), _PIECE):
            parser.send(block[start : start + _PIECE])
            flattener.take(events)
            del events[:]
            yield
    parser.close()
    flattener.take(events)


def rows(source: Source) -> Iterator[Batch]:
    """Read objects one by one, for who looks at the first of them; places are those of the scan."""
    flattener = _RowByRow(source.limits.columns)
    try:
        for _ in _fed(flattener, source):
            yield from flattener.flush()
    except (ijson.JSONError, ValueError, ArithmeticError, SystemError):
        raise ReadError("broken_file", detail="json") from None
    yield from flattener.flush()
    yield from flattener.rest()


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every key and every value."""
    flattener = _Flattener(source.limits.columns)
    try:
        for _ in _fed(flattener, source):
            if flattener.cells > _CELLS:
                yield from flattener.flush()
    except (ijson.JSONError, ValueError, ArithmeticError, SystemError):
        # All but the first: numbers beyond what any program takes.
        yield from flattener.flush()
        raise ReadError("broken_file", detail="json") from None
    yield from flattener.flush()
