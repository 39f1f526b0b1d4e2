"""How what somebody sent is repeated in a refusal: without a number or a mailbox of a person. Pure.

Whoever sends a NIK as the name of a field gets a refusal that is logged, shown and passed on, so
it tells the name without its digits.
"""

from __future__ import annotations

import re
from typing import Any

LONGEST = 60
MOST_DIGITS = 8
"""No number of a person has fewer; names of fields have a year, two, or a day."""
HIDDEN = "•"
_DIGIT = re.compile(r"\d")


def repeated(sent: Any, longest: int = LONGEST) -> str:
    """Return a name or a value as a refusal may repeat it."""
    text = str(sent)
    if "@" in text:
        text = " ".join(map(_without_whose, text.split(" ")))
    if len(text) > longest:
        # Of a number that is cut in two its beginning would be left.
        return f"{_hidden(text)[:longest]}…"
    return _hidden(text)


def _without_whose(word: str) -> str:
    _, at, host = word.rpartition("@")
    return f"{HIDDEN}@{host}" if at else word


def _hidden(text: str) -> str:
    return _DIGIT.sub(HIDDEN, text) if len(_DIGIT.findall(text)) > MOST_DIGITS else text
