"""Formulas that do harm when a table is opened in a spreadsheet.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is a formula there, also in a CSV. Those
that call programs (DDE, ``=cmd|'/C calc'!A0``) or fetch from elsewhere with the row's content
in the address are refused; sums, and texts that happen to begin so, are not.
Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import re

import polars as pl

from .base import ReadError

_CALLS = (
    r"(?:HYPERLINK|WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTHTML|IMPORTFEED|IMPORTRANGE|"
    r"REGISTER\.ID|REGISTER|CALL|EXEC|RTD|DDE|DDEAUTO|SHELL)\s*\("
)
_DDE = r"[A-Z][\w.]{1,40}\|[^,;\t\n]{0,200}!"
_IN_TEXT = rf"(?i)(?:^|[,;\t|\n\r\"'])[ ]*[=+@＝＋－＠-][^,;\t\n]{{0,80}}?(?:{_CALLS}|{_DDE})"
_ANY_CALL = rf"(?i){_CALLS}"
_IN_SHEET = re.compile(rf"\b(?:WEBSERVICE|REGISTER\.ID|CALL|EXEC|RTD|DDE)\s*\(|^\s*{_DDE}", re.I)


def check_text(text: bytes) -> None:
    """Look at a block of delimited text.

    :raises ReadError: ``formula``.
    """
    # What every such formula holds is looked for first: it is rare, and the rest costs time.
    linked = b"|" in text and b"!" in text
    if not linked and b"(" not in text:
        return
    block = pl.Series([text]).cast(pl.String)
    if (linked or block.str.contains(_ANY_CALL).item()) and block.str.contains(_IN_TEXT).item():
        raise ReadError("formula")


def check_formula(formula: str) -> None:
    """Look at one formula of a sheet; links are usual there.

    :raises ReadError: ``formula``.
    """
    if _IN_SHEET.search(formula):
        raise ReadError("formula")
