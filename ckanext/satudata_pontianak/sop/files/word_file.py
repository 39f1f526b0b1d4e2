"""A document as DOCX, to be edited: its tables as text, its flowchart as pictures."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..drawing import drawing
from ..drawing.paging import paged
from . import emblem
from .official_word import set_widths

DOTS_PER_INCH = 200
PICTURE_WIDTH = 190.0
"""Width of the flowchart's picture, in millimetres."""
STEP_HEADS = ("row", "activity", "actors", "needs", "time", "output", "remarks")
STEP_WIDTHS = (9, 74, 30, 42, 26, 34, 50)
"""Widths of the columns of the steps, in millimetres."""


def docx(view: Mapping[str, Any]) -> bytes:
    """Return the DOCX of a document: A4 landscape, real headings and tables.

    :param view: what ``rendering.view`` gives.
    :raises OSError: Pango, which draws the pictures, is not installed on this machine.
    """
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    file, words = Document(), view["words"]
    section = file.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = Mm(14)
    section.bottom_margin = Mm(14)
    normal: Any = file.styles["Normal"]
    normal.font.name, normal.font.size = "Liberation Sans", Pt(9)
    file.core_properties.title = f"{view['code']} {view['title']}"
    file.core_properties.author = view["institution"]
    file.core_properties.language = view["language"]
    file.core_properties.version = view["definition"]
    file.add_heading(f"{view['code']} {view['title']}", level=1)
    if view["status"] == "draft":
        file.add_paragraph().add_run(f"{words['draft']}. {words['draft_help']}").bold = True
    file.add_paragraph(view["summary"])
    if view["emblem"]:
        file.add_picture(io.BytesIO(emblem.content(view["emblem"])), height=Mm(20))
    _table(file, None, _identity(view), (60, 205))
    for key, items in _parts(view):
        file.add_heading(words[key], level=2)
        for item in items:
            file.add_paragraph(item, style="List Bullet")
        if key == "basis" and view["footnote"]:
            file.add_paragraph(view["footnote"])
    file.add_heading(words["flowchart"], level=2)
    for picture in pictures(view):
        file.add_picture(io.BytesIO(picture), width=Mm(PICTURE_WIDTH))
    heads = [words[name] for name in STEP_HEADS]
    _table(file, heads, [_step(row) for row in view["rows"]], STEP_WIDTHS)
    file.add_paragraph(f"{words['definition']}: {view['definition']}")
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def pictures(view: Mapping[str, Any]) -> list[bytes]:
    """Return the flowchart of each page as PNG."""
    words = view["words"]
    found = []
    for page in paged(view):
        heads = [lane["label"] for lane in view["lanes"]]
        if page.connected:
            heads = [words["from_page"], *heads, words["to_page"]]
        found.append(_png(drawing.whole(page.chart, heads)))
    return found


def _png(svg: str) -> bytes:
    import pypdfium2
    from weasyprint import HTML

    wide, high = (re.search(rf'{name}="([0-9.]+mm)"', svg) for name in ("width", "height"))
    if not wide or not high:
        raise ValueError("the drawing says no size")
    style = f"@page{{size:{wide[1]} {high[1]};margin:0}}body{{margin:0}}svg{{display:block}}"
    written = HTML(string=f"<style>{style}</style>{svg}").write_pdf()
    page: Any = pypdfium2.PdfDocument(written)[0]
    picture = page.render(scale=DOTS_PER_INCH / 72).to_pil()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _identity(view: Mapping[str, Any]) -> list[Sequence[str]]:
    words, enacted = view["words"], view["enactment"]
    given = words["given_at_enactment"]
    rows: list[Sequence[str]] = [
        (words["unit"], f"{view['institution']}, {view['unit']}"),
        (words["number"], enacted["number"] if enacted else f"{given} ({view['code']})"),
    ]
    rows += [(words[k], enacted[k] if enacted else given) for k in ("made", "revised", "effective")]
    office = enacted["office"] if enacted else given
    person = enacted["person"] if enacted else "……………………………………"
    nip = enacted["nip"] if enacted else "……………………………………"
    signed = f"{office},\n\n({words['signature']})\n\n{person}" + (f"\nNIP {nip}" if nip else "")
    rows += [(words["enacted_by"], signed), (words["name"], view["title"])]
    return rows


def _parts(view: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    yield "basis", view["laws"]
    yield "qualifications", view["qualifications"]
    yield "related", [f"{item['code']} {item['title']}" for item in view["related"]]
    for key in ("equipment", "warnings", "records"):
        yield key, view[key]


def _step(row: Mapping[str, Any]) -> list[str]:
    title = f"{row['title']}: " if row["title"] else ""
    # Answers of a choice stand among the notes; what follows an ordinary step is added.
    leads = [row["leads"]] if row["leads"] and row["leads"] not in " ".join(row["notes"]) else []
    return [
        str(row["number"]),
        title + row["activity"],
        f"{row['lane_label']} ({row['symbol_label']})",
        "\n".join(row["needs"]),
        row["time"],
        row["output"],
        "\n".join([*row["notes"], *leads]),
    ]


def _table(
    file: Any,
    heads: Sequence[str] | None,
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
) -> None:
    from docx.oxml import OxmlElement

    table = file.add_table(rows=0, cols=len(widths), style="Table Grid")
    if heads:
        cells = table.add_row()
        for cell, text in zip(cells.cells, heads, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        # The head is repeated on every page.
        cells._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for texts in rows:
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    set_widths(table, widths)
