"""Headings as whole words: ``teknik`` and ``klinik`` do not contain ``nik``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT = re.compile(r"[^0-9a-z]+")
_COUNTED = re.compile(r"(?<!\w)(?!(?:19|20)[0-9]{2}(?!\w))[0-9]+(?!\w)")


@lru_cache(maxsize=32_768)
def words(heading: str | None) -> tuple[str, ...]:
    """Split a heading into lower-case words: ``NoKTP_pasien`` is no, ktp, pasien."""
    if not heading:
        return ()
    return tuple(w for w in _SPLIT.split(_CAMEL.sub(" ", heading).lower()) if w)


def uncounted(heading: str | None) -> str | None:
    """Make headings alike that differ by a number alone, which no term holds; years stay."""
    return _COUNTED.sub("0", heading) if heading else None


def speaks(heading: str | None, terms: frozenset[str]) -> bool:
    """Say quickly whether a heading may contain one of the terms: a word of it does."""
    found = words(heading)
    return bool(found) and not _beginnings(terms).isdisjoint(found)


def all_uncounted(headings: Sequence[str | None]) -> list[str | None]:
    """Do the same to many headings at once."""
    text = "\n".join(heading or "" for heading in headings)
    if text.count("\n") != len(headings) - 1:
        return [uncounted(heading) for heading in headings]
    return [said or None for said in _COUNTED.sub("0", text).split("\n")]


@lru_cache(maxsize=64)
def _beginnings(terms: frozenset[str]) -> frozenset[str]:
    single, rows = _arranged(terms)
    return single | rows.keys()


def mentions(heading: str | None, terms: frozenset[str]) -> bool:
    """Say whether a heading contains one of the terms as whole words.

    A term of several words (``kartu keluarga``) matches those words in a row, and also the
    same words run together (``kartukeluarga``).
    """
    found = words(heading)
    if not found:
        return False
    single, rows = _arranged(terms)
    if not single.isdisjoint(found):
        return True
    begun = [word for word in found if word in rows]
    if not begun:
        return False
    line = f" {' '.join(found)} "
    return any(row in line for word in begun for row in rows[word])


@lru_cache(maxsize=512)
def _arranged(terms: frozenset[str]) -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """Part terms that are one word, or run together, from rows of words by the first of each."""
    rows: dict[str, tuple[str, ...]] = {}
    for term in sorted(term for term in terms if " " in term):
        first = term.split(" ")[0]
        rows[first] = (*rows.get(first, ()), f" {term} ")
    return frozenset(term.replace(" ", "") for term in terms), rows
