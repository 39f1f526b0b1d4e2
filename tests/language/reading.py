"""What a page says, and which of it is another language's.

Pure: a page is text, the catalogue a list of pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

UNSPOKEN = {"script", "style", "code", "pre", "textarea", "template", "samp", "kbd", "svg"}
"""Elements whose text is a machine's, or typed by somebody."""

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SPOKEN = ("title", "alt", "aria-label", "placeholder", "data-bs-title", "data-module-content")
"""Attributes that people read or hear."""

BUTTONS = {"submit", "button", "reset"}
HOLE = re.compile(r"%\(\w+\)[a-zA-Z]|%[srdif]|\{\w*\}|<[^>]+>|%%")
WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
RUN = 3
"""So many words in a row are no accident."""

ENGLISH = re.compile(
    r"(?<![-\w])(the|of|and|is|are|with|from|your|this|that|have|has|not|you|for|was|were|been|please|there"
    r"|which|when|click|add|edit|delete|search|view|by|or|to|in|no results)(?![-\w])"
)
MONTHS = {
    "id": re.compile(
        r"\b(January|February|March|May|June|July|August|October|December|[AP]M)\b(?! Day)"
    ),
    "en": re.compile(r"\b(Januari|Februari|Maret|Mei|Juni|Juli|Agustus|Oktober|Desember)\b"),
}
NUMBERS = {
    "id": re.compile(
        r"(?<![\w.,/-])\d{1,3}(?:,\d{3})+(?![\w,-])|\d\.\d+ ?(?:[KMGT]i?B|%)|\bbytes\b"
    ),
    "en": re.compile(
        r"(?<![\w.,/-])\d{1,3}(?:\.\d{3})+(?![\w.-])|\d,\d+ ?(?:[KMGT]i?B|%)|\bbita\b"
    ),
}
QUOTED = {"a", "td"}
"""Names of files and what a table of data holds: whoever wrote them wrote the date so."""
DATE_INSIDE = re.compile(r"(?<![\w./-])\d{4}-\d{2}-\d{2}(?![\w/-]|\.\w)")
MACHINE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.+Z-]+)?")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.dated: list[str] = []
        self._silent = 0
        self._quoted = 0
        self._language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self._language = given.get("lang")
        other = given.get("lang") not in (None, self._language)
        silent = tag in UNSPOKEN or given.get("translate") == "no" or other
        if not self._silent and not silent:
            self.found += [given[name] or "" for name in SPOKEN if given.get(name)]
            if tag == "input" and given.get("type") in BUTTONS:
                self.found.append(given.get("value") or "")
            if tag == "meta" and given.get("name") == "description":
                self.found.append(given.get("content") or "")
        if tag not in VOID:
            self._open.append((tag, silent))
            self._silent += silent
            self._quoted += tag in QUOTED

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == name for name, _ in self._open):
            return
        while self._open:
            name, silent = self._open.pop()
            self._silent -= silent
            self._quoted -= name in QUOTED
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)
            if not self._quoted and DATE_INSIDE.search(data):
                self.dated.append(" ".join(data.split()))


def spoken(page: str) -> list[str]:
    """Return the texts of a page that people read or hear, each with single spaces, once."""
    reader = _Reader()
    reader.feed(page)
    texts = (" ".join(text.split()) for text in reader.found)
    return [text for text in dict.fromkeys(texts) if WORD.search(text) or re.search(r"\d", text)]


def dated(page: str) -> list[str]:
    """Return the texts of a page in which a date stands as machines write it, each once."""
    reader = _Reader()
    reader.feed(page)
    return list(dict.fromkeys(reader.dated))


@dataclass(frozen=True)
class Wrong:
    """A text of another language on a page."""

    why: str
    text: str


class Foreign:
    """The texts that must not stand on a page, since the page's language has others for them."""

    def __init__(self, language: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Remember what is foreign.

        :param pairs: of a msgid (English) and what it is in Indonesian.
        """
        self.language = language
        wanted: set[str] = set()
        unwanted: set[str] = set()
        for english, indonesian in pairs:
            ours, theirs = (indonesian, english) if language == "id" else (english, indonesian)
            wanted |= set(pieces(ours))
            unwanted |= set(pieces(theirs))
        self.wanted = wanted
        self.typed: set[str] = set()
        self.whole = unwanted - wanted
        whole_wanted = " | ".join(wanted)
        self.parts: dict[tuple[str, ...], list[str]] = {}
        for piece in self.whole:
            words = WORD.findall(piece)
            if len(words) >= RUN and piece not in whole_wanted:
                self.parts.setdefault(tuple(words[:RUN]), []).append(piece)

    def allow(self, texts: Iterable[str]) -> None:
        """Let these texts stand, as they are, on a page of either language."""
        self.typed |= set(texts)

    def wrong(self, texts: Iterable[str]) -> Iterator[Wrong]:
        """Give what of these texts is another language's, or written as there."""
        for text in texts:
            if text in self.typed:
                continue
            found = self._message(text)
            if found:
                yield Wrong(f"message {found!r}", text)
            elif self._is_english(text):
                yield Wrong("English words", text)
            if MONTHS[self.language].search(text):
                yield Wrong("month", text)
            if NUMBERS[self.language].search(text):
                yield Wrong("number", text)
            if MACHINE_DATE.fullmatch(text):
                yield Wrong("machine's date", text)

    def wrong_dates(self, page: str) -> Iterator[Wrong]:
        """Give the texts of a page in which a date stands as machines write it."""
        for text in dated(page):
            if text not in self.typed and not MACHINE_DATE.fullmatch(text):
                yield Wrong("machine's date in a text", text)

    def _is_english(self, text: str) -> bool:
        """Tell whether an Indonesian page says something English that is no name."""
        if self.language != "id" or len(WORD.findall(text)) < 2 or text in self.wanted:
            return False
        return ENGLISH.search(text) is not None

    def _message(self, text: str) -> str | None:
        if text.strip(" :.…*") in self.whole or text in self.whole:
            return text
        words = WORD.findall(text)
        for start in range(len(words) - RUN + 1):
            for piece in self.parts.get(tuple(words[start : start + RUN]), ()):
                if piece in text:
                    return piece
        return None


def pieces(message: str) -> list[str]:
    """Return the parts of a message between its holes and marks that hold words."""
    parts = (" ".join(part.split()).strip(" :.…*") for part in HOLE.split(message))
    return [part for part in parts if WORD.search(part) and len(part) > 1]
