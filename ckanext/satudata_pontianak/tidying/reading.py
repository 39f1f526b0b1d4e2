"""From the bytes of a file to the grids of its sheets, within bounds.

What is opened has been through the scan's own container checks: no bomb, no entities, no bytes that
belong to nobody.
"""

from __future__ import annotations

import csv
import os
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import xlrd
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from ..disclosure.limits import Limits
from ..disclosure.readers import decode
from ..disclosure.readers.base import ReadError, Source
from ..disclosure.readers.csv import find_dialect
from ..disclosure.readers.ooxml import local, new_parser
from ..disclosure.readers.package import Package, opened
from ..disclosure.readers.sniff import sniff
from .definition import Bounds, definition
from .grid import Area, Cell, Grid, Kind, Place, cell_of, percent_cell
from .months import with_months

_BROKEN = (
    AssertionError,
    ArithmeticError,
    AttributeError,
    CompDocError,
    InvalidFileException,
    LookupError,
    OSError,
    ParseError,
    RecursionError,
    TypeError,
    ValueError,
    XLRDError,
    struct.error,
    zipfile.BadZipFile,
)
_LITERAL = re.compile(r'"[^"]*"|\\.')
FORMATS = frozenset({"csv", "xlsx", "xls", "ods"})


def grids(path: Path, name: str, bounds: Bounds | None = None) -> list[Grid]:
    """Return the sheets of a file that hold something, in their order, hidden ones too.

    :param name: what the file is called; its ending decides among texts.
    :raises ReadError: ``too_large``, ``unsupported_format``, ``empty_file``, ``no_rows``, or what
        the readers say of a broken or hostile file.
    """
    bounds = bounds or definition().bounds
    size = path.stat().st_size
    if not size:
        raise ReadError("empty_file")
    if size > bounds.bytes:
        raise ReadError("too_large", limit="size")
    with path.open("rb") as file:
        format_ = sniff(file.read(65_536), path, name)
    code, _, detail = format_.partition(":")
    if code == "broken_file":
        raise ReadError(code, detail=detail)
    if code in ("encrypted", "unreadable"):
        raise ReadError(code)
    if format_ not in FORMATS:
        raise ReadError("unsupported_format", format=format_)
    source = Source(path, name, Limits(unpacked=bounds.unpacked))
    read = {"csv": _delimited, "xlsx": _xlsx, "xls": _xls, "ods": _ods}[format_]
    found = [with_months(grid) for grid in read(source, bounds) if grid.cells]
    if not found:
        raise ReadError("no_rows")
    return found


class _Counted:
    """Takes cells until there are too many."""

    def __init__(self, bounds: Bounds, times: int = 1) -> None:
        self._bounds, self._left = bounds, bounds.cells * times

    def spend(self, cells: int = 1) -> None:
        self._left -= cells
        if self._left < 0:
            raise ReadError("too_large", limit="cells")

    def check(self, row: int, column: int) -> None:
        if row > self._bounds.rows:
            raise ReadError("too_large", limit="rows")
        if column > self._bounds.columns:
            raise ReadError("too_large", limit="columns")

    def sheet(self, number: int) -> None:
        if number > self._bounds.sheets:
            raise ReadError("too_large", limit="sheets")


def _kept(values: Iterable[tuple[Place, object]], counted: _Counted) -> dict[Place, Cell]:
    cells: dict[Place, Cell] = {}
    for place, value in values:
        cell = value if isinstance(value, Cell) else cell_of(value)
        if cell is not None:
            counted.check(*place)
            counted.spend()
            cells[place] = cell
    return cells


# ---------------------------------------------------------------------------- delimited text


def _delimited(source: Source, bounds: Bounds) -> Iterator[Grid]:
    text = b"".join(decode.blocks(source)).decode("utf-8").removeprefix("\ufeff")
    dialect = find_dialect(text, prefer="\t" if source.name.lower().endswith(".tsv") else None)
    counted = _Counted(bounds)
    csv.field_size_limit(bounds.bytes)
    try:
        rows = csv.reader(text.splitlines(keepends=True), delimiter=dialect.delimiter)
        values = (
            ((row, column), value)
            for row, line in enumerate(rows, 1)
            for column, value in enumerate(line, 1)
        )
        yield Grid("", _kept(values, counted))
    except csv.Error:
        raise ReadError("broken_file", detail="csv") from None


# ---------------------------------------------------------------------------- workbooks


def _xlsx(source: Source, bounds: Bounds) -> Iterator[Grid]:
    with opened(source) as package:
        uncounted = _count_xlsx(package, bounds)
    counted = _Counted(bounds)
    with source.open() as file:
        try:
            book = openpyxl.load_workbook(file, data_only=True, keep_links=False)
        except _BROKEN:
            raise ReadError("broken_file", detail="parts") from None
        for number, sheet in enumerate(book.worksheets, 1):
            counted.sheet(number)
            yield replace(_xlsx_grid(sheet, counted), uncounted=uncounted)


def _count_xlsx(package: Package, bounds: Bounds) -> int:
    """Refuse what would fill the memory before it does; document types are refused with it.

    :returns: how many formulas have no value in the file, as where a program wrote it.
    """
    # Empty cells with a border cost as much memory as others, and mean less.
    cells, merged = _Counted(bounds, times=4), _Counted(bounds, times=4)

    formulas = _Formulas()

    def start(name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "c":
            cells.spend()
        elif name == "mergeCell":
            # openpyxl makes a cell of each that is joined.
            merged.spend(_size(attributes.get("ref", "")))
        formulas.start(name)

    for part in package.parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            # Elsewhere cells and their values have other names.
            for _ in package.feed(part, new_parser(start, formulas.end, formulas.data)):
                pass
    return formulas.without


class _Formulas:
    """Counts the cells whose formula has no value beside it."""

    def __init__(self) -> None:
        self.without = 0
        self._formula = self._value = self._within = False

    def start(self, name: str) -> None:
        if name == "c":
            self._formula = self._value = False
        elif name == "f":
            self._formula = True
        self._within = name == "v"

    def data(self, text: str) -> None:
        self._value = self._value or self._within

    def end(self, name: str) -> None:
        self._within = False
        if local(name) == "c" and self._formula and not self._value:
            self.without += 1
            self._formula = False


def _size(reference: str) -> int:
    """Return how many cells a joined area has."""
    try:
        left, top, right, bottom = range_boundaries(reference)
    except ValueError:
        raise ReadError("broken_file", detail="reference") from None
    if left is None or top is None or right is None or bottom is None:
        raise ReadError("broken_file", detail="reference")
    return (right - left + 1) * (bottom - top + 1)


def _xlsx_grid(sheet: Any, counted: _Counted) -> Grid:
    # Not ``iter_rows()``, which makes a cell of every place up to the last one.
    held = sheet._cells.values()
    values = (((c.row, c.column), _xlsx_value(c)) for c in held if c.value is not None)
    try:
        cells = _kept(values, counted)
        merged = tuple(
            Area(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges
        )
        rows = frozenset(n for n, d in sheet.row_dimensions.items() if d.hidden)
        columns = frozenset(
            n
            for d in sheet.column_dimensions.values()
            if d.hidden and d.min and d.max
            for n in range(d.min, min(d.max, 16_384) + 1)
        )
    except _BROKEN:
        raise ReadError("broken_file", detail="parts") from None
    visible = sheet.sheet_state == "visible"
    return Grid(str(sheet.title), cells, _bounded(merged, cells), rows, columns, visible)


def _xlsx_value(cell: Any) -> object:
    value = cell.value
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return percent_cell(value) if number and shows_percent(cell.number_format) else value


def shows_percent(format_: str) -> bool:
    """Tell whether a format of numbers shows them in percent; a quoted sign is only a text."""
    return "%" in _LITERAL.sub("", format_ or "")


def _bounded(merged: tuple[Area, ...], cells: Mapping[Place, Cell]) -> tuple[Area, ...]:
    """Cut joined areas at the last filled cell: a whole joined column is no million cells."""
    bottom = max((row for row, _ in cells), default=1)
    right = max((column for _, column in cells), default=1)
    return tuple(
        sorted(
            Area(a.top, a.left, min(a.bottom, bottom), max(a.left, min(a.right, right + 50)))
            for a in merged
            if a.top <= bottom
        )
    )


def _xls(source: Source, bounds: Bounds) -> Iterator[Grid]:
    counted = _Counted(bounds)
    data = source.bytes(bounds.bytes)
    try:
        with open(os.devnull, "w", encoding="utf-8") as silence:  # noqa: PTH123 - a name, no path
            book = xlrd.open_workbook(
                file_contents=data, logfile=silence, formatting_info=True, ragged_rows=True
            )
        for number, sheet in enumerate(book.sheets(), 1):
            counted.sheet(number)
            cells = _kept(_xls_values(book, sheet), counted)
            merged = tuple(
                Area(top + 1, left + 1, bottom, right)
                for top, bottom, left, right in sheet.merged_cells
            )
            rows = frozenset(n + 1 for n, info in sheet.rowinfo_map.items() if info.hidden)
            columns = frozenset(n + 1 for n, info in sheet.colinfo_map.items() if info.hidden)
            shown = sheet.visibility == 0
            yield Grid(sheet.name, cells, _bounded(merged, cells), rows, columns, shown)
    except _BROKEN:
        raise ReadError("broken_file", detail="xls") from None


def _xls_values(book: Any, sheet: Any) -> Iterator[tuple[Place, object]]:
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row), 1):
            value: object = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate.xldate_as_datetime(float(cell.value), book.datemode)
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(cell.value)
            elif cell.ctype not in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER):
                continue
            elif cell.ctype == xlrd.XL_CELL_NUMBER and shows_percent(_xls_format(book, cell)):
                value = percent_cell(float(cell.value))
            yield (row + 1, column), value


def _xls_format(book: Any, cell: Any) -> str:
    if cell.xf_index is None:
        return ""
    format_ = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return str(format_.format_str) if format_ else ""


def _ods(source: Source, bounds: Bounds) -> Iterator[Grid]:
    with opened(source) as package:
        part = next((p for p in package.parts if p.filename == "content.xml"), None)
        if part is None:
            raise ReadError("broken_file", detail="parts")
        book = _OdsTables(bounds)
        parser = new_parser(book.start, book.end, book.data)
        for _ in package.feed(part, parser):
            pass
    yield from book.grids


class _OdsTables:
    """Takes the events of ``content.xml``."""

    def __init__(self, bounds: Bounds) -> None:
        self.grids: list[Grid] = []
        self._counted, self._widest = _Counted(bounds), bounds.columns
        self._name: str | None = None
        self._cells: dict[Place, Cell] = {}
        self._merged: list[Area] = []
        self._hidden: set[int] = set()
        self._row = self._column = 0
        self._rows = 1
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._deep = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        told = {local(key): value for key, value in attributes.items()}
        if self._cell is not None and (self._deep or name in ("annotation", "shapes", "frame")):
            self._deep += 1
        elif name == "table" and self._name is None:
            self._name, self._row = told.get("name", ""), 1
            self._counted.sheet(len(self.grids) + 1)
        elif name == "table-row":
            self._rows, self._column = _times(told.get("number-rows-repeated")), 1
            if told.get("visibility") in ("collapse", "filter"):
                self._hidden.update(range(self._row, self._row + min(self._rows, 1000)))
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._text = told, []
        elif self._cell is not None and name in ("s", "tab", "line-break"):
            self._text.append(" ")

    def data(self, text: str) -> None:
        if self._cell is not None and not self._deep:
            self._text.append(text)

    def end(self, name: str) -> None:
        name = local(name)
        if self._deep:
            self._deep -= 1
        elif name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "table-row":
            self._row += self._rows
        elif name == "table" and self._name is not None:
            cells, merged = self._cells, tuple(self._merged)
            self.grids.append(
                Grid(self._name, cells, _bounded(merged, cells), frozenset(self._hidden))
            )
            self._name, self._cells, self._merged, self._hidden = None, {}, [], set()

    def _end_cell(self, told: dict[str, str]) -> None:
        times = _times(told.get("number-columns-repeated"))
        cell = _ods_cell(told, "".join(self._text))
        if cell is not None:
            self._counted.spend(times * self._rows)
            self._counted.check(self._row + self._rows - 1, self._column + times - 1)
            for row in range(self._row, self._row + self._rows):
                for column in range(self._column, self._column + times):
                    self._cells[row, column] = cell
            down = _times(told.get("number-rows-spanned"))
            across = _times(told.get("number-columns-spanned"))
            if down > 1 or across > 1:
                bottom, right = self._row + down - 1, self._column + across - 1
                self._merged.append(Area(self._row, self._column, bottom, right))
        self._column += times


def _ods_cell(told: dict[str, str], shown: str) -> Cell | None:
    kind = told.get("value-type", "")
    try:
        if kind == "percentage":
            return percent_cell(float(told["value"]))
        if kind in ("float", "currency"):
            return cell_of(float(told["value"]))
        if kind == "date":
            return Cell(told["date-value"].removesuffix("T00:00:00"), Kind.DATE)
        if kind == "boolean":
            return Cell(told["boolean-value"], Kind.BOOLEAN)
    except (KeyError, ValueError, OverflowError):
        raise ReadError("broken_file", detail="cell") from None
    return cell_of(shown)


def _times(text: str | None) -> int:
    if text is None:
        return 1
    if not text.isdecimal() or len(text) > 9:
        raise ReadError("broken_file", detail="reference")
    return max(1, int(text))
