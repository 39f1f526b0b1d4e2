"""The parts of an Office package, read as XML streams with nothing trusted.

``openpyxl`` is not used for reading: its streaming mode cuts rows at the dimension that the
sheet declares and shows neither comments, hidden caches, formulas nor headers, and its full
mode holds the workbook in memory. Expat is the parser below both; here it sees every part.
Document types, and with them entities, are refused outright: no workbook has them.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from ckanext.satudata_pontianak.disclosure.limits import MEGABYTE, Limits

from .base import ReadError

CHUNK = 1 * MEGABYTE
_BLOCKS = frozenset({"si", "p", "text", "comment", "threadedComment"})
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


def local(name: str) -> str:
    """Return an XML name without its prefix; producers choose prefixes freely."""
    return name.rpartition(":")[2]


class Package:
    """An open package with its limits checked."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits, size: int) -> None:
        self._archive = archive
        self.parts = [info for info in archive.infolist() if not info.is_dir()]
        if len(self.parts) > limits.parts:
            raise ReadError("too_large", limit="parts")
        if any(info.flag_bits & 0x1 for info in self.parts):
            raise ReadError("encrypted")
        unpacked = sum(info.file_size for info in self.parts)
        if unpacked > 20 * MEGABYTE and unpacked > limits.ratio * size:
            raise ReadError("compression_bomb")
        if unpacked > limits.unpacked:
            raise ReadError("too_large", limit="unpacked")

    def read(self, info: zipfile.ZipInfo, longest: int) -> bytes:
        """Return a whole part that is known to be small."""
        if info.file_size > longest:
            raise ReadError("too_large", limit="part")
        try:
            return self._archive.read(info)
        except _BROKEN:
            raise ReadError("broken_file", detail="zip") from None

    def feed(self, info: zipfile.ZipInfo, parser: expat.XMLParserType) -> Iterator[int]:
        """Feed one part to a parser, yielding after every chunk the bytes fed."""
        try:
            with self._archive.open(info) as stream:
                while data := stream.read(CHUNK):
                    parser.Parse(data, False)
                    yield len(data)
                parser.Parse(b"", True)
        except expat.ExpatError:
            raise ReadError("broken_file", detail="xml") from None
        except _BROKEN:
            raise ReadError("broken_file", detail="zip") from None


def new_parser() -> expat.XMLParserType:
    """Return a parser that refuses document types."""
    parser = expat.ParserCreate()
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
        if name in _BLOCKS or (direct and name != "t"):
            self.flush()

    def flush(self) -> None:
        if self._text:
            text = "".join(self._text)
            self._text.clear()
            if not text.isspace():
                self._sink(text)

    def attach(self, parser: expat.XMLParserType) -> None:
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.data
