"""Workbooks of the old form XLS: every sheet, hidden or not, and what stands beside the cells.

``xlrd`` reads cells and notes, ``olefile`` the container around them. What neither shows (text
boxes, headers, links, properties, strings that no cell uses, sectors that no stream owns) is
looked through for readable text.
Source: Microsoft, [MS-XLS] and [MS-CFB].
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import olefile
import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from .base import Batch, Incomplete, ReadError, Source, cells_of, texts
from .heading import PREVIEW, find_layout
from .strings import runs

_LARGEST = 256 * MEGABYTE
_ROWS = 10_000
_CELLS = frozenset({0x00FC, 0x0203, 0x027E, 0x00BD, 0x0204, 0x00FD, 0x0207, 0x0205, 0x00BE})
_CONTINUE, _FILEPASS, _SHEET, _DRAWINGS, _SST = 0x003C, 0x002F, 0x0085, 0x00EB, 0x00FC
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"\x1a\xf0", b"\x1b\xf0", b"\x1c\xf0", b"\x1f\xf0")
_FREE = 0xFFFFFFFF
_BROKEN = (
    XLRDError,
    CompDocError,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every sheet and everything beside them."""
    data = source.bytes(_LARGEST)
    strings: list[str] = []
    try:
        with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT) as ole:
            yield from _container(ole, strings)
        yield from _sheets(data, source, strings)
    except _BROKEN:
        raise ReadError("broken_file", detail="xls") from None


def _container(ole: olefile.OleFileIO, strings: list[str]) -> Iterator[Batch | Incomplete]:
    """Look through the streams; refuse macros and encryption."""
    streams = ["/".join(path) for path in ole.listdir()]
    if any("vba" in name.lower() for name in streams):
        raise ReadError("macro")
    for name in streams:
        content = ole.openstream(name).read()
        if name in ("Workbook", "Book"):
            yield from _records(content, strings)
            continue
        if found := list(runs(content)):
            yield texts(f"@{''.join(c for c in name if c.isprintable())}", found)
        if name.startswith(("MBD", "LNK")):
            yield Incomplete(Reason("embedded_content", {"part": "ole"}))
    inner: Any = ole  # its stubs lack what is public
    free = [i for i, following in enumerate(inner.fat or []) if following == _FREE]
    whole = [i for i in free if (i + 2) * inner.sectorsize <= inner._filesize]
    found = [text for i in whole for text in runs(inner.getsect(i))]
    if found:
        yield texts("@deleted", found)


def _records(stream: bytes, strings: list[str]) -> Iterator[Batch | Incomplete]:
    """Walk over the records of a workbook for those that hold no cells.

    ``strings`` takes the readable ones of the table of strings, which cells may use or not.
    """
    position, before, picture = 0, 0, False
    found: list[str] = []
    while position + 4 <= len(stream):
        kind, size = struct.unpack("<HH", stream[position : position + 4])
        record = stream[position + 4 : position + 4 + size]
        position += 4 + size
        if kind == _FILEPASS:
            raise ReadError("encrypted")
        if kind == _SHEET and len(record) > 5 and record[5] & 0x0F in (1, 6):
            # A sheet of macros, of Excel 4 or of Visual Basic.
            raise ReadError("macro")
        before = before if kind == _CONTINUE else kind
        picture = picture or (before == _DRAWINGS and any(m in record for m in _PICTURES))
        if before == _SST:
            strings.extend(runs(record))
        elif before not in _CELLS:
            found.extend(runs(record))
    if found:
        yield texts("@Workbook", found)
    if picture:
        yield Incomplete(Reason("embedded_content", {"part": "picture"}))


def _sheets(data: bytes, source: Source, strings: list[str]) -> Iterator[Batch]:
    with open(os.devnull, "w", encoding="utf-8") as silence:  # noqa: PTH123 - a name, no path
        book = xlrd.open_workbook(file_contents=data, logfile=silence, ragged_rows=True)
    used: set[str] = set()
    total = max(1, book.nsheets)
    for number, sheet in enumerate(book.sheets()):
        yield from _rows(sheet, source.limits.columns, used)
        notes = [t for n in sheet.cell_note_map.values() for t in (n.author, n.text) if t]
        if notes:
            yield texts(f"@{sheet.name}", notes)
        source.progress((number + 1) / total)
    # The length of the following string may look like one more character.
    unused = [s for s in strings if s not in used and s[:-1] not in used]
    names = [n.name for n in book.name_obj_list]
    if beside := [s for s in (*unused, *names, book.user_name or "") if s]:
        yield texts("@strings", beside)


def _rows(sheet: xlrd.sheet.Sheet, limit: int, used: set[str]) -> Iterator[Batch]:
    preview = [_cells(sheet, i, used) for i in range(min(PREVIEW, sheet.nrows))]
    layout = find_layout(preview)
    headings = layout.headings[:limit]
    before = layout.before
    if preview[:before]:
        yield Batch(sheet.name, cells_of(preview[:before], limit), 0, headings, addressed=True)
    for start in range(before, sheet.nrows, _ROWS):
        rows = [_cells(sheet, i, used) for i in range(start, min(start + _ROWS, sheet.nrows))]
        kept = [place for place, row in enumerate(rows) if any(row)]
        if kept:
            columns = cells_of([rows[place] for place in kept], limit)
            numbers = partial(_numbers, [start + place + 1 for place in kept])
            yield Batch(sheet.name, columns, len(kept), headings, numbers=numbers, addressed=True)


def _numbers(rows: Sequence[int], column: int) -> Sequence[int]:
    return rows


def _cells(sheet: xlrd.sheet.Sheet, row: int, used: set[str]) -> list[str | None]:
    cells: list[str | None] = []
    for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True):
        if kind == xlrd.XL_CELL_TEXT:
            used.add(value)
            cells.append(value or None)
        elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            number = float(value)
            whole = number.is_integer() and abs(number) < 1e17
            cells.append(str(int(number)) if whole else repr(number))
        elif kind == xlrd.XL_CELL_BOOLEAN:
            cells.append("true" if value else "false")
        else:
            cells.append(None)
    return cells
