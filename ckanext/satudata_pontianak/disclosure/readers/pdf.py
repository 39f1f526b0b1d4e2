"""PDF: the text and tables of every page, and the strings of every object, shown or not.

``pypdf`` is used since it lets every object be looked at: annotations, form fields, properties,
bookmarks and what no page refers to any more are content as well. Pictures and pages without
text need a person. Scripts and actions that start programs are refused.

pypdf repairs what is damaged and says so in its log only. What it says there is heeded: a file
that was repaired is not one that was read.
"""

from __future__ import annotations

import logging
import re
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pypdf
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    StreamObject,
    TextStringObject,
)

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from .base import Batch, Incomplete, ReadError, Source, texts
from .image import metadata
from .pdf_tables import Piece, Tables, placed

_CHUNK = 4 * MEGABYTE
_DEEPEST = 60
_MOST_OBJECTS = 500_000
_LARGEST_STREAM = 64 * MEGABYTE
_SCRIPTS = frozenset({"/JS", "/JavaScript", "/Launch", "/RichMedia", "/RichMediaContent"})
_TELLING = re.compile(rb"[0-9]{9,}|[\w.+-]{1,64}@[\w-]+\.[\w.-]+")
_TELLING_TEXT = re.compile(r"[0-9]{9,}|[\w.+-]{1,64}@[\w-]+\.[\w.-]+")
_FONTS = re.compile(r"font|encoding|cmap|unicode|glyph|character|rotat|layout", re.IGNORECASE)
_BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)


class _Log(logging.Handler):
    """What pypdf complained of: about fonts, which a person can look past, or about the file."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.fonts = self.file = False

    def emit(self, record: logging.LogRecord) -> None:
        if _FONTS.search(record.getMessage()):
            self.fonts = True
        else:
            self.file = True


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every page and every object."""
    log = _Log()
    logger = logging.getLogger("pypdf")
    propagates, logger.propagate = logger.propagate, False  # it may quote the content
    logger.addHandler(log)
    try:
        with source.open() as file:
            yield from _Document(pypdf.PdfReader(_opened(file)), source).read()
    except DependencyError:
        raise ReadError("encrypted") from None
    except LimitReachedError:
        raise ReadError("compression_bomb") from None
    except _BROKEN:
        raise ReadError("broken_file", detail="pdf") from None
    finally:
        logger.removeHandler(log)
        logger.propagate = propagates
    if log.file:
        raise ReadError("broken_file", detail="pdf")
    if log.fonts:
        yield Incomplete(Reason("no_text"))


def _opened(file: Any) -> Any:
    file.seek(0)
    return file


class _Document:
    def __init__(self, reader: pypdf.PdfReader, source: Source) -> None:
        self._reader = reader
        self._source = source
        self._seen: set[str] = set()
        """Numbers and addresses that were handed on already; lives as long as the scan."""
        self._beside: list[str] = []
        self._pictures: list[Batch] = []
        self._picture = self._file = self._unread = False

    def read(self) -> Iterator[Batch | Incomplete]:
        reader = self._reader
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("encrypted")
        yield from self._pages()
        self._objects()
        self._raw()
        if self._beside:
            yield texts("@objects", self._beside)
        yield from self._pictures
        if self._unread:
            yield Incomplete(Reason("no_text"))
        if self._picture:
            yield Incomplete(Reason("embedded_content", {"part": "image"}))
        if self._file:
            yield Incomplete(Reason("embedded_content", {"part": "file"}))

    def _pages(self) -> Iterator[Batch]:
        pages = self._reader.pages
        total = max(1, len(pages))
        tables = Tables(self._source.limits.columns)
        if not len(pages):
            raise ReadError("broken_file", detail="pdf")
        for number, page in enumerate(pages):
            pieces: list[Piece] = []

            def visit(text: str, outer: Any, inner: Any, *_: object, into: Any = pieces) -> None:
                into.append(placed(text, outer, inner))

            text = page.extract_text(visitor_text=visit) or ""
            content = page.get_contents()
            if not text.strip():
                drawn = content is not None and bool(content.get_data().strip())
                self._unread = self._unread or drawn
            elif _garbled(text):
                self._unread = True
            for batch in tables.page(pieces, text):
                yield replace(batch, page=number + 1)
            self._seen.update(_TELLING_TEXT.findall(text))
            self._source.progress((number + 1) / total)

    def _objects(self) -> None:
        """Look at every object that the file lists."""
        reader = self._reader
        known = {(i, g) for g, entries in reader.xref.items() for i in entries}
        known |= {(i, 0) for i in reader.xref_objStm}
        if len(known) > _MOST_OBJECTS:
            raise ReadError("too_large", limit="parts")
        for number, generation in sorted(known):
            if number and generation != 65_535:
                reference = IndirectObject(number, generation, reader)
                self._walk(reader.get_object(reference), 0)

    def _walk(self, item: object, deep: int) -> None:
        if deep > _DEEPEST:
            raise ReadError("too_large", limit="depth")
        if isinstance(item, (TextStringObject, ByteStringObject)):
            text = item if isinstance(item, str) else item.decode("latin-1")
            self._add(str(text))
        elif isinstance(item, ArrayObject):
            for part in item:
                self._walk(part, deep + 1)
        elif isinstance(item, DictionaryObject):
            if _SCRIPTS & item.keys() or item.get("/S") in _SCRIPTS:
                raise ReadError("macro")
            if isinstance(item, StreamObject):
                self._stream(item)
            for part in item.values():
                self._walk(part, deep + 1)

    def _add(self, text: str) -> None:
        """Take a string that no page shows."""
        found = set(_TELLING_TEXT.findall(text))
        if len(text) > 4 and not (found and found <= self._seen):
            self._beside.append(text)
            self._seen |= found

    def _stream(self, item: StreamObject) -> None:
        kind, use = item.get("/Subtype"), item.get("/Type")
        if use == "/EmbeddedFile":
            self._file = True
        elif kind == "/Image":
            self._picture = True
            if "/DCTDecode" in str(item.get("/Filter")):
                with suppress(ReadError):  # a broken picture needs no more than a person either
                    self._pictures.extend(metadata(item._data, "@picture"))
        elif use not in ("/XRef", "/ObjStm") and not any("/Length1" in k for k in item):
            data = _unpacked(item)
            for match in _TELLING.findall(data):
                self._add(match.decode("latin-1"))

    def _raw(self) -> None:
        """Look at what the file does not list: older revisions, and anything between."""
        rest = b""
        with self._source.open() as file:
            while data := file.read(_CHUNK):
                for match in _TELLING.findall(rest + data):
                    self._add(match.decode("latin-1"))
                rest = data[-64:]


def _unpacked(item: StreamObject) -> bytes:
    """Return a stream's content, and refuse one that ends before it should."""
    data = item._data
    if item.get("/Filter") in ("/FlateDecode", ["/FlateDecode"]):
        inflater = zlib.decompressobj()
        inflater.decompress(data, _LARGEST_STREAM)
        if inflater.unconsumed_tail:
            raise ReadError("compression_bomb")
        if not inflater.eof:
            raise ReadError("broken_file", detail="pdf")
    return item.get_data()


def _garbled(text: str) -> bool:
    """Say whether a page's fonts do not tell which characters they show."""
    strange = sum(1 for c in text if c == "\ufffd" or unicodedata.category(c) in ("Co", "Cn"))
    strange += sum(1 for c in text if unicodedata.category(c) == "Cc" and c not in "\n\r\t")
    return strange > 0.02 * len(text)
