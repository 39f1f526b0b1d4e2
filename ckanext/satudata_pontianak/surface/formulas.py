"""The CSV of every table that we write: one dialect, and no cell that a spreadsheet runs.

Whoever fills in a form decides what stands in a table. A cell that would be run gets an apostrophe
before it, as OWASP advises, and a cell that holds the separator of another country is quoted, so
that no program cuts a formula out of it. Numbers stay numbers.

The dialect is the one that spreadsheets in Indonesia read and write, where the comma is the
decimal mark: UTF-8 with a mark, semicolons between cells, lines that end with CR and LF.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

SEPARATOR, MARK = ";", "\ufeff"
ENCODING = "utf-8-sig"
"""Of a file that :class:`Writer` writes from its beginning: UTF-8 with the mark."""
_STARTS = frozenset("=+-@")
_BLANK_STARTS = ("\t", "\r", "\n")
# A number as it is written here or elsewhere, a telephone number, or a sign alone.
_PLAIN = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)? ?%?)?")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that XML 1.0 does not know, and so no workbook, feed or RDF/XML."""
# What another program may take for the border of a cell.
_OTHERS = ",\t|"


def runs(text: str) -> bool:
    """Tell whether a spreadsheet program might run a cell.

    Programs skip blanks, signs that are not seen and quotes before a formula, and some take the
    wide and small forms of the signs that one begins with.
    """
    if text[:1].isalnum():
        return False
    if text.startswith(_BLANK_STARTS):
        return True
    for sign in text:
        if sign == '"' or sign.isspace() or unicodedata.category(sign)[0] in "CZ":
            continue
        begins = unicodedata.normalize("NFKC", sign)[:1] in _STARTS or sign == "−"
        return begins and not _PLAIN.fullmatch(text)
    return False


def safe(text: str) -> str:
    """Return a text that no spreadsheet program runs; a number stays one."""
    return "'" + text if runs(text) else text


class Writer:
    """Writes rows in the dialect, with no cell that is run."""

    def __init__(self, file: Any, *, exact: bool = False) -> None:
        """Write to an open text file.

        :param exact: cells are written as they are: hashes and signatures that programs compare.
        """
        self._few = csv.writer(file, delimiter=SEPARATOR)
        self._all = csv.writer(file, delimiter=SEPARATOR, quoting=csv.QUOTE_ALL)
        self._safe = (lambda cell: cell) if exact else safe

    def row(self, cells: Sequence[Any]) -> None:
        """Write a row; what is no text is a number or a day, and nothing stands for ``None``."""
        made = [self._safe(cell) if isinstance(cell, str) else cell for cell in cells]
        cut = any(isinstance(cell, str) and any(s in cell for s in _OTHERS) for cell in made)
        # Only where a formula begins behind a foreign separator does quoting change anything.
        cut = cut and any(isinstance(c, str) and any(s in c for s in "=+-@＝＋－＠") for c in made)
        (self._all if cut else self._few).writerow(made)

    def rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows."""
        for row in rows:
            self.row(row)


def sheet(heads: Sequence[str], rows: Iterable[Sequence[Any]], *, exact: bool = False) -> bytes:
    """Return a table as the CSV of all exports, with its mark.

    :param exact: as :class:`Writer` takes it.
    """
    text = io.StringIO(newline="")
    writer = Writer(text, exact=exact)
    writer.row(heads)
    writer.rows(rows)
    return text.getvalue().encode(ENCODING)
