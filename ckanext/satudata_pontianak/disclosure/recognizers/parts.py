"""Cells of several columns, one after the other, so that each expression runs over all at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import overload

import polars as pl


class Parts(Sequence[pl.Series]):
    """The cells, and how many of them are of each column; each is cut out when it is asked for."""

    def __init__(self, cells: pl.Series, lengths: Sequence[int]) -> None:
        """Take cells that stand in the order of their columns."""
        self.cells = cells
        self.lengths = lengths

    @classmethod
    def of(cls, columns: Sequence[pl.Series]) -> Parts:
        """Join columns, unless they are already."""
        if isinstance(columns, Parts):
            return columns
        cells = columns[0] if len(columns) == 1 else pl.concat(columns, rechunk=True)
        return cls(cells, [len(column) for column in columns])

    def __len__(self) -> int:
        """Return how many columns there are."""
        return len(self.lengths)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate(self.lengths, initial=0))

    @overload
    def __getitem__(self, number: int) -> pl.Series: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[pl.Series]: ...

    def __getitem__(self, number: int | slice) -> pl.Series | Sequence[pl.Series]:
        """Cut out the cells of a column."""
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        return self.cells.slice(self._starts[number], self.lengths[number])

    def some(self, numbers: Sequence[int]) -> Parts:
        """Return some of the columns."""
        return self if len(numbers) == len(self) else Parts.of([self[n] for n in numbers])

    def contains(self, form: str) -> pl.Series:
        """Say of each cell whether it has a form."""
        return self.cells.str.contains(form)

    def counts(self, chosen: pl.Series) -> list[int]:
        """Return how many cells of each column are chosen."""
        if len(self.lengths) == 1:
            return [int(chosen.sum())]
        sums = [0, *chosen.cast(pl.UInt32).cum_sum().to_list()]
        ends = [0, *accumulate(self.lengths)]
        return [sums[end] - sums[start] for start, end in pairwise(ends)]

    def places(self) -> pl.Series:
        """Return for each cell which column it is of."""
        return pl.Series(
            [n for n, length in enumerate(self.lengths) for _ in range(length)], dtype=pl.UInt32
        )

    def filter(self, chosen: pl.Series) -> Parts:
        """Return the chosen cells."""
        return Parts(self.cells.filter(chosen), self.counts(chosen))

    def firsts(self) -> list[str | None]:
        """Return the first cell of each column, ``None`` where it has none."""
        starts = accumulate([0, *self.lengths])
        return [self.cells[s] if n else None for s, n in zip(starts, self.lengths, strict=False)]
