"""Official papers as files: a page's part and PDF, and registers as CSV and XLSX.

The DOCX is written by ``official_word.py``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ...surface import formulas
from . import sheets
from .pdf import printed

TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def part(paper: Mapping[str, Any]) -> str:
    """Return the paper as HTML to stand within a page; its style is ``style()``."""
    return sheets.rendered("sop/official.html", paper=paper)


def style() -> str:
    """Return the style of the part."""
    return (sheets.FOLDER / "sop" / "official.css").read_text("utf-8")


def pdf(paper: Mapping[str, Any]) -> bytes:
    """Return the paper as tagged PDF, A4.

    :raises OSError: Pango is not installed on this machine.
    """
    page = sheets.counted(paper["counted"])
    turned = "landscape" if paper["landscape"] else "portrait"
    rule = f"@page {{ size: A4 {turned}; @bottom-right {{ content: {page}; }} }}"
    # Style of ours, in which only words of the catalogue are filled, without their quotes.
    safe = Markup(style() + rule)  # noqa: S704
    return printed(sheets.rendered("sop/official_sheet.html", paper=paper, style=safe))


def comma_separated(table: Mapping[str, Any]) -> bytes:
    """Return a table as CSV for spreadsheets: UTF-8 with a mark, semicolons, no formulas."""
    return formulas.sheet(table["heads"], table["rows"])


def workbook(table: Mapping[str, Any]) -> bytes:
    """Return a table as XLSX: every cell is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(table["caption"][:31].replace("/", "-"))
    sheet.freeze_panes = "A2"
    for at, width in enumerate(table["widths"]):
        sheet.column_dimensions[chr(ord("A") + at)].width = max(6, width * 1.6)

    def cell(text: str, *, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, formulas.CONTROL.sub("", text))
        made.data_type = "s"
        # The sign by which a cell stays a text when somebody edits it, or saves the table as CSV.
        made.quotePrefix = formulas.runs(text)
        made.alignment = Alignment(wrap_text=True, vertical="top")
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(text, bold=True) for text in table["heads"]])
    for row in table["rows"]:
        sheet.append([cell(text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
