"""What became of a file: counts and names of columns, never a value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated, NotRequired, TypedDict

from .matching import Matched
from .risk import Risk, RiskMeasured


@dataclass
class Tally:
    """Counted while the file is treated. Columns by their position in the original."""

    rows: int = 0
    written: int = 0
    changed: Counter[int] = field(default_factory=Counter)
    emptied: Counter[int] = field(default_factory=Counter)
    repeated: Counter[int] = field(default_factory=Counter)


class ColumnChanged(TypedDict):
    """What was done with a column, as it is told."""

    name: str
    action: str
    emptied: Annotated[int, "cells that could not be treated"]
    repeated: Annotated[int, "cells that held the original of another column"]
    changed: NotRequired[Annotated[int, "cells whose value is another one now, where counted"]]


class CellsCounted(TypedDict):
    """A count table, as it is told."""

    cells: int
    small: Annotated[int, "cells that are hidden since they are small"]
    protecting: Annotated[int, "cells that are hidden to protect these"]


class Measured(TypedDict):
    """The whole result, as it is told."""

    rows: int
    written: int
    removed: Annotated[int, "rows left out because too few are like them"]
    columns: list[ColumnChanged]
    k: Annotated[int, "how many rows are at least alike"]
    threshold: int
    enough: Annotated[bool, "`k` reaches it"]
    small_cell: int
    risk: RiskMeasured
    aggregate: Annotated[CellsCounted | None, "of counts instead of rows"]


@dataclass(frozen=True)
class ColumnOutcome:
    """``emptied``: cells that could not be treated; ``repeated``: that held another's original.

    ``changed``: cells whose value is another one now: grouped, made coarser, replaced.
    """

    name: str
    action: str
    emptied: int
    repeated: int
    changed: int = 0


@dataclass(frozen=True)
class Counted:
    """A count table: its cells with margins where they were asked for, and which are hidden."""

    cells: int
    small: int
    protecting: int


@dataclass(frozen=True)
class Outcome:
    """The whole result. ``removed``: rows left out because too few are like them."""

    rows: int
    written: int
    removed: int
    columns: tuple[ColumnOutcome, ...]
    risk: Risk
    threshold: int
    small_cell: int
    counted: Counted | None = None

    @property
    def k(self) -> int:
        """How many rows are at least alike; of a count table its smallest published count."""
        return self.risk.k

    @property
    def loss(self) -> float:
        """The share of the rows that is left out, from 0 to 1; of counts nothing is."""
        return self.removed / self.rows if self.rows else 0.0

    @property
    def enough(self) -> bool:
        """K reaches the threshold."""
        return self.k >= self.threshold

    def to_json(self) -> Measured:
        counted = self.counted
        return {
            "rows": self.rows,
            "written": self.written,
            "removed": self.removed,
            "columns": [ColumnChanged(**vars(c)) for c in self.columns],
            "k": self.k,
            "threshold": self.threshold,
            "enough": self.enough,
            "small_cell": self.small_cell,
            "risk": self.risk.to_json(),
            "aggregate": CellsCounted(**vars(counted)) if counted else None,
        }


def columns_of(matched: Matched, tally: Tally) -> tuple[ColumnOutcome, ...]:
    """Return what was done with each column."""
    return tuple(
        ColumnOutcome(
            column.label, item.action, tally.emptied[i], tally.repeated[i], tally.changed[i]
        )
        for i, (column, item) in enumerate(zip(matched.columns, matched.treatments, strict=True))
    )
