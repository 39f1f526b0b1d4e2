"""How cells of a table are written for people. Pure.

Digits stay as the file has them: a number gets the marks of the language and is never rounded.
Years and codes are numbers only by their form, so they get no mark of thousands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from ..web import formats
from .table_query import Column, Kind

_DIGITS = re.compile(r"(-?)(\d+)(?:\.(\d+))?")
# Words of a heading that say that its numbers name something and count nothing.
_NAMES = frozenset(
    "tahun thn year kode code id no nomor number nip rt rw kodepos pos urut bulan month".split()
)
YEARS = range(1900, 2101)


class Cell(NamedTuple):
    """A cell: what is shown, and what the file has where that is something else."""

    text: str
    raw: str = ""


@cache
def _marks(language: str) -> tuple[str, str]:
    """Return the marks of thousands and of decimals."""
    symbols = formats.locale_of(language).number_symbols["latn"]
    return str(symbols["group"]), str(symbols["decimal"])


def number(raw: str, language: str, *, grouped: bool = True) -> str:
    """Return a number with the marks of the language, all its digits kept."""
    found = _DIGITS.fullmatch(raw)
    if found is None:
        return raw
    group, decimal = _marks(language)
    sign, whole, rest = found.groups()
    if grouped:
        whole = f"{int(whole):,}".replace(",", group)
    return f"{sign}{whole}{decimal}{rest}" if rest else f"{sign}{whole}"


def is_name(column: Column, values: Sequence[str]) -> bool:
    """Tell whether the numbers of a column name years, codes or the like."""
    words = re.split(r"[\W_]+", column.label.lower())
    if not _NAMES.isdisjoint(words):
        return True
    filled = [value for value in values if value]
    return bool(filled) and all(v.isdigit() and int(v) in YEARS for v in filled)


def column_cells(
    column: Column, values: Sequence[str], language: str, yes: str, no: str
) -> list[Cell]:
    """Return the cells of a column as people read them.

    :param values: as the DataStore writes them in CSV; what is empty is empty.
    :param yes: what true is called in the language; ``no``: what false is.
    """
    if column.kind is Kind.NUMBER:
        grouped = not is_name(column, values)
        return [Cell(number(value, language, grouped=grouped), value) for value in values]
    if column.kind is Kind.DAY:
        return [Cell(formats.day(value, language), value) for value in values]
    if column.kind is Kind.MOMENT:
        return [Cell(value.replace("T", " "), value) for value in values]
    if column.kind is Kind.BOOLEAN:
        said = {"t": yes, "f": no, "true": yes, "false": no}
        return [Cell(said.get(value, value), value) for value in values]
    return [Cell(value) for value in values]
