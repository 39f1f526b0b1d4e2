"""Official papers as files: a page's part, PDF, DOCX, and registers as CSV and XLSX."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ..surface import formulas
from . import emblem, sheets
from .pdf import printed

TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# XML 1.0 knows none of these.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


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
        made = WriteOnlyCell(sheet, _CONTROL.sub("", text))
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


def docx(paper: Mapping[str, Any]) -> bytes:
    """Return the paper as DOCX, for the office to edit and to sign."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    file = Document()
    section = file.sections[0]
    size = (Mm(297), Mm(210)) if paper["landscape"] else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if paper["landscape"] else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = size
    section.left_margin = section.right_margin = Mm(20)
    normal: Any = file.styles["Normal"]
    normal.font.name, normal.font.size = "Liberation Sans", Pt(10)
    file.core_properties.title = paper["title"]
    file.core_properties.author = paper["institution"]
    file.core_properties.language = paper["language"]
    width = (297 if paper["landscape"] else 210) - 40
    if paper.get("head"):
        _head(file, paper, width)
    else:
        file.add_paragraph(paper["institution"])
        file.add_heading(paper["title"], level=1)
    for block in paper["blocks"]:
        _block(file, block, width)
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def _head(file: Any, paper: Mapping[str, Any], width: int) -> None:
    """Write the head of a paper: the emblem or its place, who issues it, and what it is."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    head = paper["head"]
    table = file.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    left.width, right.width = Mm(28), Mm(width - 28)
    if head["emblem"]:
        picture = io.BytesIO(emblem.content(head["emblem"]))
        left.paragraphs[0].add_run().add_picture(picture, height=Mm(24))
    else:
        left.paragraphs[0].add_run(f"[{head['place']}]")
    for at, line in enumerate(head["lines"]):
        place = right.paragraphs[0] if at == 0 else right.add_paragraph()
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        place.add_run(_CONTROL.sub("", line).upper()).bold = True
    for at, line in enumerate(paper["heading"]):
        place = file.add_heading(line, level=1) if at == 0 else file.add_paragraph()
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if at:
            place.add_run(_CONTROL.sub("", line)).bold = True


def _block(file: Any, block: Mapping[str, Any], width: int) -> None:
    if block["kind"] in ("text", "footnote"):
        file.add_paragraph(_CONTROL.sub("", block["text"]))
    elif block["kind"] in ("notice", "centre"):
        _emphasised(file, block)
    elif block["kind"] == "clauses":
        rows = [
            [block["label"] if at == 0 else "", row["mark"] or ":", row["text"]]
            for at, row in enumerate(block["rows"])
        ]
        _table(file, rows, [22, 6, 72], width, head=False, lined=False)
    elif block["kind"] == "list":
        file.add_paragraph(f"{block['label']}:")
        for at, line in enumerate(block["lines"], start=1):
            file.add_paragraph(f"{at}. {_CONTROL.sub('', line)}")
    elif block["kind"] == "proof":
        from docx.shared import Mm

        picture = io.BytesIO(emblem.content(block["picture"]))
        file.add_paragraph().add_run().add_picture(picture, width=Mm(26))
        file.add_paragraph(f"{block['text']}\n{block['address']}")
    elif block["kind"] == "facts":
        rows = [[fact["label"], "\n".join(fact["texts"])] for fact in block["facts"]]
        _table(file, rows, [35, 65], width, head=False)
    elif block["kind"] == "table":
        _table(file, [block["heads"], *block["rows"]], block["widths"], width, head=True)
    else:
        lines = [
            f"{block['above']}\n{office},\n\n\n\n(……………………………)\nNIP …………………"
            for office in block["offices"]
        ]
        _table(file, [["", *lines]], [50, *[50] * len(lines)], width, head=False, lined=False)
        file.add_paragraph(block["help"])


def _emphasised(file: Any, block: Mapping[str, Any]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    place = file.add_paragraph()
    place.add_run(_CONTROL.sub("", block["text"])).bold = True
    if block["kind"] == "centre":
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(
    file: Any, rows: Any, widths: Any, whole: int, *, head: bool, lined: bool = True
) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    table = file.add_table(rows=0, cols=len(widths), style="Table Grid" if lined else None)
    table.autofit = False
    for at, texts in enumerate(rows):
        made = table.add_row()
        for cell, text, width in zip(made.cells, texts, widths, strict=True):
            cell.width = Mm(whole * width / sum(widths))
            cell.paragraphs[0].add_run(_CONTROL.sub("", text)).bold = head and at == 0
        if head and at == 0:
            # The head is repeated on every page.
            made._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
