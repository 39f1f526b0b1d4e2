"""A table as a spreadsheet program in Indonesia opens it. Pure.

Such a program takes the semicolon as separator and the comma as decimal mark, and needs a mark at
the beginning to read UTF-8. A cell that it would run as a formula gets an apostrophe before it, as
OWASP advises: whoever fills in a form decides what stands in a table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
SEPARATOR = ";"
NUMBERS = frozenset({"int", "int4", "int8", "bigint", "numeric", "float", "float8"})
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


def safe(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula; a number stays one."""
    begun = text.lstrip(" \u00a0")
    if begun.startswith(_STARTS) and not _PLAIN.fullmatch(text):
        return "'" + text
    return text


def cell(value: str, kind: str) -> str:
    """Return a value as it stands in the file.

    :param value: as the DataStore writes it in CSV.
    :param kind: type of its column in the DataStore.
    """
    if kind in NUMBERS:
        return value.replace(".", ",")
    if kind == "bool":
        return {"t": "TRUE", "f": "FALSE"}.get(value, value)
    if kind == "timestamp":
        return value.replace("T", " ")
    return safe(value)


def lines(rows: Iterable[Sequence[str]], kinds: Sequence[str]) -> str:
    """Return rows as lines of the file, with values as the DataStore writes them."""
    return _written([[cell(v, k) for v, k in zip(row, kinds, strict=True)] for row in rows])


def heading(labels: Sequence[str]) -> str:
    """Return the beginning of the file: its mark, and the headings of its columns."""
    return MARK + _written([[safe(label) for label in labels]])


def _written(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=SEPARATOR, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
