"""One column under scan: prefilter, normalise, hand over to the recognisers, conclude."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import polars as pl

from .persons import Profile
from .recognizers import RECOGNIZERS, Place, Recognizer, Tally
from .report import Finding
from .ruleset import Ruleset
from .totals import Totals, digits_only

PROBE = 256
"""How many cells of a batch are looked at for what the values say as a whole."""

REPEATED = 16
"""So often each value of a column stands there, on average, for it to be worth knowing them."""

_FIGURE = "[0-9@]"
_SENTENCE = 30
_DECIMAL = r"^-?(?:0|[1-57-9][0-9]{0,6}|6(?:[013-9][0-9]{0,5})?)\.[0-9]+$"
"""A number of at most seven digits before the point. No kind has that form: a telephone may be
written ``62.812…`` (and ``0812.3456…``), a NIP ``19700101.1995…``."""

_BLANK = r"(?i)^[\s\-_.*?/]+$|^\s*(?:n/?a|null|none|nihil|nil|kosong)\s*$"
"""What people write into a cell that is empty."""
_LONGEST_BLANK = 6

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


@dataclass(frozen=True)
class _Plan:
    """The recognisers of a ruleset, arranged for one pass; the same for every column."""

    recognizers: tuple[Recognizer[Any], ...]
    families: tuple[Recognizer[Any], ...]
    pattern: str
    wordy: str
    shortest: int


@lru_cache(maxsize=16)
def _plan(kinds: tuple[str, ...]) -> _Plan:
    """Join the prefilters of some kinds into one expression, which costs one pass."""
    chosen = tuple(RECOGNIZERS[kind] for kind in kinds)
    families = tuple({_family(r): r for r in reversed(chosen)}.values())[::-1]
    patterns = dict.fromkeys(f"(?:{r.prefilter})" for r in chosen if r.prefilter)
    wordy = dict.fromkeys(f"(?:{r.prefilter})" for r in chosen if r.prefilter and not r.figured)
    shortest = min((r.shortest for r in chosen if r.prefilter), default=1)
    return _Plan(chosen, families, "|".join(patterns) or "^$", "|".join(wordy) or "^$", shortest)


class ColumnScan:
    """Counts for one column, batch after batch; bounded whatever the number of rows."""

    def __init__(self, ruleset: Ruleset, place: Place) -> None:
        self._ruleset = ruleset
        self.place = place
        self._plan = _plan(ruleset.kinds)
        self._tallies: dict[str, Tally] = {_family(r): r.start() for r in self._plan.families}
        # Running text has no columns whose heading or values mean anything by themselves.
        self._wanting = [r for r in self._plan.families if not place.free_text and r.wants(place)]
        self._probing = [
            r for r in self._plan.families if not place.free_text and r not in self._wanting
        ]
        self.filled = 0
        self.totals = Totals()
        self.profile = Profile()

    def update(self, cells: pl.Series, *, counted: bool = True) -> None:
        """Look at every cell. ``counted`` is False for headings and letterheads."""
        size = cells.str.len_bytes()
        bare = False
        if counted:
            self.filled += int((size > 0).sum())
            if not self.place.free_text:
                self.totals.update(cells)
                bare = self.totals.digits
                if not self.totals.numeric:
                    short = cells.filter(size <= _LONGEST_BLANK)
                    self.filled -= int(short.str.contains(_BLANK).sum()) if len(short) else 0
                self._probe(cells)
                if self._wanting:
                    self._every(cells.filter(size > 0))
            longest = int(size.max() or 0)  # type: ignore[call-overload]
            if longest <= self.totals.harmless and not self.place.free_text:
                return
        cells = cells.filter(size >= self._plan.shortest)
        if len(cells):
            self._anywhere(cells, counted=counted, bare=bare)

    def _anywhere(self, cells: pl.Series, *, counted: bool, bare: bool) -> None:
        """Look for what any column may hold, whatever its heading.

        Of digits alone few kinds know anything, each of some lengths only; most columns are all
        of one sort. ``bare`` says that these are all digits.
        """
        digits = cells.clear()
        if bare or digits_only(cells) is not None:
            digits, cells = cells, digits
        else:
            cells = _mended(cells)
            if self.totals.numeric and counted:
                cells = cells.filter(~cells.str.contains(_DECIMAL))
            cells = cells.filter(self._matching(cells))
            if len(cells) and (only := cells.str.contains("^[0-9]+$")).any():
                digits, cells = cells.filter(only), cells.filter(~only)
        if len(digits):
            self._digits(digits, counted=counted)
        if len(cells):
            self._texts(cells, counted=counted)

    def _matching(self, cells: pl.Series) -> pl.Series:
        """Say which cells match a prefilter, in the cheapest way for what some of them look like.

        Where few values repeat, each is looked at once. In sentences without figures only a
        kind that is told by words alone can stand.
        """
        pattern = self._plan.pattern
        if len(cells) <= REPEATED * PROBE:
            return cells.str.contains(pattern)
        some = cells.gather_every(len(cells) // PROBE)
        if some.n_unique() * 8 <= len(some):
            values = cells.unique()
            if len(values) * REPEATED <= len(cells):
                return cells.is_in(values.filter(values.str.contains(pattern)).implode())
        figured = some.str.contains(_FIGURE).sum()
        if figured * 2 > len(some) or _mean_length(some) < _SENTENCE:
            return cells.str.contains(pattern)
        positions = cells.str.contains(_FIGURE)
        full = cells.filter(positions).str.contains(pattern)
        found = cells.str.contains(self._plan.wordy)
        return found.scatter(positions.arg_true().filter(full), True) if full.any() else found

    def _probe(self, cells: pl.Series) -> None:
        """Look at some cells of this batch: what do the values say that the heading does not?"""
        sample = cells.gather_every(max(1, len(cells) // PROBE)).drop_nulls()
        sample = sample.filter((sample.str.len_bytes() > 0) & ~sample.str.contains(_BLANK))
        if not len(sample):
            return
        sample = _mended(sample)
        self.profile.update(sample)
        if not self._probing or not self.profile.texts:
            return
        for recognizer in [r for r in self._probing if r.probe(sample)]:
            self._probing.remove(recognizer)
            self._wanting.append(recognizer)

    def _every(self, cells: pl.Series) -> None:
        if not len(cells):
            return
        cells = _mended(cells)
        for recognizer in self._wanting:
            recognizer.update(self._tallies[_family(recognizer)], cells, self.place)

    def _digits(self, cells: pl.Series, *, counted: bool) -> None:
        """Hand cells of digits alone to the kinds that know such lengths."""
        size = cells.str.len_bytes()
        shortest, longest = int(size.min() or 0), int(size.max() or 0)  # type: ignore[call-overload]
        for recognizer in self._looking(counted):
            least, most = recognizer.bare, recognizer.bare_most
            if not least or longest < least or shortest > most:
                continue
            fits = least <= shortest and longest <= most
            some = cells if fits else cells.filter(size.is_between(least, most))
            if len(some):
                recognizer.update(self._tallies[_family(recognizer)], some, self.place)

    def _texts(self, cells: pl.Series, *, counted: bool) -> None:
        """Hand cells that match a prefilter and are more than digits to every kind."""
        longest = int(cells.str.len_bytes().max() or 0)  # type: ignore[call-overload]
        worded: pl.Series | None = None
        for recognizer in self._looking(counted):
            if longest < recognizer.shortest:
                continue
            some = cells
            if recognizer.worded:
                if worded is None:
                    worded = cells.filter(cells.str.contains("[A-Za-z]{2}|@"))
                some = worded
            if len(some):
                recognizer.update(self._tallies[_family(recognizer)], some, self.place)

    def _looking(self, counted: bool) -> Iterator[Recognizer[Any]]:
        """Give the kinds that have not seen these cells yet."""
        for recognizer in self._plan.families:
            if recognizer.prefilter and not (counted and recognizer in self._wanting):
                yield recognizer

    def conclude(
        self, *, person_level: bool = False, machines: bool = False
    ) -> tuple[Finding, ...]:
        """Return the findings that reach the ruleset's threshold.

        Some kinds count only where a row is a person, or not where it is a machine: then
        conclude again, when the whole table was judged.
        """
        place = replace(self.place, person_level=person_level, machines=machines)
        found = (
            r.conclude(self._tallies[_family(r)], self.filled, place)
            for r in self._plan.recognizers
        )
        return tuple(f for f in found if f is not None and f.score >= self._ruleset.threshold)


def _mean_length(cells: pl.Series) -> float:
    return int(cells.str.len_bytes().sum()) / max(1, len(cells))


def _mended(cells: pl.Series) -> pl.Series:
    strange = cells.str.len_bytes() != cells.str.len_chars()
    if not strange.any():
        return cells
    mended = pl.Series([normalise(c) for c in cells.filter(strange)], dtype=pl.String)
    return pl.concat([cells.filter(~strange).rechunk(), mended])


def _family(recognizer: Recognizer[Any]) -> str:
    return recognizer.family or recognizer.kind
