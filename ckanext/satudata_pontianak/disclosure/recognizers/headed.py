"""What kinds have in common whose form says little: a heading or a word before them decides.

Ten digits are anything. Under ``nisn``, or after that word in a sentence, they are the number of a
pupil. A column that a heading names is counted cell by cell; elsewhere only what follows one of
the kind's own words is seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Finding
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_digits

from .base import Place, Recognizer, Tally, trim

SEPARATORS = r"[ .\-/]"


@dataclass
class HeadedTally(Tally):
    """``whole``: cells that are nothing but the value; ``text``: it stands within a sentence."""

    whole: int = 0
    text: int = 0


class Headed(Recognizer[HeadedTally]):
    """A kind that is named: by the heading, or in the text before it.

    ``whole`` is the form of a cell without separators (Rust). ``words`` are the words that
    introduce it in running text and ``value`` its form there (Rust and Python, no look-around).
    ``against`` are words of a heading that make it something else.
    """

    whole: str
    words: str
    value: str
    against: frozenset[str] = frozenset()
    scores: tuple[float, float] = (0.9, 0.8)
    worded = True

    def __init__(self) -> None:
        self.prefilter = self.introduced

    @cached_property
    def introduced(self) -> str:
        """The words, a few marks at most or ``no``, ``nomor``, ``kartu``, then the value."""
        between = r"(?:[ .:=#\-(]|no\.?|nomor|kartu|peserta|adalah|nya){0,8}"
        before = rf"(?i)(?:^|[^0-9A-Za-z])(?:{self.words})(?:{between})[ .:=#(]"
        return rf"{before}({self.value})(?:[^0-9A-Za-z]|$)"

    @cached_property
    def _inside(self) -> re.Pattern[str]:
        return re.compile(self.introduced)

    def start(self) -> HeadedTally:
        """Return an empty tally for one column."""
        return HeadedTally()

    def wants(self, place: Place) -> bool:
        """Every cell under a heading of this kind."""
        return place.mentions(self.context) and not place.mentions(self.against)

    def update(self, tally: HeadedTally, cells: pl.Series, place: Place) -> None:
        """Count whole cells under a heading, introduced values everywhere."""
        named = not place.free_text and self.wants(place)
        if named:
            trimmed = trim(cells).str.replace_all(SEPARATORS, "")
            good = trimmed.str.contains(self.whole)
            self._count(tally, trimmed.filter(good))
            cells = cells.filter(~good)
        for cell in cells.filter(cells.str.contains(self.introduced)).to_list():
            match = self._inside.search(cell)
            if match and self.accepts(match[1]):
                tally.text += 1
                tally.sample = tally.sample or self.mask(match[1])

    def _count(self, tally: HeadedTally, good: pl.Series) -> None:
        if len(good):
            tally.whole += len(good)
            tally.note_distinct(good)
            tally.sample = tally.sample or self.mask(good[0])

    def accepts(self, value: str) -> bool:
        """Say whether a value within text is really one; a mobile number may follow any word."""
        return not re.match(r"(?:0|62)8[1-9]", value)

    def mask(self, value: str) -> str:
        """Return the sample that may be shown."""
        return mask_digits(value)

    def conclude(self, tally: HeadedTally, filled: int, place: Place) -> Finding | None:
        """Judge the column."""
        if tally.whole:
            total = tally.whole + tally.text
            return self.finding(tally.sample, total, filled, self.scores[0], f"{self.kind}.header")
        if tally.text:
            return self.finding(
                tally.sample, tally.text, filled, self.scores[1], f"{self.kind}.text"
            )
        return None
