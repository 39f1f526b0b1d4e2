"""Where does a table begin? Find the heading row below a letterhead, or that there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ckanext.satudata_pontianak.disclosure.columns import ColumnScan, plan
from ckanext.satudata_pontianak.disclosure.recognizers import Place
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT
from ckanext.satudata_pontianak.disclosure.screening import FEWEST, speaking

from .base import Heading

PREVIEW = 40
DEEPEST = 12
NAME_LENGTH = 200
_YEAR = re.compile(r"^\D{0,8}(?:19|20)\d\d(?:\s*[-/]\s*(?:19|20)?\d\d)?\D{0,3}$")
# A number whose exponent is its only letter.
_NUMBER = re.compile(r"^(?=[^eE]*\d)[\s'\"(+\-\d.,:/%]*[eE][+\-]?\d+[\s'\")]*$")
_PLACEHOLDER = re.compile(r"(?i)^(?:column|kolom|col|field|unnamed|var)[ _:.]*[0-9]*$")
_SPACES = re.compile(r"[^\S ]|  ")
_LETTER = re.compile(r"[^\W\d_]")

Row = Sequence[str | None]


@dataclass(frozen=True)
class Layout:
    """How many rows stand before the data, and the headings if there are any."""

    before: int
    headings: tuple[Heading, ...]


def find_layout(rows: Sequence[Row], filled: Sequence[int] | None = None) -> Layout:
    """Look at the first rows of a table and decide where its heading is.

    The first row that fills most of the table's width is the heading if all its cells look
    like labels; if it looks like data, the table has no heading.

    :param filled: how many cells of each row are more than spaces, where that is known.
    """
    if filled is None:
        filled = [sum(map(bool, map(str.strip, filter(None, row)))) for row in rows]
    if not filled or not max(filled):
        return Layout(0, ())
    # Letterheads fill one cell or two of a row; rows of data are what fills more.
    wide = sorted(n for n in filled if n > 1) or [1]
    width = wide[int(len(wide) * 0.75)]
    for index, row in enumerate(rows[:DEEPEST]):
        if filled[index] < max(1, 0.6 * width) or (width > 1 and filled[index] < 2):
            continue
        if not _is_heading(row):
            return Layout(0, ())
        return _layout(rows, index + _is_above_headings(rows, index))
    return Layout(0, ())


def _is_above_headings(rows: Sequence[Row], index: int) -> bool:
    """Say whether a program numbered the columns above the headings that people wrote."""
    if index + 1 == len(rows) or not all(_PLACEHOLDER.match(_text(c)) for c in rows[index] if c):
        return False
    below = rows[index + 1]
    named = plan(DEFAULT.kinds).named
    telling = sum(1 for cell in below if _text(cell) and Place(_text(cell)).mentions(named))
    return telling >= 2 and _is_heading(below)


def _layout(rows: Sequence[Row], index: int) -> Layout:
    """Join a heading of up to three rows, as merged cells produce them."""
    row = _texts(rows[index])
    above = [
        _texts(r) for r in rows[max(0, index - 2) : index] if sum(1 for c in r if _text(c)) >= 2
    ]
    below: list[str] = []
    last = index
    if index + 1 < len(rows):
        below_it = rows[index + 1]
        following = [] if all(row) and len(below_it) <= len(row) else _texts(below_it)
        fills_gap = any(t and (i >= len(row) or not row[i]) for i, t in enumerate(following))
        if fills_gap and len(row) > 1 and _is_heading(rows[index + 1]):
            below, last = following, index + 1
    width = max(len(row), len(below), *(len(a) for a in above), 0)
    if not above and not below:
        return Layout(last + 1, _plain(row))
    headings = []
    for column in range(width):
        parts = [_at(a, column) for a in above]
        own = _at(row, column)
        if not own and below:
            # A merged heading stands in its first cell and holds for the empty ones after it.
            parts.append(next((t for t in reversed(row[:column]) if t), ""))
        named = " ".join(t for t in (own, _at(below, column)) if t)
        named = named or next((t for t in reversed(parts) if t), "")
        context = " ".join(t for t in (*parts, own, _at(below, column)) if t)
        headings.append(
            Heading(" ".join(named.split())[:NAME_LENGTH] or None, context[:2000] or None)
        )
    return Layout(last + 1, tuple(headings))


def _plain(row: Sequence[str]) -> tuple[Heading, ...]:
    """Return the headings of columns that have one row of them and nothing above it."""
    if max(map(len, row), default=0) <= NAME_LENGTH and not _SPACES.search("\0".join(row)):
        names = [own or None for own in row]
        return tuple(map(Heading, names, names))
    return tuple(
        Heading(" ".join(own.split())[:NAME_LENGTH] or None, own[:2000] or None) for own in row
    )


def _texts(row: Row) -> list[str]:
    return [cell.strip() if cell else "" for cell in row]


def _is_year(cell: str) -> bool:
    return ("19" in cell or "20" in cell) and bool(_YEAR.match(cell))


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _text(cell: str | None) -> str:
    return cell.strip() if cell else ""


def _is_heading(row: Row) -> bool:
    """Say whether every filled cell is a label and none is a value, least a personal one."""
    cells = [t for t in _texts(row) if t]
    if max(map(len, cells), default=0) > NAME_LENGTH:
        return False
    # What begins with a letter is no number.
    values = [cell for cell in cells if not cell[0].isalpha() and not _is_year(cell)]
    if any(_NUMBER.match(cell) or not _LETTER.search(cell) for cell in values):
        return False
    labels = values or any(not _is_year(cell) for cell in cells)
    if not labels:
        return False
    if len(cells) >= FEWEST:
        # Of many labels few have the form of anything, and no other is to be looked at again.
        told = speaking(cells, plan(DEFAULT.kinds))
        cells = [cell for cell, some in zip(cells, told, strict=True) if some]
        if not cells:
            return True
    scan = ColumnScan(DEFAULT, Place(free_text=True))
    scan.update(pl.Series(cells, dtype=pl.String))
    return not scan.conclude()
