"""What a search asks of Solr: fields and weights, words that are left out, words mistyped. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import dictionary

WEIGHTS: Mapping[str, float] = {
    "title": 8,
    "satudata_title_words": 5,
    "satudata_tags": 3,
    "satudata_columns": 2,
    "notes": 2,
    "satudata_topic": 1,
    "satudata_agency": 1,
    "satudata_place": 1,
    "satudata_cells": 2,
    "text": 0.5,
}
"""The fields that words are looked for in; all have one chain (``solr/indonesian_schema.py``)."""

QUERY_FIELDS = " ".join(f"{field}^{weight:g}" for field, weight in WEIGHTS.items())
PHRASE_FIELDS = "title^6 satudata_columns"
"""Where words that stand together count more."""
MATCH = "2<-1 5<70%"
"""Of one or two words all must be found, of three to five all but one, of more seven in ten."""
MOST = "1<-1 5<70%"
"""Most of the words: of two to five all but one, of more seven in ten."""
EACH = "100%"
ONE = "1"
ANY = "0%"
OPEN = "satudata_data:open^4"
"""What a dataset whose data everybody may have counts more: less than a word of the title, more
than the places where a limited one may name the word once more."""
TIE = "0.2"

LONGEST = 400
"""Letters of a question that are searched; nobody types more, and each word costs."""
MOST_WORDS = 24

_OPERATORS = re.compile(r'[:"*?~^()\[\]{}+!&|\\<>=]|(^|\s)-\w|\b(AND|OR|NOT|TO)\b')
_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*", re.UNICODE)
# A name before a colon is looked for once in each run of signs, and not from each of them.
_LANGUAGE = re.compile(r"(?<![\w*])(?=[\w*]*:\S)[^\W_a-zA-Z]*[A-Za-z_*]|\w{3}[*~]")
_PHRASE = re.compile(r'"([^"\\]*)"')


def is_plain(q: str | None) -> bool:
    """Tell whether a question is words, with nothing of Solr's own language in it."""
    return bool(q) and q is not None and not _OPERATORS.search(q)


def with_phrases(q: str) -> str | None:
    """Return a question of words and quoted phrases as it is searched, ``None`` if it is another.

    Words within quotes are looked for as they stand, one after another; there is nothing to be
    forgiven in them.
    """
    rest = _PHRASE.sub(" ", q[:LONGEST])
    if rest == q or _OPERATORS.search(rest):
        return None
    phrases = [as_words(phrase) for phrase in _PHRASE.findall(q[:LONGEST])]
    quoted = [f'"{phrase}"' for phrase in phrases if phrase]
    return " ".join([*as_words(rest).split(), *quoted]) if quoted else None


def as_words(q: str) -> str:
    """Return a question as words only: what somebody means who does not know Solr's language."""
    return " ".join(_WORD.findall(q[:LONGEST])[:MOST_WORDS])


def is_language(q: str) -> bool:
    """Tell whether somebody on a page means Solr's language: a field, a beginning, a likeness.

    All other signs are text there: quotes, brackets, ``AND``.
    """
    return bool(_LANGUAGE.search(q[:LONGEST]))


@dataclass(frozen=True)
class Part:
    """A word of a question, or the words that name a region, with its code."""

    text: str
    code: str = ""


@dataclass(frozen=True)
class Question:
    """What a question says: its parts in their order, without the words around the thing."""

    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """The words that are looked for."""
        return " ".join(part.text for part in self.parts)

    @property
    def asked(self) -> str:
        """The words as Solr is asked for them: in the place of a region the word for it.

        Words such as "OR" are small, so that they are text.
        """
        words = (dictionary.token(p.code) if p.code else p.text.lower() for p in self.parts)
        return " ".join(words)

    @property
    def regions(self) -> tuple[str, ...]:
        """The codes of the regions that are named, each once."""
        return tuple(dict.fromkeys(part.code for part in self.parts if part.code))


def read(q: str) -> Question:
    """Read a question. Where words around the thing are all that there is, they are the thing.

    Regions are found in the words as they were typed, before any is left out: each dataset is of
    the city, so that its name says nothing.
    """
    words = as_words(q).split()
    spans = {one.begins: one for one in dictionary.spans(words)}
    parts: list[Part] = []
    at = 0
    while at < len(words):
        span = spans.get(at)
        ends = span.ends if span else at + 1
        if span and span.code not in {"", dictionary.CITY}:
            parts.append(Part(" ".join(words[at:ends]), span.code))
        elif not span or not span.code:
            parts += [Part(word) for word in words[at:ends] if span or _says(word)]
        at = ends
    return Question(tuple(parts or map(Part, words)))


def _says(word: str) -> bool:
    found = dictionary.dictionary()
    small = folded(word)
    return small not in found.around and small not in found.left_out


def whole_first(ids: Sequence[str]) -> list[str]:
    """Return what counts more among hits that have most of the words: these, which have all."""
    named = " OR ".join(_quoted(one) for one in ids)
    return [OPEN, *([f"id:({named})^1000"] if ids else [])]


def folded(word: str) -> str:
    """Return a word as the index has it: small, without marks on letters."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(q: str) -> list[str]:
    """Return the words of a question as the index has them."""
    return [folded(word) for word in as_words(q).split()]


def edits(word: str) -> int:
    """Return how many letters of a word may be wrong: none of a short one, two of a long one."""
    if len(word) < 4 or not word.isalpha():
        return 0
    return 1 if len(word) < 10 else 2


def distance(one: str, two: str, most: int = 2) -> int:
    """Return how many letters differ (left out, put in, other, or two that changed places).

    :returns: the number, or ``most + 1`` where it is more than ``most``.
    """
    if abs(len(one) - len(two)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def unknown(words: Sequence[str]) -> list[int]:
    """Return which words may be mistyped: no short ones, none that the dictionary knows.

    A word that names a region, or that is known to mean something, is written right, also where
    no dataset has it.
    """
    within = {at for one in dictionary.spans(words) for at in range(one.begins, one.ends)}
    known = dictionary.vocabulary()
    return [
        at
        for at, word in enumerate(words)
        if at not in within and edits(folded(word)) and folded(word) not in known and _says(word)
    ]


def like(word: str) -> str | None:
    """Return the Solr query of documents with a word like this one, ``None`` for a short word.

    Also two words that were written as one: "rumahsakit".
    """
    allowed = edits(word)
    if not allowed or not word.isalnum():
        return None
    parts = [f"satudata_words:{word}~{allowed}"]
    parts += [f"(+satudata_words:{left} +satudata_words:{right})" for left, right in _halves(word)]
    return " OR ".join(parts)


def _halves(word: str) -> list[tuple[str, str]]:
    if len(word) < 7:
        return []
    return [(word[:cut], word[cut:]) for cut in range(3, len(word) - 2)]


def _within(one: str, other: str) -> bool:
    """Tell whether the letters of one stand in the other, in this order."""
    rest = iter(other)
    return all(letter in rest for letter in one)


def nearest(word: str, counts: Mapping[str, int]) -> str | None:
    """Return the word that was meant: the least different one, of these the most frequent.

    :param counts: word of the index → in how many datasets it stands.
    """
    allowed = edits(word)
    found: list[tuple[float, int, str]] = []
    for other, count in counts.items():
        if other == word or not other.isalpha():
            continue
        away = distance(word, other, allowed)
        # Two letters of which one is the first are another word.
        if away <= (allowed if other[:1] == word[:1] else 1):
            # A first letter is seldom wrong, and a word that only ends otherwise is near.
            first = 0.0 if other[:1] == word[:1] else 0.5
            # Letters are left out or typed twice more often than typed wrong.
            wrong = 0.0 if _within(word, other) or _within(other, word) else 0.25
            found.append((away + first + wrong, -count, other))
    for left, right in _halves(word):
        both = min(counts.get(left, 0), counts.get(right, 0))
        if both:
            found.append((0.5, -both, f"{left} {right}"))
    return min(found)[2] if found else None


FRESHNESS = "satudata_freshness"
STATES = ("fresh", "due", "late", "unknown")


def freshness_query(state: str, today: dt.date) -> str:
    """Return the Solr query of datasets whose figures are in a state today.

    The index keeps days, never the state itself, which changes with the calendar.

    :raises KeyError: there is no such state.
    """
    now = today.isoformat()
    return {
        # "due" means that the day has come: fresh are those whose day is later.
        "fresh": f'satudata_due_day:{{"{now}" TO *]',
        "due": f'(satudata_due_day:[* TO "{now}"] AND satudata_late_day:{{"{now}" TO *])',
        "late": f'satudata_late_day:[* TO "{now}"]',
        "unknown": "(*:* -satudata_due_day:[* TO *])",
    }[state]


def beginnings(q: str) -> str | None:
    """Return the Solr query of titles in which each word begins as one of the typed ones does."""
    words = [word for word in words_of(q) if word]
    if not words:
        return None
    return " AND ".join(f"satudata_beginnings:{_quoted(word[:20])}" for word in words)


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "").replace('"', "") + '"'


def begins(text: str, words: Sequence[str]) -> bool:
    """Tell whether each of the words begins a word of the text."""
    own = words_of(text)
    return bool(words) and all(any(o.startswith(w) for o in own) for w in words)


def best(items: Iterable[tuple[str, int]], limit: int) -> list[str]:
    """Return the most frequent of what was counted, at most so many."""
    return [name for name, _ in sorted(items, key=lambda item: (-item[1], item[0]))[:limit]]
