"""The dictionary of the search: words that mean the same, phrases, names of regions. Pure.

It stands in ``schemas/search.yaml``. ``solr/make_configset.py`` makes the lists of Solr of it; what
is looked for in a question before Solr reads it, regions and words that say nothing, is read here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from ... import paths
from ...metadata import codes
from ...metadata.codes import Code
from ...surface.yaml_source import Source, Text

FILE = "search.yaml"
NAMED_LEVELS = ("kecamatan", "kelurahan")
CITY = "61.71"
_DIGITS = str.maketrans("0123456789", "bcdfghjklm", ".")
Words = tuple[str, ...]


class Regions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How names of regions are written besides the list of codes."""

    levels: dict[str, tuple[Text, ...]]
    words: dict[str, tuple[Text, ...]]
    names: dict[str, tuple[Text, ...]]
    only_with_level: tuple[Text, ...]
    not_names: tuple[Text, ...]
    units: tuple[Text, ...]


class Dictionary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``schemas/search.yaml``."""

    same: dict[str, tuple[tuple[Text, ...], ...]]
    finds: dict[str, tuple[Text, ...]]
    english: dict[str, tuple[Text, ...]]
    phrases: tuple[Text, ...]
    whole: dict[str, tuple[Text, ...]]
    left_out: tuple[Text, ...]
    around: tuple[Text, ...]
    regions: Regions


def read(path: Path) -> Dictionary:
    """Read a dictionary.

    :raises DefinitionError: naming file, line and reason.
    """
    source = Source.read(path)
    found = source.shaped(Dictionary)
    known = codes.code_list("wilayah").codes
    for code in (*found.regions.names, *found.regions.only_with_level):
        source.require(f"there is no region '{code}'", code in known, "regions")
    unknown = set(found.regions.levels) ^ set(NAMED_LEVELS)
    source.require(f"levels are {NAMED_LEVELS}", not unknown, "regions", "levels")
    groups = [group for rows in found.same.values() for group in rows]
    for group in (
        *groups,
        found.phrases,
        *found.whole.values(),
        *found.finds.items(),
        *found.english.items(),
    ):
        empty = [word for word in _flat(group) if not folded(word)]
        source.require(f"no word can be looked for: {empty}", not empty, "same")
    return found


def _flat(group: Iterable[Any]) -> Iterator[str]:
    """Give the words of tuples within tuples."""
    for one in group:
        yield from (one,) if isinstance(one, str) else _flat(one)


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """Return the dictionary in force, read once a process."""
    return read(paths.schemas() / FILE)


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Return every word that stands in the dictionary in force."""
    found = dictionary()
    groups = [group for rows in found.same.values() for group in rows]
    plural = (form for english in found.english for form in numbers(english))
    said = (*found.finds.items(), *found.english.values(), *found.phrases, *found.whole.values())
    texts = _flat((*groups, *said, *plural))
    return frozenset(word for text in texts for word in folded(text).split())


def folded(text: str) -> str:
    """Return words as the index sees them when it looks them up: small, bare, split.

    Letters are split from figures: "covid19" is two words.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z]+|\d+", plain))


# ------------------------------------------------------------------------------------ words


def phrases(found: Dictionary) -> list[str]:
    """Return the rules that make one word of a phrase, in texts and in questions."""
    return [f"{phrase} => {_joined(phrase)}" for phrase in _phrases(found)]


def _phrases(found: Dictionary) -> list[str]:
    return [folded(phrase) for phrase in found.phrases]


def _joined(phrase: str) -> str:
    # No word of people holds the sign: the index splits words at it.
    return phrase.replace(" ", "_")


def synonyms(found: Dictionary) -> list[str]:
    """Return the rules of Solr for words that mean the same, in the form in which it sees them.

    ``a => a, b``: who types the first finds all. The word for a region finds its names. A phrase
    that finds itself only keeps the rules for its words from being read.
    """
    rules: dict[str, dict[str, None]] = {}
    for typed, finds in (*_alike(found), *_english(found), *_of_regions(found)):
        rules.setdefault(typed, {typed: None}).update(dict.fromkeys(finds))
    made = {typed: finds for typed, finds in rules.items() if len(finds) > 1}
    whole = (_word(phrase, found) for phrases in found.whole.values() for phrase in phrases)
    made = {phrase: {phrase: None} for phrase in whole} | made
    return [f"{typed} => {', '.join(finds)}" for typed, finds in made.items()]


def _word(text: str, found: Dictionary) -> str:
    """Return a word or phrase as it is looked up, with a phrase of its own within it as one."""
    said = f" {folded(text)} "
    for phrase in _phrases(found):
        said = said.replace(f" {phrase} ", f" {_joined(phrase)} ")
    return said.strip()


Rule = tuple[str, Iterable[str]]


def _alike(found: Dictionary) -> Iterator[Rule]:
    for rows in found.same.values():
        for group in rows:
            words = [_word(one, found) for one in group]
            yield from ((one, words) for one in words)
    for typed, finds in found.finds.items():
        yield _word(typed, found), [_word(one, found) for one in finds]


def _english(found: Dictionary) -> Iterator[Rule]:
    for english, indonesian in found.english.items():
        forms = [_word(form, found) for form in numbers(english)]
        local = [_word(one, found) for one in indonesian]
        yield from ((form, [*forms, *local]) for form in forms)
        # What is written in several words is found by each of them already.
        yield from ((one, forms) for one in local if " " not in one and one not in forms)


def _of_regions(found: Dictionary) -> Iterator[Rule]:
    for code in named_regions().values():
        names = [folded(name) for name in (code.label, *code.aliases)]
        if code.code in found.regions.only_with_level:
            names = [f"{code.level} {name}" for name in names]
        yield token(code.code), names


def numbers(english: str) -> list[str]:
    """Return the singular of an English word, and its plural."""
    if re.search(r"[^su]s$", english):
        return [english]
    if re.search(r"[^aeiou]y$", english):
        return [english, f"{english[:-1]}ies"]
    return [english, f"{english}es" if re.search(r"(?:s|x|ch|sh)$", english) else f"{english}s"]


# ---------------------------------------------------------------------------------- regions


def named_regions() -> dict[str, Code]:
    """Return the kecamatan and kelurahan of the city by code."""
    found = codes.code_list("wilayah").codes
    return {code: one for code, one in found.items() if one.level in NAMED_LEVELS}


def token(code: str) -> str:
    """Return the word that stands for a region in the index: nobody types it, nothing splits it."""
    return f"x{code.translate(_DIGITS)}x"


class Way(msgspec.Struct, frozen=True):
    """A way in which something is written, and how much it counts against one that overlaps it."""

    code: str
    """Of a region or of the city; empty: words that name none."""
    counts: int


# A name counts by its words, a phrase that is none as well. "Kec. Kota" and the city give way:
# "kecamatan kota pontianak" are those of the city, "kota pontianak barat" is Pontianak Barat.
_A_WORD, _WHOLE_CITY, _LITTLE = 4, 3, 1


@lru_cache(maxsize=1)
def spellings() -> dict[Words, Way]:
    """Return every way in which a region or the city is written, and what only looks like one.

    What several regions could be called is none.
    """
    found: dict[Words, set[str]] = {}
    ours = dictionary().regions
    short: set[Words] = set()
    for code in named_regions().values():
        brief = _brief(code, ours)
        short |= brief
        for way in _ways(code, ours) | brief:
            found.setdefault(way, set()).add(code.code)
    names = {way: next(iter(its)) for way, its in found.items() if len(its) == 1}
    return {
        **{tuple(folded(said).split()): _counted(said.split(), "") for said in ours.not_names},
        **{way: Way(CITY, _WHOLE_CITY if len(way) > 1 else _LITTLE) for way in _of_city(ours)},
        **{w: Way(code, _LITTLE) if w in short else _counted(w, code) for w, code in names.items()},
    }


def _counted(way: Sequence[str], code: str) -> Way:
    return Way(code, _A_WORD * len(way))


def _of_city(ours: Regions) -> set[Words]:
    city = codes.code_list("wilayah").codes[CITY]
    names = {tuple(folded(name).split()) for name in (city.label, *city.aliases)}
    names |= {way for name in names for way in _respelled(name, ours)}
    return names | {tuple(folded(name).split()) for name in ours.names.get(CITY, ())}


def _ways(code: Code, ours: Regions) -> set[Words]:
    with_level = {(*level, *way) for way in _names(code, ours) for level in _levels(code, ours)}
    if code.code in ours.only_with_level:
        return with_level
    return _names(code, ours) | with_level


def _names(code: Code, ours: Regions) -> set[Words]:
    names = {tuple(folded(name).split()) for name in (code.label, *code.aliases)}
    names |= {way for name in names for way in _respelled(name, ours)}
    if code.level == "kecamatan":  # "Barat Pontianak"; "Kota Pontianak" is the city
        turned = {tuple(reversed(way)) for way in names}
        names |= turned - _of_city(ours)
    names |= {("".join(way),) for way in names if len("".join(way)) > 5}
    return names | {tuple(folded(name).split()) for name in ours.names.get(code.code, ())}


def _brief(code: Code, ours: Regions) -> set[Words]:
    """Return how a kecamatan is called in short: "Kec. Barat"."""
    if code.level != "kecamatan":
        return set()
    ends = {way[1:] for way in _respelled(tuple(folded(code.label).split()), ours)}
    return {(*level, *end) for end in ends for level in _levels(code, ours)}


def _levels(code: Code, ours: Regions) -> list[Words]:
    return [tuple(folded(word).split()) for word in ours.levels[code.level]]


def _respelled(name: Words, ours: Regions) -> set[Words]:
    ways = {name}
    for position, word in enumerate(name):
        for other in ours.words.get(word, ()):
            ways |= {(*w[:position], other, *w[position + 1 :]) for w in ways}
    return ways


class Named(msgspec.Struct, frozen=True):
    """A region that a question names, with the words of the question that name it."""

    code: str
    begins: int
    ends: int


def named_in(words: Iterable[str]) -> list[Named]:
    """Return the kecamatan and kelurahan that words name.

    :param words: of a question as it was typed: words that stood apart are no name.
    """
    return [one for one in spans(words) if one.code not in {"", CITY}]


def spans(words: Iterable[str]) -> list[Named]:
    """Return the regions that words name, the city, and what only looks like a name.

    Of those that overlap those are taken that count most, then the first and the longest.

    :param words: of a question, as it was typed.
    :returns: in their order; the code of what is no name is empty.
    """
    pieces = [(part, at) for at, word in enumerate(words) for part in folded(word).split()]
    best: list[tuple[int, tuple[tuple[int, int, str], ...]]] = [(0, ())]  # from each piece on
    for start in range(len(pieces) - 1, -1, -1):
        here = best[0]
        for end in range(start + 1, min(len(pieces), start + _longest()) + 1):
            way = _way(pieces, start, end)
            counts, after = best[end - start - 1]
            if way is not None and way.counts + counts >= here[0]:
                here = (way.counts + counts, ((start, end, way.code), *after))
        best.insert(0, here)
    return [
        Named(code, pieces[start][1], pieces[end - 1][1] + 1) for start, end, code in best[0][1]
    ]


def _way(pieces: Sequence[tuple[str, int]], start: int, end: int) -> Way | None:
    """Return what pieces of words are, from one to another: nothing that cuts a word in two."""
    for cut in (start, end):
        if 0 < cut < len(pieces) and pieces[cut - 1][1] == pieces[cut][1]:
            return None
    measured = end < len(pieces) and pieces[end][0] in dictionary().regions.units
    if pieces[end - 1][0].isdigit() and measured:  # "per pal 5 km"
        return None
    return spellings().get(tuple(part for part, _ in pieces[start:end]))


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(len(way) for way in spellings())
