"""The outputs: what is printed can be read, by people and by machines."""

from __future__ import annotations

import io
import json
import re
from functools import lru_cache
from typing import Any

import docx
import pypdf
import pypdfium2
import pytest
from lxml import html
from PIL import Image

from ckanext.satudata_pontianak.sop.documents import library
from ckanext.satudata_pontianak.sop.documents.building import build_all
from ckanext.satudata_pontianak.sop.documents.document import Document, Symbol
from ckanext.satudata_pontianak.sop.drawing import paging
from ckanext.satudata_pontianak.sop.files import pdf, sheets, word_file

from .made import built, definitions, raw, shown, with_new_state

pytestmark = pytest.mark.slow

every = pytest.mark.parametrize("document", built().values(), ids=lambda d: d.name)
PIECE = re.compile(r"\s+")


@lru_cache(maxsize=16)
def printed(name: str) -> bytes:
    return pdf.pdf(shown(built()[name]))


def pages_of(content: bytes) -> list[str]:
    """Return the text of each page, without its line breaks and hyphens."""
    texts = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    return [plain(text) for text in texts]


def plain(text: str) -> str:
    """Return a text without what setting it adds: blanks and hyphens at ends of lines."""
    return PIECE.sub("", text.replace("\ufffe", "").replace("\u00ad", "").replace("-", ""))


@every
def test_a_pdf_is_a4_landscape_and_has_one_page_for_the_head_and_one_for_each_part(
    document: Document,
) -> None:
    pages = pypdf.PdfReader(io.BytesIO(printed(document.name))).pages
    for page in pages:
        assert float(page.mediabox.width) == pytest.approx(841.89, abs=0.1)
        assert float(page.mediabox.height) == pytest.approx(595.28, abs=0.1)
    # No row grew over its page: a page more would tear the lines of the drawing.
    assert len(pages) == 1 + len(paging.paged(shown(document)))


@every
def test_a_pdf_is_tagged_named_and_in_indonesian(document: Document) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed(document.name)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "id"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    tags = tags_of(root["/StructTreeRoot"])
    assert {"/Table", "/TR", "/TH", "/TD", "/H1", "/H2", "/L", "/LI"} <= set(tags)
    assert tags.count("/TH") >= 8


def tags_of(node: Any) -> list[str]:
    """Return the kinds of all elements of a structure tree."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        each = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            if "/S" in each:
                found.append(str(each["/S"]))
            if "/K" in each:
                waiting.append(each["/K"])
    return found


@every
def test_all_that_a_document_says_can_be_read_from_its_pdf(document: Document) -> None:
    view, pages = shown(document), pages_of(printed(document.name))
    whole = "".join(pages)
    parts = [view["title"], view["summary"], view["definition"], view["code"]]
    parts += view["laws"]
    for key in ("qualifications", "equipment", "warnings", "records"):
        parts += view[key]
    for row in view["rows"]:
        parts += [row["activity"], row["time"], row["output"], *row["needs"], *row["notes"]]
        parts += [row["leads"], row["lane_label"]]
    missing = [part for part in parts if plain(part) not in whole]
    assert missing == []
    for text in pages:
        assert plain(view["status_label"]) in text


def test_the_words_of_the_definitions_are_indonesian() -> None:
    text = "".join(pages_of(printed("klasifikasi")))
    for sentence in (
        "Produsen Data mengusulkan klasifikasi dataset",
        "Walidata menyetujui usulan terbuka",
        "* Belum dicocokkan dengan naskah resminya oleh Bagian Hukum.",
        "Dasar hukum",
    ):
        assert plain(sentence) in text
    assert "Walidataapproves" not in text


def test_a_changed_deadline_stands_in_pdf_page_and_json() -> None:
    workflow = raw("workflow")
    workflow["states"]["consequence_test"]["due_working_days"] = 1234
    view = shown(build_all(definitions(workflow=workflow))["uji-konsekuensi"])
    before = shown(built()["uji-konsekuensi"])
    for changed, as_it_was in (
        ("".join(pages_of(pdf.pdf(view))), "".join(pages_of(printed("uji-konsekuensi")))),
        (sheets.part(view), sheets.part(before)),
        (library.WRITERS["json"](view).decode(), library.WRITERS["json"](before).decode()),
    ):
        assert "1234" in changed
        assert "1234" not in as_it_was


def test_a_new_state_stands_in_pdf_docx_page_and_json() -> None:
    view = shown(build_all(definitions(workflow=with_new_state()))["publikasi"])
    content = pdf.pdf(view)
    told = docx.Document(io.BytesIO(word_file.docx(view))).tables[1]
    texts = (
        "".join(pages_of(content)),
        plain("".join(cell.text for row in told.rows for cell in row.cells)),
        plain(sheets.part(view)),
        plain(library.WRITERS["json"](view).decode()),
    )
    for text in texts:
        assert plain("Read by lawyers") in text
        assert plain("Step hand_on.") in text
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1 + len(paging.paged(view))


@every
def test_the_part_for_a_page_is_a_table_with_heads_and_words_for_every_line(
    document: Document,
) -> None:
    view = shown(document)
    part = html.fromstring(sheets.part(view))
    rows = part.xpath("//table[@class='sop-steps']/tbody/tr")
    assert len(rows) == len(view["rows"])
    for element, row in zip(rows, view["rows"], strict=True):
        chart = element.xpath("td[@class='sop-chart']")[0]
        assert chart.get("style").startswith('background-image: url("data:image/svg+xml')
        told = chart.text_content()
        assert row["lane_label"] in told
        assert all(str(link["number"]) in told for link in row["next"])
    assert not part.xpath("//script | //a | //img[not(starts-with(@src, 'data:'))]")


@every
def test_the_json_is_the_document(document: Document) -> None:
    told = json.loads(library.written(document.name, "json"))
    assert told["definition"] == document.definition
    assert told["status"] == "draft"
    assert told["enactment"] is None
    assert len(told["rows"]) == len(document.rows)
    assert [lane["name"] for lane in told["lanes"]] == [name for name, _ in document.lanes]
    marks = {library.mark(document.name, form) for form in library.FORMATS}
    assert len(marks) == len(library.FORMATS)


@pytest.mark.parametrize("name", ["klasifikasi", "insiden"])
def test_a_docx_can_be_edited_and_shows_the_flowchart(name: str) -> None:
    view = shown(built()[name])
    file = docx.Document(io.BytesIO(word_file.docx(view)))
    text = "\n".join(p.text for p in file.paragraphs)
    assert view["title"] in text
    assert view["status_label"] in text
    for key in ("basis", "qualifications", "related", "equipment", "warnings", "records"):
        assert view["words"][key] in text
    identity, steps = file.tables
    assert view["definition"] in text
    heads = [cell.text for cell in identity.column_cells(0)]
    assert heads == [
        view["words"][key]
        for key in ("unit", "number", "made", "revised", "effective", "enacted_by", "name")
    ]
    assert "NIP" in "".join(cell.text for cell in identity.column_cells(1))
    assert len(steps.rows) == 1 + len(view["rows"])
    for row, cells in zip(view["rows"], steps.rows[1:], strict=True):
        assert row["activity"] in cells.cells[1].text
        assert row["time"] == cells.cells[4].text
    assert len(file.inline_shapes) == len(paging.paged(view))
    section = file.sections[0]
    assert section.page_width > section.page_height


def test_a_picture_holds_the_whole_drawing() -> None:
    """Its last column and row are there: the drawing ends where the picture ends."""
    view = shown(built()["insiden"])
    for content, page in zip(word_file.pictures(view), paging.paged(view), strict=True):
        picture = Image.open(io.BytesIO(content)).convert("L")
        scale = word_file.DOTS_PER_INCH / 25.4
        assert picture.width == pytest.approx(page.chart.width * scale, abs=2)
        # The right half of the head's border, and the lowest line, are no margin cut off.
        right = [picture.getpixel((picture.width - 2, y)) for y in range(picture.height)]
        low = [picture.getpixel((x, picture.height - 1)) for x in range(picture.width)]
        assert min(right) < 255
        assert sum(value < 255 for value in low) > picture.width * 0.9


def test_every_symbol_of_the_format_is_drawn() -> None:
    used = {row.symbol for document in built().values() for row in document.rows}
    assert used == set(Symbol)
