"""No cell of a file that we make is run by a spreadsheet program: one rule for all of them.

Whoever fills in a form decides what stands in a table. A cell that would be run gets an apostrophe
before it, as OWASP advises, and a cell that holds the separator of another country is quoted, so
that no program cuts a formula out of it. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

SEPARATOR = ";"
_STARTS = frozenset("=+-@")
_BLANK_STARTS = ("\t", "\r", "\n")
# A number as it is written here or elsewhere, a telephone number, or a sign alone.
_PLAIN = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)? ?%?)?")
# What another program may take for the border of a cell.
_SEPARATORS = ",;\t|"


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
    """Writes rows as CSV, with no cell that is run."""

    def __init__(self, file: Any, *, delimiter: str = ",", lineterminator: str = "\r\n") -> None:
        """Write to an open text file."""
        self._few = csv.writer(file, delimiter=delimiter, lineterminator=lineterminator)
        self._all = csv.writer(
            file, delimiter=delimiter, lineterminator=lineterminator, quoting=csv.QUOTE_ALL
        )
        self._others = _SEPARATORS.replace(delimiter, "")

    def row(self, cells: Sequence[Any]) -> None:
        """Write a row; what is no text is a number or a day, and nothing stands for ``None``."""
        made = [safe(cell) if isinstance(cell, str) else cell for cell in cells]
        cut = any(isinstance(cell, str) and any(s in cell for s in self._others) for cell in made)
        # Only where a formula begins behind a foreign separator does quoting change anything.
        cut = cut and any(isinstance(c, str) and any(s in c for s in "=+-@＝＋－＠") for c in made)
        (self._all if cut else self._few).writerow(made)

    def rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows."""
        for row in rows:
            self.row(row)


def sheet(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as the CSV of all exports for people.

    UTF-8 with a mark, and semicolons between cells: so spreadsheets in Indonesian read and write,
    where the comma is the decimal mark.
    """
    text = io.StringIO(newline="")
    writer = Writer(text, delimiter=SEPARATOR)
    writer.row(heads)
    writer.rows(rows)
    return text.getvalue().encode("utf-8-sig")
