"""What a document says: the texts of a PDF, DOCX, XLSX, CSV or feed, as people read them."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import docx
import openpyxl
import pypdf

KINDS = ("pdf", "docx", "xlsx", "csv", "atom", "txt")
DOCUMENT = re.compile(rf"\.({'|'.join(KINDS)})$")


def kind_of(path: str) -> str | None:
    """Return what kind of document an address names, ``None`` where it is a page."""
    found = DOCUMENT.search(path.partition("?")[0])
    return found[1] if found else None


def texts(kind: str, content: bytes) -> list[str]:
    """Return the texts of a document, each with single spaces, once."""
    found = (" ".join(text.split()) for text in _READERS[kind](content))
    return [text for text in dict.fromkeys(found) if text]


def _pdf(content: bytes) -> Iterator[str]:
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        yield from page.extract_text().splitlines()


def _docx(content: bytes) -> Iterator[str]:
    document = docx.Document(io.BytesIO(content))
    for paragraph in document.paragraphs:
        yield paragraph.text
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield cell.text


def _xlsx(content: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield from (cell for cell in row if isinstance(cell, str))


def _csv(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8-sig")
    mark = ";" if text.partition("\n")[0].count(";") else ","
    for row in csv.reader(io.StringIO(text), delimiter=mark):
        yield from row


def _atom(content: bytes) -> Iterator[str]:
    for element in ET.fromstring(content).iter():  # noqa: S314 -- our own feed
        if element.tag.rpartition("}")[2] in {"title", "subtitle", "summary", "content", "name"}:
            yield element.text or ""


def _txt(content: bytes) -> Iterator[str]:
    yield from content.decode("utf-8").splitlines()


_READERS = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "csv": _csv, "atom": _atom, "txt": _txt}
