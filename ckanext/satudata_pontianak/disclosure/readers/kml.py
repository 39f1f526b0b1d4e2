"""KML: what a placemark says of itself as a row, where its points lie, and every other text.

Document types, and with them entities, are refused (:func:`.ooxml.new_parser`). Of lines and areas
the coordinates are left out where they are numbers, as of a shapefile: a boundary is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

import polars as pl

from .base import Batch, Heading, Incomplete, ReadError, Source, texts
from .heading import NAME_LENGTH
from .ooxml import local, new_parser

_PIECE = 1024 * 1024
_ROWS = 20_000
_MOST_COLUMNS = 512
_DEEPEST = 100
_PLACEMARK = "Placemark"
_SAID = frozenset({"name", "description", "address", "phoneNumber", "Snippet"})
_PLACES = ("longitude", "latitude")
_NUMBERS = re.compile(r"[-+.,\s\dEe]*")
_FRACTION = re.compile(r"\.\d*")
_HOLDERS = frozenset(
    {"kml", "Document", "Folder", _PLACEMARK, "ExtendedData", "SchemaData", "Data", "coordinates"}
)
"""What holds others: between these no text is one with its neighbour's."""
_LONG = re.compile(r"\d{9}")
"""So many digits in one row are no degrees, but may be somebody's number."""


class _Reading:
    """Turns the events of the parser into rows of placemarks, and text beside them."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.beside: list[str] = []
        self.columns: dict[str, int] = {}
        self._row: dict[str, str] | None = None
        self._open: list[tuple[str, str]] = []
        self._text: list[str] = []
        self._pieces: list[list[str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._flush()
        name = local(name)
        if len(self._open) >= _DEEPEST:
            raise ReadError("too_large", limit="depth")
        self._open.append((name, attributes.get("name", "")))
        self._pieces.append([])
        if name == _PLACEMARK and self._row is None:
            self._row = {}
        for key, value in attributes.items():
            if name not in ("Data", "SimpleData") or key != "name":
                self.beside.append(value)

    def end(self, name: str) -> None:
        self._flush()
        self._open.pop()
        self._join(self._pieces.pop())
        if local(name) == _PLACEMARK and all(n != _PLACEMARK for n, _ in self._open):
            self.rows.append(self._row or {})
            self._row = None

    def _join(self, pieces: list[str]) -> None:
        """Read as one what other elements stand in the middle of: ``6171<b/>0145``."""
        whole = "".join(pieces)
        if len(pieces) > 1:
            self.beside.append(whole)
        if whole and self._open and self._open[-1][0] not in _HOLDERS:
            self._pieces[-1].append(whole)

    def data(self, text: str) -> None:
        self._text.append(text)

    def also(self, *said: str) -> None:
        """Keep what programs do not show: comments, and instructions for programs."""
        self.beside += said

    def _flush(self) -> None:
        text = "".join(self._text).strip()
        self._text.clear()
        if not text:
            return
        name, called = self._open[-1] if self._open else ("", "")
        if name and name not in _HOLDERS:
            self._pieces[-1].append(text)
        above = self._open[-2] if len(self._open) > 1 else ("", "")
        if name == "coordinates":
            self._coordinates(text, above[0])
        elif self._row is not None and name == "SimpleData":
            self._cell(called, text)
        elif self._row is not None and name == "value" and above[0] == "Data":
            self._cell(above[1], text)
        elif self._row is not None and name in _SAID and above[0] == _PLACEMARK:
            self._cell(name, text)
        else:
            self.beside.append(text)

    def _coordinates(self, text: str, of: str) -> None:
        if not _NUMBERS.fullmatch(text) or _LONG.search(_FRACTION.sub("", text)):
            self.beside += [text, *text.replace(",", " ").split()]
        elif of == "Point":
            for name, value in zip(_PLACES, text.split(","), strict=False):
                self._cell(name, value.strip())

    def _cell(self, name: str, text: str) -> None:
        """Put a text into the column of a name; what has no place there stands beside."""
        if name not in self.columns and len(self.columns) >= _MOST_COLUMNS:
            self.beside += [name, text]
            return
        self.columns.setdefault(name, len(self.columns))
        if self._row is None or name in self._row:
            self.beside.append(text)
        else:
            self._row[name] = text

    def batches(self) -> Iterator[Batch]:
        """Give what was read since it was asked last."""
        headings = tuple(
            Heading(" ".join(name.split())[:NAME_LENGTH] or None, name[:2000])
            for name in self.columns
        )
        cells = {
            at: pl.Series([row.get(name) for row in self.rows], dtype=pl.String)
            for name, at in self.columns.items()
        }
        yield Batch(None, cells if self.rows else {}, len(self.rows), headings)
        if self.beside:
            yield texts("@kml", self.beside)
        self.rows, self.beside = [], []


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every placemark, and every text beside them."""
    reading, seen = _Reading(), 0
    parser = new_parser(reading.start, reading.end, reading.data)
    parser.CommentHandler = reading.also
    parser.ProcessingInstructionHandler = reading.also
    try:
        with source.open() as file:
            while piece := file.read(_PIECE):
                parser.Parse(piece, False)
                seen += len(piece)
                source.progress(seen / max(1, source.size))
                if len(reading.rows) >= _ROWS or len(reading.beside) >= _ROWS:
                    yield from reading.batches()
            parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):  # an encoding that nobody knows
        raise ReadError("broken_file", detail="xml") from None
    if not reading.rows and not reading.beside and not reading.columns:
        raise ReadError("no_content")
    if reading.columns:
        yield texts("@columns", list(reading.columns))
    yield from reading.batches()
