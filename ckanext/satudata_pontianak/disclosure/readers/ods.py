"""Workbooks of the form ODS: every table, hidden or not, and all text in every other part.

A cell may say how often it is repeated, and so may a row: repeated cells are repeated here as
well, within a limit, so that shares and totals are right and a few bytes are no bomb.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence

from .base import Batch, Incomplete, ReadError, Source, cells_of, texts
from .heading import PREVIEW, Layout, find_layout
from .ooxml import TextSweep, local, new_parser, other_part
from .package import Package, opened

_CELLS = 300_000
_MOST_CELLS = 200_000_000
_SCRIPTS = re.compile(r"^(?:Basic|Scripts)/", re.IGNORECASE)
_IGNORED = re.compile(r"^mimetype$|^META-INF/manifest\.xml$|^layout-cache$", re.IGNORECASE)
_VALUES = ("value", "date-value", "time-value", "boolean-value", "string-value")
_TELLING_FORMULA = re.compile(r"[\"@]|[0-9]{9}")
_BESIDE = frozenset(
    {"annotation", "shapes", "frame", "object", "named-expressions", "tracked-changes"}
)


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every part of a workbook."""
    with opened(source) as package:
        names = [part.filename for part in package.parts]
        if any(_SCRIPTS.search(name) and not name.endswith("-lc.xml") for name in names):
            raise ReadError("macro")
        content = [part for part in package.parts if part.filename == "content.xml"]
        if len(content) != 1:
            raise ReadError("broken_file", detail="parts")
        yield from _content(package, content[0], source)
        for part in package.parts:
            if part is not content[0] and not _IGNORED.search(part.filename):
                yield from other_part(package, part, source)


def _content(package: Package, part: zipfile.ZipInfo, source: Source) -> Iterator[Batch]:
    parser = _Content(source.limits.columns)
    total, done = max(1, part.file_size), 0
    for size in package.feed(part, parser.parser):
        done += size
        source.progress(done / total)
        yield from parser.take()
    yield from parser.finish()


class _Content:
    """Turns the events of ``content.xml`` into batches."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left = _MOST_CELLS
        self._ready: list[Batch] = []
        self._table: str | None = None
        self._rows: list[list[str | None]] = []
        self._numbers: list[int] = []
        self._number = 0
        self._size = 0
        self._layout: Layout | None = None
        self._row: list[str | None] = []
        self._repeat_row = 1
        self._repeat = 1
        self._value: str | None = None
        self._text: list[str] = []
        self._in_cell = False
        self._beside: list[str] = []
        self._deep = 0
        self._sweep = TextSweep(self._beside.append)
        self.parser = new_parser(self._start, self._end, self._data)

    def take(self) -> list[Batch]:
        """Return the batches that are ready."""
        ready, self._ready = self._ready, []
        return ready

    def finish(self) -> list[Batch]:
        """Return what is left when the part has ended."""
        self._end_table()
        return self.take()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "script":
            raise ReadError("macro")
        if name == "dde-source":
            raise ReadError("formula")
        if self._deep or name in _BESIDE:
            self._deep += 1
            self._sweep.start(name, attributes)
        elif name == "table":
            self._end_table()
            self._table = _attribute(attributes, "name") or ""
        elif name == "table-row":
            # Cells that stand in no row, or in one around this one.
            self._beside.extend(cell for cell in self._row if cell)
            self._row = []
            self._repeat_row = _count(attributes, "number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            self._in_cell = True
            self._repeat, self._value = 1, None
            if attributes:
                self._start_cell({local(k): v for k, v in attributes.items()})
        elif self._in_cell:
            if name in ("s", "tab", "line-break"):
                self._text.append(" ")
            self._beside.extend(v for k, v in attributes.items() if local(k) == "href")
        else:
            self._sweep.start(name, attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._repeat = _count(attributes, "number-columns-repeated")
        values = (attributes.get(key) for key in _VALUES)
        self._value = next((v for v in values if v), None)
        formula = attributes.get("formula", "")
        if _TELLING_FORMULA.search(formula):
            self._beside.append(formula)

    def _data(self, text: str) -> None:
        if self._deep or not self._in_cell:
            self._sweep.data(text)
        else:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = local(name)
        if self._deep:
            self._deep -= 1
            self._sweep.end(name)
        elif name == "table":
            self._end_table()
        elif name == "table-row":
            self._end_row()
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif self._in_cell:
            if name == "p":
                self._text.append("\n")
        else:
            self._sweep.end(name)

    def _end_cell(self) -> None:
        shown = "".join(self._text).strip()
        self._text.clear()
        self._in_cell = False
        value = self._value or shown or None
        if self._value and shown not in ("", self._value):
            # What is shown and what is stored may differ, and mostly it is a form of number.
            digits = _digits(shown)
            if not digits or digits != _digits(self._value):
                self._beside.append(shown)
        if len(self._row) + self._repeat > self._limit:
            self._repeat = max(1, self._limit - len(self._row)) if value else 0
        self._row.extend([value] * self._repeat)

    def _end_row(self) -> None:
        row, self._row = self._row, []
        while row and row[-1] is None:
            row.pop()
        if not row:
            self._number += self._repeat_row
            return
        cells = len(row) * self._repeat_row
        self._left -= cells
        if self._left < 0:
            raise ReadError("too_large", limit="cells")
        for _ in range(self._repeat_row):
            self._rows.append(row)
            self._number += 1
            self._numbers.append(self._number)
            self._size += len(row)
            if self._size + len(self._beside) > _CELLS:
                self._flush()

    def _flush(self) -> None:
        """Let go of the rows so far, with the heading once it is known."""
        rows, numbers = self._rows, self._numbers
        if self._layout is None:
            if not rows:
                return
            self._layout = find_layout(rows[:PREVIEW])
            before = self._layout.before
            self._emit(rows[:before], 0, numbers[:before])
            rows, numbers = rows[before:], numbers[before:]
        self._emit(rows, len(rows), numbers)
        self._rows, self._numbers, self._size = [], [], 0

    def _emit(
        self, rows: Sequence[Sequence[str | None]], counted: int, numbers: Sequence[int]
    ) -> None:
        headings = self._layout.headings[: self._limit] if self._layout else ()
        if rows:
            columns = cells_of(rows, self._limit)
            self._ready.append(
                Batch(
                    self._table, columns, counted, headings,
                    numbers=lambda column: numbers, addressed=True,
                )
            )  # fmt: skip

    def _end_table(self) -> None:
        self._flush()
        self._number = 0
        self._beside.extend(cell for cell in self._row if cell)
        self._layout, self._row = None, []
        self._sweep.flush()
        if self._beside:
            self._ready.append(texts(f"@{self._table or 'content.xml'}", self._beside))
            self._beside.clear()


def _attribute(attributes: dict[str, str], wanted: str) -> str | None:
    return next((v for k, v in attributes.items() if local(k) == wanted), None)


def _count(attributes: dict[str, str], wanted: str) -> int:
    text = _attribute(attributes, wanted) or "1"
    if not text.isdecimal() or len(text) > 9:
        raise ReadError("broken_file", detail="reference")
    return max(1, int(text))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
