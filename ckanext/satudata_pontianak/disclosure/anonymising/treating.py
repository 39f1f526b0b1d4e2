"""Carry a plan out on blocks of rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import polars as pl

from .elsewhere import empty_repeated
from .lexicon import is_personal
from .matching import Matched
from .operations import CellFunction, cell_function
from .original import Original
from .outcome import Tally

# What gives text that the plan's author has not seen may hold anything.
_FREE = frozenset({"keep", "rare"})
# The share of different values from which on a column tells single persons apart.
_OF_PERSONS = 0.5


class Treater:
    """Treats the columns of one file, as often as it is read."""

    def __init__(
        self, original: Original, matched: Matched, *, today: dt.date, secret: bytes = b""
    ) -> None:
        """Read the file once where a treatment depends on all rows (``rare``)."""
        self._original = original
        self._matched = matched
        self._protected: list[str] | None = None
        frequent = self._frequent()
        self._functions: dict[int, CellFunction] = {
            i: cell_function(
                item,
                today=today,
                column=matched.columns[i].label,
                secret=secret,
                frequent=frequent.get(i, ()),
            )
            for i in matched.given
            if (item := matched.treatments[i]).action != "keep"
        }

    def _frequent(self) -> dict[int, frozenset[str]]:
        """Return, by column, the values that come often enough to stay."""
        wanted = {
            i: t["below"] for i, t in enumerate(self._matched.treatments) if t.action == "rare"
        }
        counts: dict[int, Counter[str]] = {i: Counter() for i in wanted}
        for block in self._original.blocks() if wanted else ():
            for i, counter in counts.items():
                counted = block[f"c{i}"].drop_nulls().value_counts()
                counter.update(dict(counted.iter_rows()))
        return {
            i: frozenset(v for v, n in counter.items() if n >= wanted[i])
            for i, counter in counts.items()
        }

    def _protect(self, block: pl.DataFrame) -> list[str]:
        """Return the columns whose originals may not remain, judged by the first rows."""
        protected = []
        for i, item in enumerate(self._matched.treatments):
            filled = block[f"c{i}"].drop_nulls()
            varied = filled.n_unique() >= _OF_PERSONS * len(filled)
            named = is_personal(self._matched.columns[i].label)
            if item.protects(of_persons=named or varied):
                protected.append(f"c{i}")
        return protected

    def blocks(self, tally: Tally) -> Iterator[pl.DataFrame]:
        """Yield the treated rows, columns ``c<position>`` of those that remain."""
        matched = self._matched
        free = {f"c{i}": f"c{i}" for i in matched.given if matched.treatments[i].action in _FREE}
        for block in self._original.blocks():
            tally.rows += block.height
            if self._protected is None:
                self._protected = self._protect(block)
            series = [self._treat(i, block[f"c{i}"], tally) for i in matched.given]
            frame, repeated = empty_repeated(pl.DataFrame(series), block, self._protected, free)
            tally.repeated.update({int(name[1:]): count for name, count in repeated.items()})
            yield frame

    def _treat(self, position: int, cells: pl.Series, tally: Tally) -> pl.Series:
        function = self._functions.get(position)
        if function is None:
            return cells
        different = cells.drop_nulls().unique()
        results = [function(value) for value in different]
        if not len(different):
            return cells
        # Whatever is not among the values becomes null, never itself.
        treated = cells.replace_strict(
            different, pl.Series(results, dtype=pl.String), default=None, return_dtype=pl.String
        ).alias(cells.name)
        tally.emptied[position] += treated.null_count() - cells.null_count()
        tally.changed[position] += int((treated != cells).sum() or 0)
        return treated
