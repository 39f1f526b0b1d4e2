"""The shape of a recogniser: one kind, one class, one file.

The shape follows Microsoft Presidio (patterns with honest scores, structural validation,
context words, an explanation), turned from words in a sentence to columns of a table: the
heading is the context, and a column is judged once all its cells have been counted. Unlike
Presidio a recogniser works on whole Polars columns; Python sees single cells only where no
vectorised form exists.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import polars as pl

from ckanext.satudata_pontianak.disclosure.finding import Evidence, Finding, PersonalClass
from ckanext.satudata_pontianak.disclosure.reasons import Reason
from ckanext.satudata_pontianak.disclosure.words import mentions, words

DISTINCT = 64
"""How many different values are told apart: enough to see variety, bounded in memory."""


_SAYS_NOTHING = frozenset(
    """kolom kol column col field data value unnamed var variabel variable c f k v x y
    z n a b d e""".split()
)


@dataclass(frozen=True)
class Place:
    """Where the cells come from: a column with its heading, or a piece of running text.

    ``context`` is the heading together with the headings above it.
    """

    context: str | None = None
    free_text: bool = False
    person_level: bool = False
    """Whether each row of the table seems to be a person; decided once it was read."""
    machines: bool = False
    """Whether each row is a camera, a server or the like, of which the other headings speak."""

    def mentions(self, terms: frozenset[str]) -> bool:
        """Say whether the heading contains one of the terms as whole words."""
        return mentions(self.context, terms)

    @property
    def headed(self) -> bool:
        """Whether the column has a heading that says anything: ``kolom_3`` does not."""
        said = (w.rstrip("0123456789") for w in words(self.context))
        return any(w and w not in _SAYS_NOTHING for w in said)


@dataclass
class Tally:
    """What a recogniser counted so far. Never a value: counts, one masked sample, hashes."""

    sample: str = ""
    seen: set[int] = field(default_factory=set)

    def note_distinct(self, values: pl.Series) -> None:
        """Remember up to ``DISTINCT`` different values by an in-memory hash."""
        if len(self.seen) < DISTINCT and len(values):
            if len(values) > DISTINCT:
                values = values.head(4096).unique().head(DISTINCT)
            self.seen.update(map(hash, values.to_list()))


T = TypeVar("T", bound=Tally)

_OF_EVERY_KIND = (
    "label", "rank", "since", "personal_class", "hard", "sentences", "context",
)  # fmt: skip


def trim(cells: pl.Series) -> pl.Series:
    """Take away what exports put around numbers: quotes, apostrophes, ``=``, a final ``.0``."""
    return cells.str.strip_chars(" \t\r\n'\"=`").str.replace(r"[.,]0{1,2}$", "")


class Recognizer(ABC, Generic[T]):
    """Finds one kind of personal data.

    ``prefilter`` is a Rust regular expression that every cell of interest matches; the
    engine joins those of all recognisers into one and hands over the matching cells only.
    ``shortest`` is the length in bytes below which no cell can match. ``worded`` says that no
    cell without letters is of interest; ``figured`` says that none without a digit or ``@`` is.
    ``bare`` and ``bare_most`` are how many digits a cell that holds nothing else has at least and
    at most, 0 if no such cell is of interest. A kind without a prefilter is looked for only in
    columns that it ``wants`` by their heading, or that a ``probe`` points to.

    Thousands of short columns are looked at together, and for that each kind says what it would
    do: it wants no heading that mentions nothing of ``named``; a probe says yes only where
    more than so many tenths of the cells match each of ``hints``, and mostly whenever they do.
    """

    kind: str
    label: str
    """What it is called, for the catalogue."""
    rank: int
    """Where its findings stand among those of other kinds."""
    since: str
    """The ruleset that changed its recogniser, words or score last (:mod:`..ruleset`)."""
    personal_class: PersonalClass
    hard: bool
    sentences: Mapping[str, str]
    """Why a column counts, for the catalogue, by what follows the kind in the reason's code."""
    evidence: Evidence = Evidence.NONE
    headings: frozenset[str] = frozenset()
    """Headings under which nothing else stands: a plan that knows no scan takes these away."""
    treatment: str = ""
    """How it is made coarser when a table is masked; empty: it is taken away, rather too much."""
    sensitive: bool = False
    """What a table is about: it stays when the table is masked, and is measured as sensitive."""
    of_offices: bool = False
    """An office has one as well, and where it says whom to ask it is no personal data."""
    context: frozenset[str]
    prefilter: str = ""
    shortest: int = 1
    worded: bool = False
    figured: bool = True
    bare: int = 0
    bare_most: int = 99
    hints: tuple[tuple[str, int], ...] = ()
    form: str = ""
    """What is looked for, where the prefilter is wider to be fast."""
    strays: str = ""
    """Cells that another kind asked for, and that this one counts although no prefilter of its
    own matches."""
    probed: int = 0
    """From so many cells on a probe looks at some of them only; 0 if it never does."""
    idle: str = ""
    """Bare numbers of which only their count matters, and only beside others of the kind."""
    family: str = ""
    """Recognisers of one family count the same things: they share one tally."""

    def __init_subclass__(cls) -> None:
        """Refuse a class that names a kind and lacks what other places read of it."""
        super().__init_subclass__()
        if "kind" in vars(cls):
            lacking = [name for name in _OF_EVERY_KIND if not hasattr(cls, name)]
            if lacking:
                raise TypeError(f"the kind {cls.kind} lacks {', '.join(lacking)}")

    @property
    def named(self) -> frozenset[str]:
        """Terms of which each heading that is wanted mentions one."""
        return self.context

    def wants(self, place: Place) -> bool:
        """Say whether every cell under this heading is of interest, whatever it looks like."""
        return False

    def probe(self, sample: pl.Series) -> bool:
        """Say whether these cells (some of a column, non-null) make all of it of interest."""
        return bool(self.hints) and all(
            int(sample.str.contains(hint).sum()) * 10 > len(sample) * tenths
            for hint, tenths in self.hints
        )

    def telling(self, cells: pl.Series) -> pl.Series | None:
        """Say of each cell whether it points to the kind, where its hints alone do not decide.

        A probe then says yes where more than half of the cells do.
        """
        return None

    @abstractmethod
    def start(self) -> T:
        """Return an empty tally for one column."""

    @abstractmethod
    def update(self, tally: T, cells: pl.Series, place: Place) -> None:
        """Count within cells that passed the prefilter (non-null, normalised text)."""

    def manner(self, place: Place) -> Hashable:
        """Return what counting depends on of a place; columns that share it are counted as one."""
        return place

    def update_many(
        self, tallies: Sequence[T], columns: Sequence[pl.Series], places: Sequence[Place]
    ) -> None:
        """Count within several columns of one manner."""
        for tally, cells, place in zip(tallies, columns, places, strict=True):
            self.update(tally, cells, place)

    def count_idle(self, tally: T, count: int) -> None:
        """Count cells of the form ``idle`` that nobody handed over."""

    @abstractmethod
    def conclude(self, tally: T, filled: int, place: Place) -> Finding | None:
        """Judge the column; ``filled`` is the number of its non-empty cells."""

    def finding(
        self,
        sample: str,
        count: int,
        filled: int,
        score: float,
        code: str,
        *,
        hard: bool | None = None,
    ) -> Finding:
        """Build the finding of this kind; ``sample`` is masked already."""
        return Finding(
            kind=self.kind,
            count=count,
            share=min(1.0, count / max(filled, count, 1)),
            score=score,
            personal_class=self.personal_class,
            reason=Reason(code),
            sample=sample,
            hard=self.hard if hard is None else hard,
        )
