"""One worksheet as a stream: cells by column, and everything that stands beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .base import Batch, ReadError, parted, texts
from .formula import check_formula
from .heading import PREVIEW, Layout, find_layout
from .ooxml import TextSweep, local, new_parser

_CELLS = 300_000
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]*$")
_TELLING_FORMULA = re.compile(r"[\"@]|[0-9]{9}")


def column_index(reference: str) -> int:
    """``C7`` is column 2."""
    match = _REFERENCE.match(reference)
    if match is None:
        raise ReadError("broken_file", detail="reference")
    index = 0
    for letter in match[1]:
        index = index * 26 + ord(letter) - 64
    return index - 1


class SharedStrings:
    """The workbook's table of strings, and which of them no cell uses."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._used = bytearray()

    def add(self, text: str) -> None:
        self.values.append(text)
        self._used.append(0)

    def get(self, index: str) -> str:
        try:
            position = abs(int(index))
            self._used[position] = 1
            return self.values[position]
        except (ValueError, IndexError):
            raise ReadError("broken_file", detail="strings") from None

    def unused(self) -> list[str]:
        return [v for v, used in zip(self.values, self._used, strict=True) if not used and v]


class SharedStringsParser:
    """Fills ``SharedStrings``; an item is all its runs joined, phonetic hints included."""

    def __init__(self, strings: SharedStrings) -> None:
        self._strings = strings
        self._text: list[str] = []
        self._inside = False
        self.parser = new_parser(self._start, self._end, self._data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "rPh":
            self._text.append(" ")
        self._inside = name == "t"

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "si":
            self._strings.add("".join(self._text))
            self._text.clear()
        self._inside = False

    def _data(self, text: str) -> None:
        if self._inside:
            self._text.append(text)


class SheetParser:
    """Turns the events of one sheet into batches.

    Recognisers do not need cells of a row side by side, so a column is the list of its filled
    cells only. The first rows are kept until the heading is known.
    """

    def __init__(self, table: str, strings: SharedStrings, limit: int) -> None:
        self._table = table
        self._strings = strings
        self._limit = limit
        self._ready: list[Batch] = []
        self._preview: list[tuple[int, dict[int, str]]] | None = []
        self._layout = Layout(0, ())
        self._columns: dict[int, list[str]] = {}
        self._rows = 0
        self._size = 0
        self._filled = _Filled()
        self._number = 0
        self._row: dict[int, str] = {}
        self._next = 0
        self._column = 0
        self._type = ""
        self._text: list[str] = []
        self._formula: list[str] = []
        self._where = ""
        self._in_cell = False
        self._beside: list[str] = []
        self._sweep = TextSweep(self._beside.append)
        self.parser = new_parser(self._start, self._end, self._data)

    def take(self) -> list[Batch]:
        """Return the batches that are ready."""
        ready, self._ready = self._ready, []
        return ready

    def finish(self) -> list[Batch]:
        """Return what is left when the sheet has ended."""
        if self._preview is not None:
            self._settle()
        self._flush()
        return self.take()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "c":
            reference = attributes.get("r")
            self._column = column_index(reference) if reference else self._next
            self._next = self._column + 1
            self._type = attributes.get("t", "n")
            self._in_cell = True
        elif self._in_cell:
            self._where = name
        elif name == "row":
            self._next = 0
            self._row = {}
            said = attributes.get("r", "")
            self._number = int(said) if said.isdecimal() and len(said) < 9 else self._number + 1
        elif name not in ("sheetData", "cols", "col"):
            self._sweep.start(name, attributes)

    def _data(self, text: str) -> None:
        if not self._in_cell:
            if not text.isspace():
                self._sweep.data(text)
        elif self._where == "f":
            self._formula.append(text)
        elif self._where in ("v", "t"):
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "c":
            self._end_cell()
        elif self._in_cell:
            self._where = ""
        elif name == "row":
            self._end_row()
        elif name not in ("sheetData", "cols", "col"):
            self._sweep.end(name)

    def _end_cell(self) -> None:
        self._in_cell = False
        if self._formula:
            formula = "".join(self._formula)
            self._formula.clear()
            check_formula(formula)
            if _TELLING_FORMULA.search(formula):
                self._beside.append(formula)
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        if self._type == "s":
            text = self._strings.get(text)
        if text:
            column = min(self._column, self._limit)
            known = self._row.get(column)
            # A position given twice, or beyond the limit, must not replace what is there.
            self._row[column] = text if known is None else f"{known}\n{text}"

    def _end_row(self) -> None:
        if not self._row:
            return
        if self._preview is not None:
            self._preview.append((self._number, self._row))
            if len(self._preview) >= PREVIEW:
                self._settle()
        else:
            self._add(self._number, self._row)
        self._row = {}
        if self._size + len(self._beside) > _CELLS:
            self._flush()

    def _settle(self) -> None:
        """Find the heading in the rows kept so far and let them go."""
        rows = self._preview or []
        self._preview = None
        self._layout = find_layout([_dense(row) for _, row in rows])
        for index, (number, row) in enumerate(rows):
            if index == self._layout.before and index:
                self._flush(heading=True)
            self._add(number, row)
        if rows and self._layout.before == len(rows):
            self._flush(heading=True)

    def _add(self, number: int, row: dict[int, str]) -> None:
        self._filled.add(number, row)
        for column, text in row.items():
            self._columns.setdefault(column, []).append(text)
        self._rows += 1
        self._size += len(row)

    def _flush(self, *, heading: bool = False) -> None:
        if self._rows:
            columns = parted(self._columns)
            rows = 0 if heading else self._rows
            headings = self._layout.headings[: self._limit]
            numbers = self._filled.numbers
            self._ready.append(
                Batch(self._table, columns, rows, headings, numbers=numbers, addressed=True)
            )
        self._columns, self._rows, self._size, self._filled = {}, 0, 0, _Filled()
        if self._beside:
            self._ready.append(texts(f"@{self._table}", self._beside))
            self._beside.clear()


class _Filled:
    """Which columns of which rows have a cell."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, tuple[int, ...]]] = []
        self._numbers: dict[int, list[int]] | None = None

    def add(self, number: int, row: dict[int, str]) -> None:
        self._rows.append((number, tuple(row)))

    def numbers(self, column: int) -> list[int]:
        """Return the numbers of the rows that have a cell in a column."""
        if self._numbers is None:
            self._numbers = {}
            for number, columns in self._rows:
                for index in columns:
                    self._numbers.setdefault(index, []).append(number)
        return self._numbers.get(column, [])


def _dense(row: dict[int, str]) -> Sequence[str | None]:
    return [row.get(i) for i in range(max(row) + 1)]
