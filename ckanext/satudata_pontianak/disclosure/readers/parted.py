"""Many columns as one: their cells in one series, each column a part of it that is cut when asked.

A series of its own costs as much as looking at fifty cells, so thousands of short columns are
kept together from the reader to the scan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import polars as pl


class Parted(Mapping[int, pl.Series]):
    """Columns by their position; the cells of one stand behind those of the one before."""

    def __init__(self, every: pl.Series, indexes: Sequence[int], lengths: Sequence[int]) -> None:
        self.every = every
        self.indexes = indexes
        self.lengths = lengths
        self._ends = list(accumulate(lengths, initial=0))
        self._places: dict[int, int] | None = None

    @classmethod
    def of(cls, columns: Mapping[int, pl.Series]) -> Parted:
        """Put columns together, unless they are already."""
        if isinstance(columns, Parted):
            return columns
        series = list(columns.values())
        every = pl.concat(series, rechunk=True) if series else pl.Series([], dtype=pl.String)
        return cls(every, list(columns), list(map(len, series)))

    @classmethod
    def joined(cls, several: Sequence[Mapping[int, pl.Series]]) -> Parted:
        """Put the cells of each column behind those that it has in the mappings before."""
        alike = [columns for columns in several if isinstance(columns, Parted)]
        if len(alike) == len(several) and all(c.indexes == alike[0].indexes for c in alike):
            return cls._of_alike(alike)
        parts: dict[int, list[pl.Series]] = {}
        for columns in several:
            for index, cells in columns.items():
                parts.setdefault(index, []).append(cells)
        series = [cells for some in parts.values() for cells in some]
        every = pl.concat(series, rechunk=True) if series else pl.Series([], dtype=pl.String)
        return cls(every, list(parts), [sum(map(len, some)) for some in parts.values()])

    @classmethod
    def _of_alike(cls, several: Sequence[Parted]) -> Parted:
        """Do the same where all have the same columns, without cutting any out."""
        lengths = list(map(sum, zip(*(columns.lengths for columns in several), strict=True)))
        places = pl.concat([columns._of_cells() for columns in several])
        cells = pl.concat([columns.every for columns in several])
        frame = pl.DataFrame({"place": places, "cell": cells}).sort("place", maintain_order=True)
        return cls(frame["cell"], several[0].indexes, lengths)

    def _of_cells(self) -> pl.Series:
        """Return for each cell at which place its column stands."""
        most = max(self.lengths, default=0)
        if most == min(self.lengths, default=0):
            return pl.int_range(len(self.every), eager=True) // max(1, most)
        lengths = pl.Series(self.lengths, dtype=pl.Int64)
        return pl.int_range(len(self), eager=True).repeat_by(lengths).explode().drop_nulls()

    def __getitem__(self, index: int) -> pl.Series:
        """Cut out the cells of a column."""
        if self._places is None:
            self._places = {index: place for place, index in enumerate(self.indexes)}
        place = self._places[index]
        return self.every.slice(self._ends[place], self.lengths[place])

    def __iter__(self) -> Iterator[int]:
        """Give the positions of the columns."""
        return iter(self.indexes)

    def __len__(self) -> int:
        """Return how many columns there are."""
        return len(self.indexes)

    def portions(self, most: int) -> Iterator[Parted]:
        """Cut into runs of whole columns of at most so many cells, or one column; empty ones go."""
        if len(self.every) <= most and all(self.lengths):
            if self.indexes:
                yield self
            return
        indexes: list[int] = []
        lengths: list[int] = []
        start = size = 0
        for index, length in zip(self.indexes, self.lengths, strict=True):
            if not length:
                continue
            if size and size + length > most:
                yield Parted(self.every.slice(start, size), indexes, lengths)
                indexes, lengths, start, size = [], [], start + size, 0
            indexes.append(index)
            lengths.append(length)
            size += length
        if indexes:
            yield Parted(self.every.slice(start, size), indexes, lengths)


def lengths(columns: Mapping[int, pl.Series]) -> Sequence[int]:
    """Return how many cells each column has."""
    return columns.lengths if isinstance(columns, Parted) else list(map(len, columns.values()))
