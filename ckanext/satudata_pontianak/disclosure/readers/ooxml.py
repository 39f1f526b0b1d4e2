"""The parts of an Office package, read as XML streams with nothing trusted.

``openpyxl`` is not used for reading: its streaming mode cuts rows at the dimension that the
sheet declares and shows neither comments, hidden caches, formulas nor headers, and its full
mode holds the workbook in memory. Expat is the parser below both; here it sees every part.
Document types, and with them entities, are refused outright: no workbook has them.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from xml.parsers import expat

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE
from ckanext.satudata_pontianak.disclosure.reasons import Reason

from .base import Batch, Incomplete, ReadError, Source, texts
from .image import metadata
from .package import Package
from .sniff import kind_of

MACRO = re.compile(r"vbaProject|vbaData|macrosheets/|/activeX/", re.IGNORECASE)
_XML = (".xml", ".rels", ".rdf")
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "tif", "tiff", "webp"})
_RUNS = frozenset({"t", "delText", "instrText", "span", "a"})
_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r"[\"']([^\"'<>]{5,})[\"']")
_LARGEST_DRAWING = 32 * MEGABYTE
_LARGEST_PICTURE = 64 * MEGABYTE
_SWEEP_AT = 50_000

_BLOCKS = frozenset({"si", "p", "text", "comment", "threadedComment"})


def local(name: str) -> str:
    """Return an XML name without its prefix; producers choose prefixes freely."""
    return name.rpartition(":")[2]


def new_parser(
    start: Callable[[str, dict[str, str]], object] | None = None,
    end: Callable[[str], object] | None = None,
    data: Callable[[str], object] | None = None,
) -> expat.XMLParserType:
    """Return a parser that refuses document types and tells of elements and text."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.buffer_text = True
    parser.ordered_attributes = False

    def refuse(*args: object) -> None:
        raise ReadError("entities")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


class TextSweep:
    """Collects every text and attribute of a part, joining the runs of formatted text."""

    def __init__(self, sink: Callable[[str], None]) -> None:
        self._sink = sink
        self._text: list[str] = []
        self._direct: list[bool] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "ddeLink":
            raise ReadError("formula")
        self._direct.append(False)
        for key, value in attributes.items():
            if len(value) > 4 and not key.endswith("uid"):
                self._sink(value)

    def data(self, text: str) -> None:
        if self._direct:
            self._direct[-1] = self._direct[-1] or not text.isspace()
        self._text.append(text)

    def end(self, name: str) -> None:
        direct = self._direct.pop()
        name = local(name)
        if name in _BLOCKS or (direct and name not in _RUNS):
            self.flush()

    def flush(self) -> None:
        if self._text:
            text = "".join(self._text)
            self._text.clear()
            if not text.isspace():
                self._sink(text)


def other_part(
    package: Package, part: zipfile.ZipInfo, source: Source
) -> Iterator[Batch | Incomplete]:
    """Yield the text of a part that is not the content itself, or say that it cannot be read.

    Of a picture its metadata are read; the picture itself needs a person.
    """
    name = part.filename
    if name.lower().endswith(".vml"):
        yield _drawing(package, part)
    elif name.lower().endswith(_XML):
        yield from swept(package, part)
    else:
        kind = kind_of(name)
        if kind in _PICTURES:
            picture = package.read(part, _LARGEST_PICTURE)
            with suppress(ReadError):  # a broken picture needs no more than a person either
                yield from metadata(picture, f"@{name}")
        # The name of a part may be chosen freely, so its kind is all that is told.
        yield Incomplete(Reason("embedded_content", {"part": kind}))


def swept(package: Package, part: zipfile.ZipInfo) -> Iterator[Batch]:
    """Yield all text of one part; its name becomes the table's name in the report."""
    found: list[str] = []
    sweep = TextSweep(found.append)
    parser = new_parser(sweep.start, sweep.end, sweep.data)
    for _ in package.feed(part, parser):
        if len(found) > _SWEEP_AT:
            yield texts(f"@{part.filename}", found)
            found.clear()
    sweep.flush()
    if found:
        yield texts(f"@{part.filename}", found)


def _drawing(package: Package, part: zipfile.ZipInfo) -> Batch:
    """Return the text of an old drawing, which Excel itself writes as malformed XML."""
    text = package.read(part, _LARGEST_DRAWING).decode("utf-8", "replace")
    found = [html.unescape(t).strip() for t in _TAG.split(text)]
    found += [html.unescape(t) for t in _ATTRIBUTE.findall(text)]
    return texts(f"@{part.filename}", [t for t in found if t])
