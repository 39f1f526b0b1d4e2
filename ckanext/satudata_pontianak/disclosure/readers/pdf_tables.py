"""Tables of a PDF, found by where their pieces of text stand.

A PDF knows no tables. Pieces on one height are a row, rows of several pieces that begin at the same
edges are a table, and a piece belongs to the column whose edge is nearest. Only what has a heading
is made a table: without one its columns say no more than lines do. Nothing is lost by a wrong
guess: every piece is a cell or a line, and what a cell holds is looked at as a line would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .base import Batch, Heading, cells_of, lines
from .heading import PREVIEW, find_layout

_SAME_HEIGHT = 2.5  # points
_SAME_EDGE = 20.0
_ALIGNED = 4.0
_SHARE = 0.6
_FEWEST_ROWS = 3
_GROUP = re.compile(r"[0-9]{2,6}")

Cells = list[str | None]


@dataclass(frozen=True)
class Piece:
    """A piece of text and where it begins, in points from the lower left corner."""

    x: float
    y: float
    text: str


def placed(text: str, outer: Sequence[float], inner: Sequence[float]) -> Piece:
    """Return a piece by the page's matrix and the text's (PDF 32000-1, 8.3.3 and 9.4.4)."""
    x, y = inner[4], inner[5]
    return Piece(
        x * outer[0] + y * outer[2] + outer[4], x * outer[1] + y * outer[3] + outer[5], text
    )


@dataclass
class Tables:
    """Gives pages as tables and lines; a table may go on over pages."""

    limit: int
    _number: int = 0
    _known: list[float] = field(default_factory=list)
    _headings: tuple[Heading, ...] = ()

    def page(self, pieces: Sequence[Piece], text: str) -> Iterator[Batch]:
        """Yield one page; ``text`` is all of it, in case that pieces of it are missing."""
        if _bare(text) != _bare("".join(p.text for p in pieces)):
            yield from _lines([t for t in text.splitlines() if t.strip()])
            return
        run: list[list[Piece]] = []
        rest: list[str] = []
        for row in [*_rows(pieces), []]:
            if len(row) > 1:
                run.append(row)
                continue
            table = self._table(run) if len(run) >= _FEWEST_ROWS else None
            if table is not None:
                yield from table
                rest += [joined for r in run if (joined := _grouped(r))]
            else:
                rest += [_line(r) for r in run]
            rest += [_line(row)] if row else []
            run = []
        yield from _lines(rest)

    def _table(self, run: list[list[Piece]]) -> Iterator[Batch] | None:
        """Return a run of rows as a table; None where it is none, or says no more than lines."""
        edges = _edges(run)
        if len(edges) < 2:
            return None
        rows = [_cells(row, edges) for row in run]
        layout = find_layout(rows[:PREVIEW])
        same = len(edges) == len(self._known) and all(
            abs(a - b) < _SAME_EDGE for a, b in zip(edges, self._known, strict=True)
        )
        if layout.before:
            self._number += 1
            self._headings = layout.headings[: self.limit]
            self._known = edges
        elif not same:
            return None
        return self._batches(rows[: layout.before], rows[layout.before :])

    def _batches(self, before: list[Cells], after: list[Cells]) -> Iterator[Batch]:
        name = f"table {self._number}"
        if before:
            yield Batch(name, cells_of(before, self.limit), 0, self._headings)
        if after:
            yield Batch(name, cells_of(after, self.limit), len(after), self._headings)


def _edges(run: list[list[Piece]]) -> list[float]:
    """Return the left edges that most rows share; none where pieces begin anywhere, as in prose."""
    widest = sorted(piece.x for piece in max(run, key=len))
    shared = [
        edge
        for edge in widest
        if sum(any(abs(p.x - edge) < _ALIGNED for p in row) for row in run) >= _SHARE * len(run)
    ]
    pieces = [piece for row in run for piece in row]
    aligned = sum(any(abs(p.x - edge) < _ALIGNED for edge in shared) for p in pieces)
    return shared if aligned >= _SHARE * len(pieces) else []


def _lines(found: list[str]) -> Iterator[Batch]:
    if found:
        yield lines(None, found)


def _bare(text: str) -> list[str]:
    return sorted("".join(text.split()))


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return the filled pieces by their height, from the top and from the left."""
    rows: list[list[Piece]] = []
    for piece in sorted((p for p in pieces if p.text.strip()), key=lambda p: -p.y):
        if rows and abs(rows[-1][0].y - piece.y) <= _SAME_HEIGHT:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda p: p.x) for row in rows]


def _line(row: list[Piece]) -> str:
    return " ".join(" ".join(piece.text.split()) for piece in row)


def _cells(row: list[Piece], edges: list[float]) -> Cells:
    cells: Cells = [None] * len(edges)
    for piece in row:
        column = min(range(len(edges)), key=lambda i: abs(edges[i] - piece.x))
        text = " ".join(piece.text.split())
        known = cells[column]
        cells[column] = f"{known} {text}" if known else text
    return cells


def _grouped(row: list[Piece]) -> str:
    """Return a row as a line if a number in groups of digits may be spread over it."""
    groups = sum(1 for piece in row if _GROUP.fullmatch(piece.text.strip()))
    return _line(row) if groups >= 3 else ""
