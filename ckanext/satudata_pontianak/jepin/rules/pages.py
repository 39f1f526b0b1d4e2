"""What a page says of itself: words of a list, the newest day in it, whether it asks to log in.

Each search takes a time that grows with the length of a page and nothing else; nothing of the
page is kept but what our own lists name. Pure.
"""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
import unicodedata
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

from ... import days

_APART = re.compile(r"[^0-9a-z]+")
_PASSWORD = re.compile(r"<input[^<>]{0,500}?type\s{0,3}=\s{0,3}[\"']?password", re.IGNORECASE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_TITLE = re.compile(r"<(?:title|h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_TITLE_END = re.compile(r"</(?:title|h[1-6])\b", re.IGNORECASE)
_MOST_TITLES = 200
IN_TITLE = 300
"""So many characters of a title or heading are read."""
_TAG = re.compile(r"<[^<>]{0,500}>")
_PADDED = re.compile(r"&#([xX]?)0+")
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{9,}|[xX][0-9a-fA-F]{9,});?")
_DAY = re.compile(
    r"\b(?:(?P<iso>\d{4}-\d{2}-\d{2})|(?P<figures>\d{1,2}[/.-]\d{1,2}[/.-]\d{4})"
    r"|(?P<words>\d{1,2} {1,2}[A-Za-z]{3,9}\.? {1,2}\d{4}))(?!\d)"
)
_ENGLISH = {
    "january": "januari", "february": "februari", "march": "maret", "may": "mei", "june": "juni",
    "july": "juli", "august": "agustus", "aug": "agu", "october": "oktober", "oct": "okt",
    "december": "desember", "dec": "des",
}  # fmt: skip
_MOST_DAYS = 5000
AFTER_MARKER = 100
"""The date stands within so many characters behind its marker."""
EARLIEST = dt.date(2000, 1, 1)


def plain(text: str) -> str:
    """Return a text as lower-case words with one space between them, and one at each end.

    Letters that only look otherwise are those that they stand for.
    """
    usual = _NOT_ASCII.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _unescaped(text))
    return f" {_APART.sub(' ', usual.lower()).strip()} "


def plain_page(page: str) -> str:
    """Return what stands in a page as :func:`plain` does, and behind it what stands in its tags."""
    return f"{plain(_TAG.sub(' ', page))}|{plain(' '.join(_TAG.findall(page)))}"


def plain_titles(page: str) -> str:
    """Return title and headings of a page as :func:`plain` does, the beginning of each."""
    found = []
    for match in itertools.islice(_TITLE.finditer(page), _MOST_TITLES):
        begun = page[match.end() : match.end() + IN_TITLE]
        found.append(plain(_TAG.sub(" ", _TITLE_END.split(begun, maxsplit=1)[0])))
    return "|".join(found)


def mentioned(text: str, words: Sequence[str]) -> list[str]:
    """Return those words of a list that a text of :func:`plain` holds.

    No part of the text is counted twice: the longest words are looked for first.
    """
    found = set()
    for word in sorted(words, key=len, reverse=True):
        sought = plain(word)
        if sought in text:
            found.add(word)
            text = re.sub(rf"{sought[:-1]}(?= )", " |", text)
    return [word for word in words if word in found]


def asks_to_log_in(page: str) -> bool:
    """Tell whether a page has a field for a password."""
    return _PASSWORD.search(page) is not None


def newest_day(text: str, today: dt.date) -> dt.date | None:
    """Return the newest day that a text names, up to today; ``None``: it names none."""
    found: set[str] = set()
    for number, match in enumerate(_DAY.finditer(text)):
        if number >= _MOST_DAYS:
            break
        found.add(match["iso"] or match["figures"] or match["words"])
    read = [day for day in map(_read, found) if day and EARLIEST <= day <= today]
    return max(read, default=None)


def day_after(text: str, marker: str, today: dt.date) -> tuple[bool, dt.date | None]:
    """Return whether a text holds a marker, and the newest day behind it."""
    wanted, found = _spaced(marker), _spaced(_unescaped(_TAG.sub(" ", text)))
    at = found.find(wanted)
    if at < 0:
        return False, None
    begin = at + len(wanted)
    return True, newest_day(found[begin : begin + AFTER_MARKER], today)


def header_day(value: str, today: dt.date) -> dt.date | None:
    """Return the day of a header such as ``Last-Modified``."""
    try:
        day = parsedate_to_datetime(value).date()
    except (TypeError, ValueError, OverflowError):
        return None
    return day if EARLIEST <= day <= today else None


def _unescaped(text: str) -> str:
    return html.unescape(_NO_CHARACTER.sub(" ", _PADDED.sub(r"&#\1", text)))


def _spaced(text: str) -> str:
    return " ".join(text.split()).casefold()


def _read(text: str) -> dt.date | None:
    parts = text.lower().replace(".", " ").split() if text[-5:-4] in " ." else []
    if len(parts) == 3 and parts[1].isalpha():
        text = f"{parts[0]} {_ENGLISH.get(parts[1], parts[1])} {parts[2]}"
    try:
        return dt.date.fromisoformat(days.iso(text))
    except ValueError:
        return None
