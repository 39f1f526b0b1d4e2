"""One column under scan: prefilter, normalise, hand over to the recognisers, conclude."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from .recognizers import RECOGNIZERS, Place, Recognizer, Tally
from .report import Finding
from .ruleset import Ruleset
from .totals import Totals

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d"), "-")
_INVISIBLE = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_QUOTES = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2032: "'"}
_TRANSLATION = {**_DASHES, **_INVISIBLE, **_QUOTES}


def normalise(text: str) -> str:
    """Undo what typesetting and copying do to numbers.

    Full-width and other scripts' digits become ASCII, every space a space, every dash a dash;
    zero-width characters go.
    """
    text = unicodedata.normalize("NFKC", text.translate(_TRANSLATION))
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() else " " if c.isspace() else c for c in text
    )


@lru_cache(maxsize=16)
def _prefilter(kinds: tuple[str, ...]) -> tuple[str, int]:
    """Join the prefilters of some kinds into one expression, which costs one pass."""
    chosen = [RECOGNIZERS[kind] for kind in kinds]
    patterns = dict.fromkeys(f"(?:{r.prefilter})" for r in chosen)
    return "|".join(patterns), min(r.shortest for r in chosen)


class ColumnScan:
    """Counts for one column, batch after batch; bounded whatever the number of rows."""

    def __init__(self, ruleset: Ruleset, place: Place) -> None:
        self._ruleset = ruleset
        self._place = place
        self._recognizers: Sequence[Recognizer[Any]] = [RECOGNIZERS[k] for k in ruleset.kinds]
        self._tallies: dict[str, Tally] = {}
        for recognizer in self._recognizers:
            self._tallies.setdefault(_family(recognizer), recognizer.start())
        self.filled = 0
        self.totals = Totals()

    def update(self, cells: pl.Series, *, counted: bool = True) -> None:
        """Look at every cell. ``counted`` is False for headings and letterheads."""
        size = cells.str.len_bytes()
        if counted:
            self.filled += int((size > 0).sum())
            if not self._place.free_text:
                self.totals.update(cells)
        pattern, shortest = _prefilter(self._ruleset.kinds)
        cells = cells.filter(size >= shortest)
        if not len(cells):
            return
        strange = cells.str.len_bytes() != cells.str.len_chars()
        if strange.any():
            mended = pl.Series([normalise(c) for c in cells.filter(strange)], dtype=pl.String)
            cells = pl.concat([cells.filter(~strange).rechunk(), mended])
        hits = cells.filter(cells.str.contains(pattern))
        if not len(hits):
            return
        done = set()
        for recognizer in self._recognizers:
            family = _family(recognizer)
            if family not in done:
                done.add(family)
                recognizer.update(self._tallies[family], hits, self._place)

    def conclude(self) -> tuple[Finding, ...]:
        """Return the findings that reach the ruleset's threshold."""
        found = (
            r.conclude(self._tallies[_family(r)], self.filled, self._place)
            for r in self._recognizers
        )
        return tuple(f for f in found if f is not None and f.score >= self._ruleset.threshold)


def _family(recognizer: Recognizer[Any]) -> str:
    return recognizer.family or recognizer.kind
