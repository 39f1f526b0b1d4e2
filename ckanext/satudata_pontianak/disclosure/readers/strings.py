"""Readable runs in binary content: what a viewer of the bytes would see, narrow or wide."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NARROW = re.compile(rb"[\x20-\x7e\xa0-\xff]{6,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){6,}")
_DIGIT_OR_AT = re.compile(r"[0-9@]")


def runs(data: bytes) -> Iterator[str]:
    """Yield runs of at least six characters of text, in UTF-8 or cp1252 and in UTF-16.

    Runs without a digit and without ``@`` are left out: they are names of things far more
    often than of persons, and no recogniser finds them outside a column.
    """
    for pattern, encoding in ((_NARROW, "cp1252"), (_WIDE, "utf-16-le")):
        for match in pattern.finditer(data):
            text = match[0].decode(encoding, "replace")
            if _DIGIT_OR_AT.search(text):
                yield text
