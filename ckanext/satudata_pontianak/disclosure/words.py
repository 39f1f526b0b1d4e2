"""Headings as whole words: ``teknik`` and ``klinik`` do not contain ``nik``."""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=32_768)
def words(heading: str | None) -> tuple[str, ...]:
    """Split a heading into lower-case words: ``NoKTP_pasien`` is no, ktp, pasien."""
    if not heading:
        return ()
    return tuple(w for w in _SPLIT.split(_CAMEL.sub(" ", heading).lower()) if w)


def mentions(heading: str | None, terms: frozenset[str]) -> bool:
    """Say whether a heading contains one of the terms as whole words.

    A term of several words (``kartu keluarga``) matches those words in a row, and also the
    same words run together (``kartukeluarga``).
    """
    found = words(heading)
    if not found:
        return False
    single, first, rows = _arranged(terms)
    if not single.isdisjoint(found):
        return True
    if first.isdisjoint(found):
        return False
    line = f" {' '.join(found)} "
    return any(row in line for row in rows)


@lru_cache(maxsize=512)
def _arranged(terms: frozenset[str]) -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """Part terms that are one word, or run together, from rows of words and the first of each."""
    rows = [term for term in sorted(terms) if " " in term]
    single = frozenset(term.replace(" ", "") for term in terms)
    return single, frozenset(r.split(" ")[0] for r in rows), tuple(f" {r} " for r in rows)
