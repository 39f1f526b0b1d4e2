"""Documents and slides: DOCX, PPTX, ODT, ODP. Paragraphs, tables, all text in every other part.

Headers, footers, comments, notes, text boxes, properties and what tracked changes removed are
content as well. A table is a table: its heading says what its columns are.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from .base import Batch, Incomplete, ReadError, Source, cells_of, lines
from .heading import PREVIEW, find_layout
from .ooxml import MACRO, TextSweep, local, new_parser, other_part
from .package import Package, opened

_BODY = re.compile(
    r"^(?:word/document\d*|ppt/(?:slides/slide|notesSlides/notesSlide)\d+|content)\.xml$",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(r"^(?:Basic|Scripts)/", re.IGNORECASE)
_ROWS = frozenset({"tr", "table-row"})
_CELLS = frozenset({"tc", "table-cell"})
_TABLES = frozenset({"tbl", "table"})
_SPACES = frozenset({"tab", "br", "cr", "s", "line-break"})
_SESSION = re.compile("[0-9A-Fa-f]{8}")
_PARAGRAPHS = 20_000
_HARMLESS = re.compile(
    r"^word/fonts/[^/]+\.odttf$|^mimetype$|^META-INF/manifest\.xml$|^layout-cache$", re.IGNORECASE
)


def read(source: Source) -> Iterator[Batch | Incomplete]:
    """Read every part of a document."""
    with opened(source) as package:
        if any(MACRO.search(part.filename) or _runs(part.filename) for part in package.parts):
            raise ReadError("macro")
        body = [part for part in package.parts if _BODY.search(part.filename)]
        if not body:
            raise ReadError("broken_file", detail="parts")
        for part in body:
            many = len(body) > 1
            yield from _body(
                package, part, source, PurePosixPath(part.filename).stem if many else ""
            )
        for part in package.parts:
            if part not in body and not _HARMLESS.search(part.filename):
                yield from other_part(package, part, source)


def _runs(name: str) -> bool:
    return bool(_SCRIPTS.search(name)) and not name.endswith("-lc.xml")


def _body(package: Package, part: zipfile.ZipInfo, source: Source, within: str) -> Iterator[Batch]:
    parser = _Body(source.limits.columns, within)
    for _ in package.feed(part, parser.parser):
        yield from parser.take()
    yield from parser.finish()


class _Body:
    """Turns the events of the body into running text and tables.

    A table within a table is text of the outer one's cell: its own columns mean little.
    ``within`` names the slide, where there are several.
    """

    def __init__(self, limit: int, within: str = "") -> None:
        self._limit = limit
        self._within = f"{within} " if within else ""
        self._text: list[str] = []
        self._sweep = TextSweep(self._text.append)
        self._deep = 0
        self._number = 0
        self._rows: list[list[str | None]] = []
        self._row: list[str | None] = []
        self._ready: list[Batch] = []
        self.parser = new_parser(self._start, self._end, self._sweep.data)

    def take(self) -> list[Batch]:
        """Return the batches that are ready."""
        if not self._deep and len(self._text) > _PARAGRAPHS:
            self._flush()
        ready, self._ready = self._ready, []
        return ready

    def finish(self) -> list[Batch]:
        """Return what is left when the part has ended."""
        self._sweep.flush()
        self._flush()
        return self.take()

    def _flush(self) -> None:
        if self._text:
            self._ready.append(lines(None, self._text))
            self._text.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "script":
            raise ReadError("macro")
        if name in _TABLES:
            if not self._deep:
                self._sweep.flush()
                self._flush()
                self._number += 1
            self._deep += 1
        elif self._deep == 1 and name in _ROWS:
            self._row = []
        elif name in _SPACES:
            self._sweep.data(" ")
        # Most attributes of paragraphs are the numbers of editing sessions.
        kept = {k: v for k, v in attributes.items() if not _SESSION.fullmatch(v)}
        self._sweep.start(name, kept)

    def _end(self, name: str) -> None:
        name = local(name)
        self._sweep.end(name)
        if name in _TABLES:
            self._deep -= 1
            if not self._deep:
                self._end_table()
        elif self._deep == 1 and name in _CELLS:
            self._sweep.flush()
            self._row.append("\n".join(self._text).strip() or None)
            self._text.clear()
        elif self._deep == 1 and name in _ROWS:
            self._rows.append(self._row)

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        layout = find_layout(rows[:PREVIEW])
        headings = layout.headings[: self._limit]
        name = f"{self._within}table {self._number}"
        before, after = rows[: layout.before], rows[layout.before :]
        if before:
            self._ready.append(Batch(name, cells_of(before, self._limit), 0, headings))
        if after:
            self._ready.append(Batch(name, cells_of(after, self._limit), len(after), headings))
