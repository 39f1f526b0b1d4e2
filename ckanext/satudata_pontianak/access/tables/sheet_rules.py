"""A table as a spreadsheet program in Indonesia opens it. Pure.

Separator, mark and quotes are those of ``surface/formulas.py``; here are the values: the comma is
the decimal mark.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from ...surface import formulas

NUMBERS = frozenset({"int", "int4", "int8", "bigint", "numeric", "float", "float8"})


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
    return value


def lines(rows: Iterable[Sequence[str]], kinds: Sequence[str]) -> str:
    """Return rows as lines of the file, with values as the DataStore writes them."""
    return _written([[cell(v, k) for v, k in zip(row, kinds, strict=True)] for row in rows])


def heading(labels: Sequence[str]) -> str:
    """Return the beginning of the file: its mark, and the headings of its columns."""
    return formulas.MARK + _written([labels])


def _written(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    formulas.Writer(text).rows(rows)
    return text.getvalue()
