"""What is done to one cell: pure functions of its text.

Each returns the new text, or ``None`` where the cell cannot be treated; such a cell becomes
empty and is counted. None of them ever returns what it was given, but ``keep`` and ``rare``
for a value that is frequent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Collection

from .dates import age_on, read_date
from .places import kelurahan_of
from .plan import Treatment

OTHER = "lainnya"
_STARS = "***"
# No digit and no vowel: a pseudonym is never taken for a number, and spells nothing.
_LETTERS = "bcdfghjklmnpqrst"
_PSEUDONYM_BYTES = 16
_SEPARATED = re.compile(r"[0-9 .\-/']+")
_AGE = re.compile(r"(\d{1,3})(?:[.,]0+)?(?: ?(?:th|thn|tahun))?\.?")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
_YEAR = re.compile(r"(?:19|20)\d\d")

CellFunction = Callable[[str], "str | None"]


def cell_function(
    treatment: Treatment,
    *,
    today: dt.date,
    column: str = "",
    secret: bytes = b"",
    frequent: Collection[str] = (),
) -> CellFunction:
    """Return the function of one column's filled cells.

    :param today: the day on which ages are counted, unless the plan names one.
    :param secret: for ``pseudonym``.
    :param frequent: for ``rare``: the values that stay.
    """
    action = treatment.action
    if action == "mask":
        return lambda text: mask(text, treatment["first"], treatment["last"])
    if action == "pseudonym":
        domain = treatment["domain"] or " ".join(column.casefold().split())
        return lambda text: pseudonym(text, secret, domain)
    if action == "age_band":
        on = dt.date.fromisoformat(treatment["on"]) if treatment["on"] else today
        return lambda text: age_band(text, on, treatment["width"], treatment["top"])
    if action == "year":
        return lambda text: year(text, today)
    if action == "number_band":
        return lambda text: number_band(text, treatment["width"])
    if action == "kelurahan":
        return kelurahan_of
    if action == "rare":
        return lambda text: text if text in frequent else OTHER
    return lambda text: text


def mask(text: str, first: int, last: int) -> str:
    """Keep at most two characters, and not the length; a short text is hidden wholly."""
    plain = "".join(c for c in unicodedata.normalize("NFC", text) if c.isprintable()).strip()
    # Of a text of five characters two would be too much.
    if len(plain) < 3 * (first + last) or first + last == 0:
        return _STARS
    head = plain[:first] if plain[:first].isalnum() else ""
    tail = plain[len(plain) - last :] if last and plain[len(plain) - last :].isalnum() else ""
    return f"{head}{_STARS}{tail}"


def plain_value(text: str) -> str:
    """Return the form in which two ways of writing the same value are equal."""
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if _SEPARATED.fullmatch(text):
        return re.sub(r"\D", "", text) or text
    return text


def pseudonym(text: str, secret: bytes, domain: str) -> str:
    """Return HMAC-SHA-256 of the value, 128 bits as letters.

    Equal values of one domain have equal pseudonyms wherever the secret is the same; without it
    nobody can try all sixteen-digit numbers.
    """
    message = f"{domain}\x00{plain_value(text)}".encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()[:_PSEUDONYM_BYTES]
    return "".join(_LETTERS[byte >> 4] + _LETTERS[byte & 15] for byte in digest)


def age_band(text: str, today: dt.date, width: int, top: int) -> str | None:
    """Return the age band of a date of birth, or of an age in years: ``30–34``, ``75+``."""
    born = read_date(text, today)
    if born is not None:
        age = age_on(born, today)
    elif found := _AGE.fullmatch(" ".join(text.casefold().split())):
        age = int(found[1])
        if age > 120:
            return None
    else:
        return None
    if age >= top:
        return f"{top}+"
    low = age // width * width
    return f"{low}–{min(low + width, top) - 1}"


def year(text: str, today: dt.date) -> str | None:
    """Return the year of a date."""
    read = read_date(text, today)
    if read is not None:
        return str(read.year)
    # The year alone is as coarse already.
    return text.strip() if _YEAR.fullmatch(text.strip()) else None


def number_band(text: str, width: int) -> str | None:
    """Return the band of a number: ``120–129``."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    low = int(float(text) // width) * width
    return f"{low}–{low + width - 1}"
