"""The rows of a file as one table with typed columns, for those who may read its data.

The scan looks at columns and forgets which cells stood side by side; here the rows stay
together. A file is one table: delimited text as a whole, of a workbook the first visible sheet
that has rows. Types are those that every filled cell of a column has, never a guess from the
first rows; whatever is doubtful stays text, so that nothing is changed by reading it.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from . import beginning
from .limits import Limits
from .readers import MODULES, csv
from .readers.base import Batch, Heading, ReadError, Source, cells_of
from .readers.heading import PREVIEW, find_layout
from .readers.sniff import sniff

MOST_COLUMNS = 1000  # PostgreSQL ends at 1,600, less where the values are long
LONGEST_NAME = 63  # bytes of an identifier in PostgreSQL
_ROWS = 20_000
# From the narrowest to the widest. Fifteen digits are what JSON keeps exactly in a browser, and
# numbers that begin with 0 are codes.
_DAY = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
PATTERNS: tuple[tuple[str, str], ...] = (
    ("bigint", r"^-?(?:0|[1-9]\d{0,14})$"),
    ("numeric", r"^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$"),
    ("date", rf"^{_DAY}$"),
    ("timestamp", rf"^{_DAY}[ T]{_TIME}$"),
    ("boolean", r"^(?:true|false)$"),
)
TEXT = "text"


@dataclass(frozen=True)
class NamedColumn:
    """A column: the name that a table may have, and the heading of the file."""

    name: str
    label: str


@dataclass
class Types:
    """Which types every cell so far has, column by column."""

    width: int
    _left: list[list[str]] = field(init=False)
    _filled: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        self._left = [[name for name, _ in PATTERNS] for _ in range(self.width)]
        self._filled = [False] * self.width

    def update(self, frame: pl.DataFrame) -> None:
        """Take the types away that a cell of these rows has not."""
        patterns = dict(PATTERNS)
        for index, column in enumerate(frame.get_columns()):
            values = column.drop_nulls()
            if not len(values) or not self._left[index]:
                self._filled[index] = self._filled[index] or bool(len(values))
                continue
            self._filled[index] = True
            self._left[index] = [
                name for name in self._left[index] if values.str.contains(patterns[name]).all()
            ]

    def conclude(self) -> list[str]:
        """Return the narrowest type of each column; an empty column is text."""
        return [
            left[0] if left and filled else TEXT
            for left, filled in zip(self._left, self._filled, strict=True)
        ]


@dataclass
class RowTable:
    """The columns of a file and its rows, as blocks of text cells that stand side by side."""

    columns: list[NamedColumn]
    blocks: Iterator[pl.DataFrame]
    sheet: str | None = None
    """Which sheet of a workbook it is."""
    sheets: tuple[str, ...] = ()
    """All visible sheets of the workbook that have rows; a table without a name is ``""``."""


def open_table(
    path: Path, name: str, limits: Limits, sheet: str | int | None = None, *, every: bool = False
) -> RowTable:
    """Open a file as a table.

    :param sheet: which visible sheet of a workbook, by name or by number from 1; ``None`` is the
        first that has rows.
    :param every: also the first rows of what the scan's other readers give as tables.
    :raises ReadError: ``unsupported_format`` (no table), ``no_rows``, ``no_sheet``,
        ``uneven_rows``, ``too_many_columns``, or what the readers say of a broken file.
    """
    source = Source(path, name, limits)
    with path.open("rb") as file:
        head = file.read(65_536)
    if not head:
        raise ReadError("empty_file")
    format_ = sniff(head, path, name)
    if format_ == "csv":
        if sheet not in (None, 1):
            raise ReadError("no_sheet")
        return _delimited(source)
    if format_ == "xlsx":
        return _workbook(source, sheet)
    if every and format_ in MODULES:
        return _beginning(source, sheet if isinstance(sheet, int) else None)
    code, _, detail = format_.partition(":")
    if code == "broken_file":
        raise ReadError(code, detail=detail)
    if code in ("encrypted", "unreadable"):
        raise ReadError(code)
    raise ReadError("unsupported_format", format=format_)


def column_names(headings: Sequence[Heading], width: int) -> list[NamedColumn]:
    """Return names that PostgreSQL and CKAN accept, each once; the heading stays as label."""
    taken: set[str] = set()
    columns = []
    for index in range(width):
        heading = headings[index] if index < len(headings) else Heading(None, None)
        label = heading.name or ""
        wanted = _clean(label)
        if wanted in taken and heading.context:
            wanted = _clean(heading.context)
        wanted = wanted or f"kolom_{index + 1}"
        name, number = wanted, 2
        while name in taken:
            ending = f"_{number}"
            name, number = f"{_cut(wanted, LONGEST_NAME - len(ending))}{ending}", number + 1
        taken.add(name)
        columns.append(NamedColumn(name, label or name))
    return columns


def _clean(text: str) -> str:
    """Leave out what a column's name may not hold, or what breaks lists and parameters."""
    kept = "".join(
        " " if c in '":,\\%' or unicodedata.category(c).startswith(("C", "Z")) else c for c in text
    )
    return _cut(" ".join(kept.split()).lstrip("_ "), LONGEST_NAME)


def _cut(text: str, size: int) -> str:
    return text.encode("utf-8")[:size].decode("utf-8", "ignore").strip()


def _beginning(source: Source, number: int | None) -> RowTable:
    begun = beginning.tables(source)
    table = beginning.chosen(begun, number)
    made = _table(table.headings, max(table.width, 1), iter(table.parts))
    return replace(made, sheet=table.name or "", sheets=tuple(t.name or "" for t in begun))


def _delimited(source: Source) -> RowTable:
    batches = (b for b in csv.read(source) if isinstance(b, Batch))
    headings: Sequence[Heading] = ()
    first: Batch | None = None
    for batch in batches:
        headings = batch.headings or headings
        if batch.rows:
            first = batch
            break
    width = max(len(headings), max(first.columns, default=-1) + 1 if first else 0)
    return _table(headings, width, (b.columns for b in chain([first] if first else [], batches)))


def _table(
    headings: Sequence[Heading], width: int, parts: Iterator[Mapping[int, pl.Series]]
) -> RowTable:
    if not width:
        raise ReadError("no_rows")
    if width > MOST_COLUMNS:
        raise ReadError("too_many_columns")
    return RowTable(column_names(headings, width), (_block(part, width) for part in parts))


def _block(columns: Mapping[int, pl.Series], width: int) -> pl.DataFrame:
    """Make rows of exactly ``width`` cells; empty cells are null, and control bytes go."""
    beyond = [s for i, s in columns.items() if i >= width]
    if any(_filled(series).any() for series in beyond):
        raise ReadError("uneven_rows")
    height = max((len(s) for s in columns.values()), default=0)
    blank = pl.Series([None] * height, dtype=pl.String)
    series = [columns.get(i, blank).alias(f"c{i}") for i in range(width)]
    return pl.DataFrame(series).with_columns(
        pl.when(pl.all().str.strip_chars() == "")
        .then(None)
        .otherwise(pl.all().str.replace_all("\x00", "", literal=True))
        .name.keep()
    )


def _filled(series: pl.Series) -> pl.Series:
    return series.fill_null("").str.strip_chars() != ""


def _workbook(source: Source, wanted: str | int | None) -> RowTable:
    # openpyxl is not needed by who only scans.
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    # By its content: what is stored has no ending. It stays open while rows are taken from it.
    file = source.path.open("rb")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError):
        raise ReadError("broken_file", detail="parts") from None
    visible = [s for s in book.worksheets if getattr(s, "sheet_state", "visible") == "visible"]
    sheets = {}
    for sheet in visible:
        sheet.reset_dimensions()
        filled = (row for row in _rows_of(sheet) if any(row))
        preview = [row for _, row in zip(range(PREVIEW), filled, strict=False)]
        if preview:
            sheets[str(sheet.title)] = (preview, filled)
    if not sheets:
        raise ReadError("no_rows")
    if isinstance(wanted, int):
        wanted = dict(enumerate(sheets, start=1)).get(wanted, "")
    if wanted is not None and wanted not in sheets:
        raise ReadError("no_sheet")
    name = wanted if wanted is not None else next(iter(sheets))
    preview, filled = sheets[name]
    layout = find_layout(preview)
    data = preview[layout.before :]
    width = max(len(layout.headings), *(_width(row) for row in preview))
    table = _table(layout.headings, width, _pieces(chain(data, filled)))
    return replace(table, sheet=name, sheets=tuple(sheets))


def _rows_of(sheet: Any) -> Iterator[list[str | None]]:
    return ([_cell(v) for v in row] for row in sheet.iter_rows(values_only=True))


def _width(row: Sequence[str | None]) -> int:
    return max((i + 1 for i, cell in enumerate(row) if cell), default=0)


def _pieces(rows: Iterator[list[str | None]]) -> Iterator[Mapping[int, pl.Series]]:
    piece: list[list[str | None]] = []
    for row in rows:
        piece.append(row)
        if len(piece) >= _ROWS:
            yield cells_of(piece, MOST_COLUMNS)
            piece = []
    if piece:
        yield cells_of(piece, MOST_COLUMNS)


def _cell(value: object) -> str | None:
    """Write a cell of a workbook as text that says the same."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    return str(value).strip() or None
