"""One column under scan: prefilter, normalise, hand over to the recognisers, conclude."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import polars as pl

from .finding import Finding
from .persons import Judged, Profile, silent
from .recognizers import RECOGNIZERS, Place, Recognizer, Tally
from .ruleset import Ruleset
from .totals import Counted, Counts, Totals, digits_only
from .words import all_uncounted

PROBE = 256
"""How many cells of a batch are looked at for what the values say as a whole."""

REPEATED = 16
"""So often each value of a column stands there, on average, for it to be worth knowing them."""

_FIGURE = "[0-9@]"
_SENTENCE = 30
DECIMAL = r"^-?(?:0|[1-57-9][0-9]{0,6}|6(?:[013-9][0-9]{0,5})?)\.[0-9]+$"
"""A number of at most seven digits before the point. No kind has that form: a telephone may be
written ``62.812…`` (and ``0812.3456…``), a NIP ``19700101.1995…``."""

BLANK = r"(?i)^[\s\-_.*?/]+$|^\s*(?:n/?a|null|none|nihil|nil|kosong)\s*$"
"""What people write into a cell that is empty."""
LONGEST_BLANK = 6

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


@dataclass(frozen=True, eq=False)
class Plan:
    """The recognisers of a ruleset, arranged for one pass; the same for every column."""

    counted: Mapping[str, Sequence[tuple[int, Recognizer[Any]]]]
    """By the family: the recognisers that conclude from its tally, each with its place."""
    families: tuple[Recognizer[Any], ...]
    pattern: str
    wordy: str
    shortest: int
    named: frozenset[str]
    """No heading is wanted that mentions none of these terms."""
    telling: str
    """What a cell looks like that may be handed to a kind,"""
    wide: str
    """also where it matches a prefilter that is wide"""
    strays: str
    """and has a form that another kind counts if it sees it,"""
    least: int
    """unless it is a number of fewer digits,"""
    quiet: str
    """which look like this,"""
    idle: str
    """or one that need not be handed over, if it is counted."""


@lru_cache(maxsize=16)
def plan(kinds: tuple[str, ...]) -> Plan:
    """Join the prefilters of some kinds into one expression, which costs one pass."""
    chosen = tuple(RECOGNIZERS[kind] for kind in kinds)
    families = tuple({_family(r): r for r in reversed(chosen)}.values())[::-1]
    counted: dict[str, list[tuple[int, Recognizer[Any]]]] = {}
    for place, recognizer in enumerate(chosen):
        counted.setdefault(_family(recognizer), []).append((place, recognizer))
    filtered = [r for r in chosen if r.prefilter]
    patterns = dict.fromkeys(f"(?:{r.prefilter})" for r in filtered)
    wordy = dict.fromkeys(f"(?:{r.prefilter})" for r in filtered if not r.figured)
    shortest = min((r.shortest for r in filtered), default=1)
    idle = dict.fromkeys(f"(?:{r.idle})" for r in families if r.idle)
    bare = [(r.bare, r.bare_most) for r in families if r.prefilter and r.bare]
    least, most = min((b for b, _ in bare), default=0), max((m for _, m in bare), default=0)
    figures = f"^[0-9]{{{least},{most}}}$" if bare else "^$"
    return Plan(
        counted,
        families,
        "|".join(patterns) or "^$",
        "|".join(wordy) or "^$",
        shortest,
        frozenset().union(*(r.named for r in families)),
        "|".join([*dict.fromkeys(f"(?:{r.form or r.prefilter})" for r in filtered), figures]),
        "|".join(f"(?:{r.prefilter})" for r in filtered if r.form) or "^$",
        "|".join(dict.fromkeys(f"(?:{r.strays})" for r in filtered if r.strays)) or "^$",
        least if bare else 10**9,
        f"^[0-9]{{1,{least - 1}}}$" if least > 1 else "^$" if least else "^[0-9]+$",
        "|".join(idle) or "^$",
    )


class Handed:
    """Cells of a column that may hold what is looked for anywhere.

    ``digits`` are nothing but digits, ``texts`` match a prefilter and are more than that.
    """

    def __init__(
        self, digits: pl.Series, texts: pl.Series, kinds: Sequence[Recognizer[Any]]
    ) -> None:
        """Take both, and the kinds that will be asked for."""
        self._digits = digits
        self._texts = texts
        self._kinds = kinds

    def of_interest(self, recognizer: Recognizer[Any]) -> Iterator[pl.Series]:
        """Give the cells of which a kind may know something, none if there are none."""
        if len(self._digits) and recognizer.bare:
            shortest, longest = self._lengths
            least, most = recognizer.bare, recognizer.bare_most
            if least <= shortest and longest <= most:
                yield self._digits
            elif longest >= least and shortest <= most:
                size = self._digits.str.len_bytes()
                some = self._digits.filter(size.is_between(least, most))
                if len(some):
                    yield some
        if len(self._texts) and self._longest >= recognizer.shortest:
            some = self._worded if recognizer.worded else self._texts
            if recognizer in self._rare:
                some = self._of_rare
                some = _worded(some) if recognizer.worded else some
            if len(some):
                yield some

    @cached_property
    def _lengths(self) -> tuple[int, int]:
        return _least_and_most(self._digits)

    @cached_property
    def _longest(self) -> int:
        return _least_and_most(self._texts)[1]

    @cached_property
    def _worded(self) -> pl.Series:
        return _worded(self._texts)

    @cached_property
    def _rare(self) -> Sequence[Recognizer[Any]]:
        """The kinds that have no cell among some of very many."""
        if len(self._texts) <= REPEATED * PROBE:
            return ()
        some = self._texts.gather_every(len(self._texts) // PROBE)
        return [
            kind
            for kind in self._kinds
            if not any(some.str.contains(form).any() for form in _forms(kind))
        ]

    @cached_property
    def _of_rare(self) -> pl.Series:
        """The cells that have the form of one of these: asked once, not once for each."""
        forms = dict.fromkeys(f"(?:{form})" for kind in self._rare for form in _forms(kind))
        return self._texts.filter(self._texts.str.contains("|".join(forms)))


def _forms(recognizer: Recognizer[Any]) -> tuple[str, ...]:
    return tuple(form for form in (recognizer.prefilter, recognizer.strays) if form)


def _worded(cells: pl.Series) -> pl.Series:
    return cells.filter(cells.str.contains("[A-Za-z]{2}|@"))


class ColumnScan:
    """Counts for one column, batch after batch; bounded whatever the number of rows."""

    __slots__ = (
        "_idle", "_plan", "_ruleset", "_tallies", "filled", "place", "profile", "totals", "wanting",
    )  # fmt: skip

    def __init__(
        self, ruleset: Ruleset, place: Place, wanting: Sequence[Recognizer[Any]] | None = None
    ) -> None:
        """Begin a column.

        :param wanting: the kinds that want every cell under this heading, where they are known.
        """
        self._ruleset = ruleset
        self.place = place
        self._plan = plan(ruleset.kinds)
        self._tallies: dict[str, Tally] = {}
        self.wanting = wanted(self._plan, place) if wanting is None else list(wanting)
        self._idle = 0
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
                    short = cells.filter(size <= LONGEST_BLANK)
                    self.filled -= int(short.str.contains(BLANK).sum()) if len(short) else 0
                self._probe(cells)
                if self.wanting:
                    self._every(cells.filter(size > 0))
            longest = int(size.max() or 0)  # type: ignore[call-overload]
            if longest <= self.totals.harmless and not self.place.free_text:
                return
        cells = cells.filter(size >= self._plan.shortest)
        if len(cells):
            self._anywhere(cells, counted=counted, bare=bare)

    def add(self, filled: int, blank: int, counted: Counted, profile: tuple[int, ...]) -> None:
        """Take what was counted of a batch already, together with other columns.

        What this leaves to do of :meth:`update`: kinds that the values may point to
        (:meth:`ask`), and handing cells to the kinds (:meth:`hand`).
        """
        self.totals.add(counted)
        self.filled += filled if self.totals.numeric else filled - blank
        self.profile.add(*profile)

    def add_idle(self, count: int) -> None:
        """Count cells of the form ``idle`` that were not handed over."""
        self._idle += count

    def ask(self, recognizer: Recognizer[Any], sample: pl.Series) -> None:
        """Let a kind look at some cells of a batch: does it want the column?"""
        if recognizer not in self.wanting and recognizer.probe(sample):
            self.wanting.append(recognizer)

    def tally(self, recognizer: Recognizer[Any]) -> Tally:
        """Return what a kind counted so far."""
        family = _family(recognizer)
        if family not in self._tallies:
            self._tallies[family] = recognizer.start()
        return self._tallies[family]

    def family(self, recognizer: Recognizer[Any]) -> Recognizer[Any]:
        """Return the one of a family that counts for all of it."""
        name = _family(recognizer)
        return next((r for r in self._plan.families if _family(r) == name), recognizer)

    def hand(self, recognizer: Recognizer[Any], cells: pl.Series) -> None:
        """Let a kind count within some cells."""
        recognizer.update(self.tally(recognizer), cells, self.place)

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
                cells = cells.filter(~cells.str.contains(DECIMAL))
            cells = cells.filter(self._matching(cells))
            if len(cells) and (only := cells.str.contains("^[0-9]+$")).any():
                digits, cells = cells.filter(only), cells.filter(~only)
        # Whoever wants the column has seen these cells.
        seen = self.wanting if counted else ()
        kinds = [r for r in self._plan.families if r.prefilter and r not in seen]
        handed = Handed(digits, cells, kinds)
        for recognizer in kinds:
            for some in handed.of_interest(recognizer):
                self.hand(recognizer, some)

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
        sample = _sample(cells)
        if not len(sample):
            return
        sample = _mended(sample)
        self.profile.update(sample)
        if self.profile.texts:
            for recognizer in self._plan.families:
                if recognizer.hints:
                    self.ask(recognizer, sample)

    def _every(self, cells: pl.Series) -> None:
        if len(cells):
            cells = _mended(cells)
            for recognizer in self.wanting:
                self.hand(recognizer, cells)

    def conclude(
        self, *, person_level: bool = False, machines: bool = False
    ) -> tuple[Finding, ...]:
        """Return the findings that reach the ruleset's threshold.

        Some kinds count only where a row is a person, or not where it is a machine: then
        conclude again, when the whole table was judged.
        """
        if not self._tallies:
            return ()
        place = replace(self.place, person_level=person_level, machines=machines)
        tallies = self._tallies
        if self._idle:
            for recognizer in self._plan.families:
                tally = tallies.get(_family(recognizer))
                # Whoever wants the column has seen them.
                if tally is not None and recognizer not in self.wanting:
                    recognizer.count_idle(tally, self._idle)
            self._idle = 0
        asked = sorted(
            (order, r, tally)
            for family, tally in tallies.items()
            for order, r in self._plan.counted[family]
        )
        found = [r.conclude(tally, self.filled, place) for _, r, tally in asked]
        return tuple(f for f in found if f is not None and f.score >= self._ruleset.threshold)


def wanted(plan: Plan, place: Place) -> list[Recognizer[Any]]:
    """Return the kinds that want every cell under a heading.

    Running text has no columns whose heading or values mean anything by themselves.
    """
    if place.free_text or not place.mentions(plan.named):
        return []
    return [r for r in plan.families if r.wants(place)]


class Known(NamedTuple):
    """What is known of many columns after their cells were counted, by the place of the column."""

    numeric: list[bool]
    harmless: list[int]
    texts: Sequence[int]


class Scans(Mapping[int, ColumnScan]):
    """The scans of the columns of a table by their position, each made when it is asked for.

    Making an object for each of thousands of columns costs more than their cells. So columns whose
    headings differ by a number at most share what is known by it, and what was counted of many
    columns together is kept as it was counted.
    """

    def __init__(self, ruleset: Ruleset, *, running: bool) -> None:
        self._ruleset = ruleset
        self._running = running
        self._plan = plan(ruleset.kinds)
        self._alike: dict[str | None, ColumnScan] = {}
        self._begun: dict[int, ColumnScan] = {}
        self._made: dict[int, ColumnScan] = {}
        self._kept: dict[int, tuple[Counts, int]] = {}

    def begin(self, headings: Mapping[int, str | None]) -> None:
        """Begin columns under headings, with what stands above them."""
        said = all_uncounted(list(headings.values()))
        for heading in set(said) - self._alike.keys():
            place = Place(heading, free_text=self._running)
            self._alike[heading] = ColumnScan(self._ruleset, place, wanted(self._plan, place))
        self._begun.update(zip(headings, map(self._alike.__getitem__, said), strict=True))

    def __getitem__(self, index: int) -> ColumnScan:
        """Return the scan of a column, with all that was counted of it."""
        scan = self._begun[index]
        if index not in self._made:
            scan = ColumnScan(self._ruleset, scan.place, scan.wanting)
            self._made[index] = self._begun[index] = scan
            if index in self._kept:
                counts, place = self._kept.pop(index)
                scan.add(*counts.of(place))
        return scan

    def __contains__(self, index: object) -> bool:
        """Say whether a column was begun."""
        return index in self._begun

    def __iter__(self) -> Iterator[int]:
        """Give the positions of the columns."""
        return iter(self._begun)

    def __len__(self) -> int:
        """Return how many columns there are."""
        return len(self._begun)

    @property
    def made(self) -> dict[int, ColumnScan]:
        """Those that were asked for, in the order of the columns."""
        return dict(sorted(self._made.items()))

    def unknown(self, indexes: Iterable[int]) -> list[int]:
        """Return which columns were not begun."""
        return sorted(set(indexes).difference(self._begun))

    def wanting(self, indexes: Sequence[int]) -> dict[int, list[Recognizer[Any]]]:
        """Return the kinds that want every cell of a column, by its place among these."""
        begun = self._begun
        return {p: wanting for p, i in enumerate(indexes) if (wanting := begun[i].wanting)}

    def numeric(self, indexes: Sequence[int]) -> list[bool]:
        """Say of each column whether all that was counted of it are numbers."""
        if not (self._made or self._kept):
            return [True] * len(indexes)
        begun = (self[index] if index in self._kept else self._begun[index] for index in indexes)
        return [scan.totals.numeric for scan in begun]

    def add(self, indexes: Sequence[int], counts: Counts) -> Known:
        """Take what was counted of some columns."""
        known = Known(*counts.judged(), counts.texts)
        if not (self._made or self._kept):
            self._kept = {index: (counts, place) for place, index in enumerate(indexes)}
            return known
        texts = list(counts.texts)
        for place, index in enumerate(indexes):
            if index not in self._made and index not in self._kept:
                self._kept[index] = counts, place
                continue
            scan = self[index]
            scan.add(*counts.of(place))
            known.numeric[place] = scan.totals.numeric
            known.harmless[place] = scan.totals.harmless
            texts[place] = scan.profile.texts
        return known._replace(texts=texts)

    def judged(self, found: Mapping[int, Sequence[Finding]]) -> list[Judged]:
        """Return what judging the rows needs to know.

        Of columns of one heading that look alike two are enough, and of headings that say nothing
        of a row none but the heading.
        """
        silently = {heading for heading in self._alike if silent(heading)}
        told: list[Judged] = []
        seen: dict[Hashable, int] = {}
        for index in sorted(self._begun):
            scan, kept = self._begun[index], self._kept.get(index)
            heading = scan.place.context
            if index in found:
                told.append(Judged(heading, scan.profile, found[index]))
                continue
            if heading in silently:
                looks: tuple[int, ...] = ()
            elif kept:
                looks = kept[0].looks[kept[1]]
            else:
                profile = scan.profile
                looks = profile.cells, profile.texts, profile.entities, profile.sexes
            key = heading, looks
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= 2:
                told.append(Judged(heading, Profile(*looks), ()))
        return told

    def summaries(self, indexes: Sequence[int]) -> tuple[list[str], list[str | None]]:
        """Return the types of columns, and the sums of their numbers."""
        types: list[str] = []
        totals: list[str | None] = []
        for index in indexes:
            kept = self._kept.get(index)
            if kept:
                counts, place = kept
                types.append(counts.types[place])
                totals.append(counts.totals[place])
            else:
                summary = self._begun[index].totals.conclude()
                types.append(summary.type)
                totals.append(summary.total)
        return types, totals


def _sample(cells: pl.Series) -> pl.Series:
    """Return some cells of a batch that say something."""
    sample = cells.gather_every(max(1, len(cells) // PROBE)).drop_nulls()
    return sample.filter((sample.str.len_bytes() > 0) & ~sample.str.contains(BLANK))


def _least_and_most(cells: pl.Series) -> tuple[int, int]:
    """Return the fewest and the most bytes of a cell."""
    if len(cells) <= PROBE:
        # Of a few Python knows it sooner than Polars begins.
        lengths = [len(cell.encode()) for cell in cells.to_list()]
        return min(lengths), max(lengths)
    size = cells.str.len_bytes()
    return int(size.min() or 0), int(size.max() or 0)  # type: ignore[call-overload]


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
