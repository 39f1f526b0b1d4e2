"""The columns of one table under scan: thousands of them, of which few are ever looked at alone.

Making an object for each of thousands of columns costs more than their cells. So columns of one
heading (but for a number) share what is known by it, what was counted of many columns together is
kept as it was counted, and a column gets a scan of its own when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from .columns import ColumnScan, plan, wanted
from .finding import Finding
from .persons import Judged, Profile, silent
from .recognizers import Place, Recognizer
from .ruleset import Ruleset
from .totals import DATE, EMPTY, NUMBER, TEXT, Counted, total
from .words import all_uncounted


@dataclass(frozen=True)
class Counts:
    """What many columns hold, by the place of the column: see :class:`.totals.Counted`.

    ``empty``: cells with what people write into an empty one; ``cells``, ``texts``, ``entities``,
    ``sexes``: the :class:`.persons.Profile`.
    """

    full: Sequence[int]
    digits: Sequence[int]
    filled: Sequence[int]
    long: Sequence[bool]
    dates: Sequence[int]
    whole: Sequence[int]
    sum: Sequence[int]
    commas: Sequence[bool]
    ways: Mapping[int, Mapping[str, tuple[int, float]]]
    empty: Sequence[int]
    cells: Sequence[int]
    texts: Sequence[int]
    entities: Sequence[int]
    sexes: Sequence[int]

    def of(self, place: int) -> tuple[int, int, Counted, tuple[int, ...]]:
        """Return what :meth:`.columns.ColumnScan.add` takes of one column."""
        return self.full[place], self.empty[place], self._counted(place), self.looks[place]

    def _counted(self, place: int) -> Counted:
        return Counted(
            self.full[place], self.digits[place], self.filled[place], self.long[place],
            self.dates[place], self.whole[place], self.sum[place], self.commas[place],
            self.ways.get(place, {}),
        )  # fmt: skip

    @cached_property
    def looks(self) -> list[tuple[int, int, int, int]]:
        """What the cells of each column look like."""
        return list(zip(self.cells, self.texts, self.entities, self.sexes, strict=True))

    @cached_property
    def types(self) -> list[str]:
        """What a column of which nothing else was counted holds."""
        return [
            EMPTY if not filled
            else NUMBER if digits == full or (not long and (whole == filled or place in self.ways))
            else DATE if dates == filled and not long
            else TEXT
            for place, (full, digits, filled, long, dates, whole) in enumerate(
                zip(self.full, self.digits, self.filled, self.long, self.dates, self.whole,
                    strict=True)
            )
        ]  # fmt: skip

    def judged(self) -> tuple[list[bool], list[int]]:
        """Return what :class:`.totals.Totals` say of such columns: ``numeric``, ``harmless``."""
        numeric = [kind in (NUMBER, EMPTY) for kind in self.types]
        harmless = [
            8 if kind is NUMBER and whole == filled else 10 if kind is DATE else 0
            for kind, whole, filled in zip(self.types, self.whole, self.filled, strict=True)
        ]
        return numeric, harmless

    @cached_property
    def totals(self) -> list[str | None]:
        """What the numbers of such a column come to."""
        return [
            None if kind is not NUMBER
            else str(number) if whole == filled
            else total(self.ways[place], commas=commas)
            for place, (kind, whole, filled, number, commas) in enumerate(
                zip(self.types, self.whole, self.filled, self.sum, self.commas, strict=True)
            )
        ]  # fmt: skip


class Known(NamedTuple):
    """What is known of many columns after their cells were counted, by the place of the column."""

    numeric: list[bool]
    harmless: list[int]
    texts: Sequence[int]


class Scans(Mapping[int, ColumnScan]):
    """Scans of columns by their position, each made when it is asked for."""

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
