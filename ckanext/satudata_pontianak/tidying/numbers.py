"""Numbers as people of the city write them: ``1.234,5``, ``1 234``, ``Rp 12.000``, ``-``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from ..metadata import roles
from .grid import Cell, Kind
from .words import unstarred

Sign = Literal["comma", "point"]
"""What stands before the decimals of a number that is written as text."""
_AROUND = re.compile(r"^(?:rp\.?|idr)\s*|\s*%$|,-$", re.IGNORECASE)
_GAPS = re.compile(r"(?<=\d)[ \u00a0\u202f'](?=\d{3}(?:\D|$))")
_COMMA = re.compile(r"[-+−]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?")
_POINT = re.compile(r"[-+−]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_SURE_COMMA = re.compile(r"\D*\d{1,3}(?:\.\d{3}){2,}|.*\.\d{3},\d+|\D*\d+,(?:\d{1,2}|\d{4,})")
_SURE_POINT = re.compile(r"\D*\d{1,3}(?:,\d{3}){2,}|.*,\d{3}\.\d+|\D*\d+\.(?:\d{1,2}|\d{4,})")


def bare(text: str) -> str:
    """Return a number without currency, star, percent sign and spaces between its groups."""
    return _GAPS.sub("", _AROUND.sub("", unstarred(" ".join(text.split()))).strip())


def sign_of(cells: Iterable[Cell]) -> tuple[Sign, bool]:
    """Return what the texts of a table have before decimals, and whether they say so themselves.

    Without a sign of either the Indonesian form holds: the comma.
    """
    comma = point = doubtful = 0
    for cell in cells:
        if cell.kind is not Kind.TEXT:
            continue
        said = bare(cell.text)
        if _SURE_COMMA.fullmatch(said):
            comma += 1
        elif _SURE_POINT.fullmatch(said):
            point += 1
        elif "." in said or "," in said:
            doubtful += bool(_COMMA.fullmatch(said))
    sign: Sign = "point" if point > comma else "comma"
    return sign, not (comma and point) and bool(comma or point or not doubtful)


def read(cell: Cell, sign: Sign) -> str | None:
    """Return a cell's number with a point, "" where it is not known, ``None`` for no number."""
    if cell.kind is Kind.NUMBER:
        return cell.text
    if cell.kind is not Kind.TEXT:
        return None
    if roles.is_withheld(cell.text):
        return ""
    said = bare(cell.text)
    if sign == "comma" and _COMMA.fullmatch(said):
        said = said.replace(".", "").replace(",", ".")
    elif sign == "point" and _POINT.fullmatch(said):
        said = said.replace(",", "")
    else:
        return None
    return said.replace("−", "-").removeprefix("+")


def looks_like(cell: Cell | None) -> bool:
    """Tell whether a cell holds a number, in whichever form."""
    if cell is None:
        return False
    if cell.kind is Kind.NUMBER:
        return True
    said = bare(cell.text)
    return cell.kind is Kind.TEXT and bool(_COMMA.fullmatch(said) or _POINT.fullmatch(said))
