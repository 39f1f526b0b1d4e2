"""What a chart is, before it is drawn: its places, its series, its numbers and what was left out.

Pure: knows nothing of CKAN. A chart holds exactly what its data table shows, so that both are made
of the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ....messages import Message
from ....metadata.periods import Period


class Kind(StrEnum):
    """How numbers are drawn."""

    LINE = "line"
    COLUMNS = "columns"
    ROWS = "rows"
    HISTOGRAM = "histogram"
    MAP = "map"


@dataclass(frozen=True)
class Cell:
    """One number, or what the table shows in its place where it withholds it."""

    value: Decimal | None
    mark: str = ""


@dataclass(frozen=True)
class Place:
    """One position on the axis: a text, a period, or a range of numbers.

    ``region`` is the code of the region that the text names, where a map is drawn.
    """

    text: str = ""
    period: Period | None = None
    span: tuple[Decimal, Decimal] | None = None
    region: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart: ``cells`` by number of place and number of series; what is absent has no cell.

    :ivar kind: how it is drawn.
    :ivar measure: name of what is measured; ``unit`` its unit, empty where none is stated.
    :ivar along: name of what the axis shows; ``by`` of what the series are, empty for one series.
    :ivar places: positions in order.
    :ivar series: names of the series in order; one empty name where there is one only.
    :ivar panels: each series has a panel of its own; ``units`` their units where they differ, and
        then each has its own scale.
    :ivar fixed: what is the same in every row, as name and text.
    :ivar zero: whether the axis of numbers begins at zero.
    :ivar notes: what was left out or reckoned, in words.
    :ivar columns: the columns of the table that it was made from: measures, axis, series.
    :ivar rate: whether a map may colour areas by these numbers: they say how much of something, not
        how many in all.
    :ivar periods: those of the table, of which a map shows one.
    """

    kind: Kind
    measure: str
    unit: str
    along: str
    places: Sequence[Place]
    cells: Mapping[tuple[int, int], Cell]
    by: str = ""
    series: Sequence[str | Period] = ("",)
    panels: bool = False
    units: Sequence[str] = ()
    fixed: Sequence[tuple[str, str | Period]] = ()
    zero: bool = True
    notes: Sequence[Message] = ()
    columns: tuple[tuple[str, ...], str, str] = ((), "", "")
    title: str = ""
    measures: Sequence[tuple[str, str]] = ()
    rate: bool = False
    periods: Sequence[str | Period] = ()

    @property
    def temporal(self) -> bool:
        """Tell whether the axis shows time."""
        return any(place.period is not None for place in self.places)

    def values(self, series: int | None = None) -> list[tuple[int, int, Decimal]]:
        """Return the numbers that are there, with place and series, in order."""
        return [
            (x, s, cell.value)
            for (x, s), cell in sorted(self.cells.items())
            if cell.value is not None and series in (None, s)
        ]

    @property
    def withheld(self) -> int:
        """Return in how many cells the table gives no number."""
        return sum(cell.value is None for cell in self.cells.values())


@dataclass(frozen=True)
class NoChart:
    """Why there is no chart."""

    reason: Message


@dataclass(frozen=True)
class Wanted:
    """What somebody chose instead of what the portal chooses by itself; empty: by itself."""

    kind: str = ""
    measure: str = ""
    along: str = ""
    by: str = ""
    title: str = ""


class Refused(Exception):
    """What was chosen makes no honest chart: the field of the choice, and why."""

    def __init__(self, field: str, why: Message) -> None:
        super().__init__(why.msgid)
        self.field = field
        self.why = why
