"""Official papers as DOCX, for the office to edit and to sign: the same look as the PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...surface.formulas import CONTROL
from . import emblem

MARGIN = 20
"""Left and right of the text, in millimetres."""
EMBLEM = 28
SMALL, LEAST = 8.5, 4
"""Sizes of help texts, and of the line that keeps two tables apart."""
LINE = "(……………………………)\nNIP …………………"


def docx(paper: Mapping[str, Any]) -> bytes:
    """Return the paper as DOCX: A4, a real heading, tables whose heads are repeated."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    file = Document()
    section = file.sections[0]
    wide = paper["landscape"]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(15)
    _styles(file)
    file.core_properties.title = paper["title"]
    file.core_properties.author = paper["institution"]
    file.core_properties.language = paper["language"]
    width = (297 if wide else 210) - 2 * MARGIN
    if paper.get("head"):
        _head(file, paper, width)
    else:
        file.add_paragraph(paper["institution"])
        file.add_heading(paper["title"], level=1)
    for block in paper["blocks"]:
        _block(file, block, width, paper["title"])
    _numbered(section, paper["counted"])
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def _styles(file: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in (("Normal", 10), ("Heading 1", 11)):
        style: Any = file.styles[name]
        style.font.name, style.font.size = "Liberation Sans", Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        # The theme's own font would go before.
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{key}"), None)
        style.paragraph_format.space_before = Pt(0)
        style.paragraph_format.space_after = Pt(4)


def _head(file: Any, paper: Mapping[str, Any], width: int) -> None:
    """Write the head of a paper: the emblem or its place, who issues it, and what it is."""
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    head = paper["head"]
    # As wide on the right as the emblem is on the left: so the middle is that of the page.
    (left, middle, _), table = _row(file, [EMBLEM, width - 2 * EMBLEM, EMBLEM])
    _underlined(table)
    if head["emblem"]:
        picture = io.BytesIO(emblem.content(head["emblem"]))
        left.paragraphs[0].add_run().add_picture(picture, height=Mm(24))
    else:
        left.paragraphs[0].add_run(f"[{head['place']}]")
    for cell in (left, middle):
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for at, line in enumerate(head["lines"]):
        place = middle.paragraphs[0] if at == 0 else middle.add_paragraph()
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        place.add_run(_clean(line).upper()).bold = True
    _apart(file)
    last = len(paper["heading"]) - 1
    for at, line in enumerate(paper["heading"]):
        place = file.add_paragraph(style="Heading 1" if at == 0 else None)
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = place.add_run(_clean(line))
        run.bold, run.font.all_caps = True, at == 0 or at == last > 1
    _apart(file)


def _block(file: Any, block: Mapping[str, Any], width: int, title: str) -> None:
    if block["kind"] == "text":
        file.add_paragraph(_clean(block["text"]))
    elif block["kind"] == "footnote":
        _small(file, block["text"])
    elif block["kind"] in ("notice", "centre"):
        _emphasised(file, block)
    elif block["kind"] == "clauses":
        rows = [
            [block["label"] if at == 0 else "", row["mark"] or ":", row["text"]]
            for at, row in enumerate(block["rows"])
        ]
        _table(file, rows, [24, 5, 71], width, lined=False, named=True)
    elif block["kind"] == "list":
        _list(file, block)
    elif block["kind"] == "proof":
        _proof(file, block, width)
    elif block["kind"] == "facts":
        rows = [[fact["label"], "\n".join(fact["texts"])] for fact in block["facts"]]
        _table(file, rows, [32, 68], width, named=True)
    elif block["kind"] == "table":
        if block["caption"] != title:
            place = file.add_paragraph()
            place.paragraph_format.keep_with_next = True
            place.add_run(_clean(block["caption"])).bold = True
        _table(file, [block["heads"], *block["rows"]], block["widths"], width, head=True)
    else:
        _signatures(file, block, width)


def _signatures(file: Any, block: Mapping[str, Any], width: int) -> None:
    """Write the places to sign: place and day stand once, above the last one."""
    last = len(block["offices"]) - 1
    above = [block["above"] if at == last else "" for at in range(last + 1)]
    # The others begin as many lines lower as place and day take.
    lower = "\n" * block["above"].count("\n")
    lines = [
        f"{place or lower}\n{_clean(office)},\n\n\n\n{LINE}"
        for place, office in zip(above, block["offices"], strict=True)
    ]
    cells = lines if last else ["", *lines]
    _table(file, [cells], [50] * len(cells), width, lined=False)
    _small(file, block["help"])


def _list(file: Any, block: Mapping[str, Any]) -> None:
    from docx.shared import Mm, Pt

    lines = [f"{block['label']}:"]
    lines += [f"{at}. {line}" for at, line in enumerate(block["lines"], start=1)]
    for at, line in enumerate(lines):
        place = file.add_paragraph(_clean(line))
        place.paragraph_format.left_indent = Mm(6 if at else 0)
        place.paragraph_format.space_after = Pt(6 if at == len(lines) - 1 else 0)


def _proof(file: Any, block: Mapping[str, Any], width: int) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.shared import Mm, Pt

    (left, right), _ = _row(file, [30, width - 30])
    picture = io.BytesIO(emblem.content(block["picture"]))
    left.paragraphs[0].add_run().add_picture(picture, width=Mm(26))
    right.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    right.paragraphs[0].add_run(_clean(block["text"]))
    address = right.add_paragraph().add_run(block["address"])
    address.font.size = Pt(SMALL)


def _emphasised(file: Any, block: Mapping[str, Any]) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    place = file.add_paragraph()
    run = place.add_run(_clean(block["text"]))
    run.bold = True
    if block["kind"] == "centre":
        place.alignment, run.font.all_caps = WD_ALIGN_PARAGRAPH.CENTER, True


def _small(file: Any, text: str) -> None:
    from docx.shared import Pt

    file.add_paragraph().add_run(_clean(text)).font.size = Pt(SMALL)


def _row(file: Any, widths: Sequence[float]) -> tuple[Any, Any]:
    """Return the cells of a table of one row without lines, and the table."""
    table = file.add_table(rows=1, cols=len(widths))
    set_widths(table, widths)
    return table.rows[0].cells, table


def _table(
    file: Any,
    rows: Sequence[Sequence[str]],
    shares: Sequence[float],
    whole: int,
    *,
    head: bool = False,
    lined: bool = True,
    named: bool = False,
) -> None:
    """Write a table.

    :param shares: of the width, one for each column.
    :param head: the first row is its head.
    :param named: the first cell of a row says what the row is.
    """
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    table = file.add_table(rows=0, cols=len(shares), style="Table Grid" if lined else None)
    for at, texts in enumerate(rows):
        made = table.add_row()
        for column, (cell, text) in enumerate(zip(made.cells, texts, strict=True)):
            place = cell.paragraphs[0]
            place.paragraph_format.space_before = place.paragraph_format.space_after = Pt(2)
            place.add_run(_clean(text)).bold = (head and at == 0) or (named and column == 0)
        properties = made._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if head and at == 0:
            # The head is repeated on every page.
            properties.append(OxmlElement("w:tblHeader"))
    set_widths(table, [whole * share / sum(shares) for share in shares])
    _apart(file)


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """Give the columns of a table their widths, in millimetres.

    Word reads those of the cells, LibreOffice those of the grid.
    """
    from docx.shared import Mm

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _apart(file: Any) -> None:
    """Write the line without which two tables become one."""
    from docx.shared import Pt

    place = file.add_paragraph()
    place.paragraph_format.space_after = Pt(0)
    place.add_run("").font.size = Pt(LEAST)
    place.paragraph_format.line_spacing = Pt(2 * LEAST)


def _underlined(table: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    line = '<w:bottom w:val="double" w:sz="6" w:space="0" w:color="000000"/>'
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{line}</w:tblBorders>")
    table._tbl.tblPr.append(borders)


def _numbered(section: Any, counted: str) -> None:
    """Write the number of the page into the foot of each one."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt

    place = section.footer.paragraphs[0]
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    place.style.font.size = Pt(SMALL)
    fields = {"%(page)s": "PAGE", "%(pages)s": "NUMPAGES"}
    for part in re.split(r"(%\(pages?\)s)", counted):
        if part in fields:
            field = f'<w:fldSimple {nsdecls("w")} w:instr="{fields[part]}"><w:r><w:t>1</w:t></w:r>'
            place._p.append(parse_xml(f"{field}</w:fldSimple>"))
        else:
            place.add_run(part)


def _clean(text: str) -> str:
    return CONTROL.sub("", text)
