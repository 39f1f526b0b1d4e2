"""The list as it stands: rows of an XLSX, CSV or JSONL file, or of a folder that holds one. Pure.

Which dataset a row describes is not looked at here; where each value stands is kept, since every
remark names row and column.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..messages import Message
from ..msgids import N_
from ..surface import formulas
from . import fields as known
from .fields import FILE, Headings

ENDINGS = (".xlsx", ".csv", ".jsonl", ".ndjson")
CALLED = ("manifest", "daftar")
"""How the list of a folder is called."""
MOST = 10_000
"""Rows of one list."""
WIDEST = 500
"""Columns of one list."""
_HEAD_WITHIN, _HEADINGS = 20, 2
_APART = "\n"

NO_LIST = N_(
    "There is no list in this folder. Put it there as manifest.xlsx, manifest.csv or "
    "manifest.jsonl."
)
MANY_LISTS = N_("There are several lists in this folder: %(names)s. Name the one that counts.")
OTHER_KIND = N_("A list is an XLSX, CSV or JSONL file, or a folder that holds one.")
UNREADABLE = N_("This list cannot be read. Open it, save it anew, and try again.")
NO_HEAD = N_(
    "No row of this list names the columns. Name at least the columns %(title)s and %(agency)s."
)
NO_ROWS = N_("There is no row below the headings of this list.")
TOO_MANY = N_("This list has more than %(most)s rows. Split it.")
TOO_WIDE = N_("This list has more than %(most)s columns. Leave out what the portal does not know.")


class Unreadable(Exception):
    """There is no list to work with; says what to do."""

    def __init__(self, message: Message) -> None:
        """Take what is said."""
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Column:
    """A column of the list: how it is named, and which field it holds."""

    letter: str
    """What it is called: a letter, of JSONL its key."""
    at: int
    """Where it stands, from 0."""
    heading: str
    field: str | None
    nearest: str | None = None


@dataclass(frozen=True)
class Row:
    """A row as it stands: its number as programs show it, field → text, files as JSON has them."""

    number: int
    cells: Mapping[str, str]
    files: tuple[Mapping[str, str], ...] = ()
    broken: bool = False
    """A line of JSONL that is no object."""


@dataclass(frozen=True)
class Manifest:
    """A list that was read."""

    path: Path
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    head: int = 0
    """The row with the headings; 0 where there is none."""

    @property
    def folder(self) -> Path:
        """Where its files stand."""
        return self.path.parent

    def column_of(self, name: str) -> str:
        """Return the letter or key of the column that holds a field; empty where none does."""
        return next((c.letter for c in self.columns if c.field == name), "")


def find(given: Path) -> Path:
    """Return the list that a path names: itself, or the one of a folder.

    :raises Unreadable: there is none, or it is not clear which.
    """
    if given.is_dir():
        found = sorted(
            p for p in given.iterdir()
            if p.suffix.lower() in ENDINGS and p.stem.lower() in CALLED
        )  # fmt: skip
        if not found:
            raise Unreadable(Message(NO_LIST))
        if len(found) > 1:
            raise Unreadable(Message(MANY_LISTS, {"names": [p.name for p in found]}))
        return found[0]
    if given.suffix.lower() not in ENDINGS:
        raise Unreadable(Message(OTHER_KIND))
    return given


def read(given: Path, headings: Headings) -> Manifest:
    """Read a list.

    :raises Unreadable: it is none, has no headings, or too many rows.
    """
    path = find(given)
    try:
        content = path.read_bytes()
    except OSError:
        raise Unreadable(Message(UNREADABLE)) from None
    ending = path.suffix.lower()
    if ending == ".xlsx":
        manifest = _tabled(path, _sheets(content), headings)
    elif ending == ".csv":
        manifest = _tabled(path, [_csv(content)], headings)
    else:
        manifest = _lines(path, content, headings)
    if not manifest.rows:
        raise Unreadable(Message(NO_ROWS))
    if len(manifest.rows) > MOST:
        raise Unreadable(Message(TOO_MANY, {"most": MOST}))
    return manifest


# ------------------------------------------------------------------------------------ tables


def letter(position: int) -> str:
    """Return how a column is called in spreadsheets: A, B ... Z, AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _sheets(content: bytes) -> Iterable[list[tuple[int, list[str]]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            yield list(_filled(sheet.iter_rows(values_only=True, max_col=WIDEST + 1)))
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - whatever a broken workbook does to the library
        raise Unreadable(Message(UNREADABLE)) from None


def _filled(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that hold something, wherever on the sheet they stand.

    :raises Unreadable: more than a list may have; none is left out without a word.
    """
    count = 0
    for number, row in enumerate(rows, 1):
        cells = [text(value) for value in row]
        if not any(cells):
            continue
        count += 1
        if count > MOST + _HEAD_WITHIN:
            raise Unreadable(Message(TOO_MANY, {"most": MOST}))
        if any(cells[WIDEST:]):
            raise Unreadable(Message(TOO_WIDE, {"most": WIDEST}))
        yield number, cells


def _csv(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        whole = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        whole = content.decode("cp1252", "replace")
    # A letterhead above the headings has no separators.
    lines = whole.split("\n", _HEAD_WITHIN)[:_HEAD_WITHIN]
    separator = max(";,\t", key=lambda sign: max(line.count(sign) for line in lines))
    reader = csv.reader(io.StringIO(whole, newline=""), delimiter=separator)
    try:
        return list(_filled(reader))
    except csv.Error:
        raise Unreadable(Message(UNREADABLE)) from None


def text(value: Any) -> str:
    """Return a cell as text: whole numbers without a fraction, days in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # Half a sign, as JSON may name one, can be written nowhere.
    written = str(value).encode("utf-8", "replace").decode().strip()
    # The apostrophe that our own tables put before what a spreadsheet would run.
    if written.startswith("'") and formulas.runs(written[1:]):
        return written[1:]
    return written


def _tabled(
    path: Path, sheets: Iterable[Sequence[tuple[int, list[str]]]], headings: Headings
) -> Manifest:
    for sheet in sheets:
        for number, row in sheet[:_HEAD_WITHIN]:
            named = [headings.field(cell) if cell else None for cell in row]
            if len(set(filter(None, named))) >= _HEADINGS:
                columns = tuple(_columns(row, named, headings))
                below = [(n, cells) for n, cells in sheet if n > number]
                return Manifest(path, columns, tuple(_rows(below, named)), head=number)
    named_so = {"title": Message(known.label("title")), "agency": Message(known.label("owner_org"))}
    raise Unreadable(Message(NO_HEAD, named_so))


def _columns(
    row: Sequence[str], named: Sequence[str | None], headings: Headings
) -> Iterable[Column]:
    for at, (heading, name) in enumerate(zip(row, named, strict=True)):
        if heading:
            near = None if name else headings.nearest(heading)
            yield Column(letter(at), at, heading, name, near)


def _rows(below: Sequence[tuple[int, list[str]]], named: Sequence[str | None]) -> Iterable[Row]:
    for number, cells in below:
        if not any(cells):
            continue
        found: dict[str, str] = {}
        for name, cell in zip(named, cells, strict=False):
            if name and cell and not found.get(name):
                found[name] = cell
        yield Row(number, found)


# ------------------------------------------------------------------------------------- lines


def _lines(path: Path, content: bytes, headings: Headings) -> Manifest:
    columns: dict[str, Column] = {}
    rows = []
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            rows.append(Row(number, {}, broken=True))
            continue
        cells: dict[str, str] = {}
        files: tuple[Mapping[str, str], ...] = ()
        for key, value in given.items():
            name = headings.field(str(key))
            if key not in columns:
                if len(columns) == WIDEST:
                    raise Unreadable(Message(TOO_WIDE, {"most": WIDEST}))
                near = None if name else headings.nearest(text(key))
                columns[key] = Column(text(key), len(columns), text(key), name, near)
            if name == FILE and isinstance(value, list):
                files = tuple(_file(each, headings) for each in value)
            elif name and value not in (None, "", []):
                cells[name] = _value(name, value)
        rows.append(Row(number, cells, files))
    return Manifest(path, tuple(columns.values()), tuple(rows))


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        named = (each.get("name") if isinstance(each, dict) else each for each in value)
        parts = [text(each) for each in named]
        return ("," if name == "tag_string" else _APART).join(parts)
    if isinstance(value, dict):
        return text(value.get("name", ""))
    return text(value)


def _file(given: Any, headings: Headings) -> Mapping[str, str]:
    """Return one file of a line: a path, or an object with a path, a name and a description."""
    if not isinstance(given, dict):
        return {FILE: text(given)}
    plain = {"name": known.FILE_NAME, "description": known.FILE_ABOUT, "format": known.FILE_FORMAT}
    found = {}
    for key, value in given.items():
        name = plain.get(key) or headings.field(str(key))
        if name in known.FILE_COLUMNS and value not in (None, ""):
            found[name] = text(value)
    return found
