"""The title of a table without what stands in other fields, in the letters of a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ..days import MONTH_NUMBERS
from ..metadata import roles
from .words import plain

_NUMBER = re.compile(r"^(?:tabel|table|lampiran)\s*[\w.\-]*\d[\w.\-]*\s*[:.]?\s*", re.IGNORECASE)
_DATA = re.compile(r"^(?:rekapitulasi\s+|rekap\s+)?data\s+(?=\w+\s+\w)", re.IGNORECASE)
_YEAR = r"(?:19|20)\d\d"
_MONTH = rf"(?:{'|'.join(sorted(MONTH_NUMBERS, key=len, reverse=True))})"
_PERIOD = re.compile(
    rf"[\s,(]*(?:pada\s+|s\.?d\.?\s+)?"
    rf"(?:(?:(?:keadaan|per|bulan)\s*:?\s*(?:\d+\s+)?)?\b{_MONTH}\b[\s:]*)?"
    rf"(?:tahun(?:\s+anggaran)?\s*:?\s*)?"
    rf"{_YEAR}(?:\s*(?:-|–|/|dan|s\.?d\.?|sampai)\s*{_YEAR})?\)?[\s,.]*$",
    re.IGNORECASE,
)
_CITY = re.compile(
    r"[\s,]*(?:di\s+|se-?\s*)?(?:wilayah\s+)?kota\s+pontianak[\s,.]*$|[\s,]*tahun[\s,.]*$",
    re.IGNORECASE,
)
_SMALL = frozenset(
    "dan di ke dari yang atau untuk pada dengan per oleh dalam serta terhadap".split()
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def cleaned(lines: Sequence[str], written: Iterable[str]) -> str:
    """Return a title of the lines above a table.

    :param written: texts of the sheet; words in capitals take the letters they have there.
    """
    said = " ".join(plain(line) for line in lines).strip()
    said = _DATA.sub("", _NUMBER.sub("", said))
    before = None
    while before != said:
        before = said
        said = _CITY.sub("", _PERIOD.sub("", said)).strip(" ,.-–:")
    letters = [c for c in said if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.8 * len(letters):
        said = _lowered(said, written)
    return said[:300]


def _lowered(text: str, written: Iterable[str]) -> str:
    own: Counter[tuple[str, str]] = Counter()
    for each in written:
        words = _WORD.findall(each)
        if any(c.islower() for c in each):
            own.update((word.casefold(), word) for word in words)
    known: dict[str, str] = {}
    for (folded, word), _ in own.most_common():
        known.setdefault(folded, word)

    def letters(found: re.Match[str]) -> str:
        word = found[0]
        low = word.casefold()
        if low in _SMALL and found.start():
            return low
        if low in roles.SHORT:
            return word.upper()
        own_form = known.get(low, "")
        before = text[: found.start()].casefold()
        if before.endswith("-") and (own_form.islower() or before.endswith(f"{low}-")):
            return low
        if own_form.isupper() and len(own_form) > 1:
            return own_form
        return word.capitalize()

    return _WORD.sub(letters, text)
