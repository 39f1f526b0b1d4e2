"""Headings as whole words: ``teknik`` and ``klinik`` do not contain ``nik``."""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=4096)
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
    line = f" {' '.join(found)} "
    return any(f" {term} " in line or f" {term.replace(' ', '')} " in line for term in terms)
