"""The list as a workbook, with what is to be said of a cell as a comment in it. Pure.

No cell is run by a spreadsheet: every one is a text, whatever it begins with.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ..messages import Translate
from ..msgids import N_, bare
from ..surface import formulas
from . import report
from .fields import FILE
from .reading import Column, Manifest, Row, letter
from .remarks import Remark

SHEETS = (N_("List"), N_("Remarks"))
_NARROW, _WIDE, _LONGEST = 14, 48, 32_767
_COLOURS = {True: "FFF4B6B6", False: "FFFFF2CC"}
"""Of cells with a fault, and of those with a note."""
_BY = "Satu Data"


def as_xlsx(manifest: Manifest, remarks: Iterable[Remark], translate: Translate) -> bytes:
    """Return the list as a workbook, with a remark in each cell that has one.

    Rows and columns stand where they stand in the list; of JSONL the keys are the columns, below
    a row of headings. A second sheet holds all remarks, for who reads no comments.
    """
    from openpyxl import Workbook

    ordered = report.ordered(remarks)
    book = Workbook()
    listed: Any = book.worksheets[0]
    listed.title = bare(translate(SHEETS[0]))
    _List(manifest, listed).write(ordered, translate)
    second: Any = book.create_sheet(bare(translate(SHEETS[1])))
    for at, text in enumerate(report.HEADS.values()):
        write(second, 1, at, bare(translate(text)), bold=True)
        second.column_dimensions[letter(at)].width = _WIDE if at > 3 else _NARROW
    for number, each in enumerate(ordered, 2):
        for at, text in enumerate(report.cells(each, translate)):
            write(second, number, at, text)
    second.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _List:
    """The sheet with the list itself."""

    def __init__(self, manifest: Manifest, sheet: Any) -> None:
        self._manifest, self._sheet = manifest, sheet
        self._head = manifest.head or 1
        # Lines of JSONL have no row of headings above them.
        self._moved = 0 if manifest.head else 1
        self._at = {column.letter: column.at for column in manifest.columns}

    def write(self, remarks: Iterable[Remark], translate: Translate) -> None:
        """Write headings, cells and comments."""
        for column in self._manifest.columns:
            write(self._sheet, self._head, column.at, column.heading, bold=True)
            width = max(_NARROW, min(_WIDE, len(column.heading) + 4))
            self._sheet.column_dimensions[letter(column.at)].width = width
            for row in self._manifest.rows:
                text = _text(row, column)
                if text:
                    write(self._sheet, row.number + self._moved, column.at, text)
        self._sheet.freeze_panes = f"A{self._head + 1}"
        told: Mapping[tuple[int, int], list[Remark]] = defaultdict(list)
        first = min(self._at.values(), default=0)
        for each in remarks:
            row = each.row + self._moved if each.row > self._manifest.head else self._head
            # What is said of a row as a whole, or of a field without a column, stands in front.
            told[row, self._at.get(each.column, first)].append(each)
        for (row, at), some in told.items():
            self._comment(row, at, some, translate)

    def _comment(self, row: int, at: int, told: list[Remark], translate: Translate) -> None:
        said = (f"{each.what.text(translate)}\n{each.todo.text(translate)}" for each in told)
        remark(self._sheet, row, at, "\n\n".join(said), fault=any(each.fault for each in told))


def remark(sheet: Any, row: int, at: int, text: str, *, fault: bool) -> None:
    """Say something of a cell: a comment in it, and its colour.

    :param at: its column, from 0.
    """
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(row=row, column=at + 1)
    said = formulas.CONTROL.sub("", text)[:_LONGEST]
    cell.comment = Comment(said, _BY, height=160, width=340)
    cell.fill = PatternFill("solid", start_color=_COLOURS[fault])


def _text(row: Row, column: Column) -> str:
    if column.field == FILE and row.files:
        return "\n".join(each.get(FILE, "") for each in row.files)
    return row.cells.get(column.field or "", "")


def write(sheet: Any, row: int, at: int, text: str, *, bold: bool = False) -> None:
    """Write a text into a cell, which stays one whatever it begins with.

    :param at: its column, from 0.
    """
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row=row, column=at + 1)
    cell.value = formulas.CONTROL.sub("", text)[:_LONGEST]
    cell.data_type = "s"
    # The sign by which a cell stays a text when somebody edits it, or saves the table as CSV.
    cell.quotePrefix = formulas.runs(text)
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
