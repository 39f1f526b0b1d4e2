"""Which chart a table gets by itself, or why it gets none.

Pure: knows nothing of CKAN. The rules, in short: time is a line, in order and with its gaps;
everything else is bars that begin at zero; nothing is stacked; numbers of different units never
share an axis; what is withheld stays withheld, also in sums; and where no honest chart is found,
the reason stands in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ...messages import Message
from ...metadata.roles import Role, Seen
from ...msgids import N_
from .drawing import shaping
from .drawing.charts import Cell, Chart, Kind, NoChart, Refused, Wanted
from .drawing.histogram import histogram
from .drawing.layout import PERIODS, SUM_WITHHELD, SUMMED, laid_out
from .drawing.shaping import Dimension, Long, Value

NO_ROWS = N_("The table has no rows.")
NO_MEASURE = N_("No measure was found: no column of this table holds quantities.")
ALL_WITHHELD = N_("The table withholds every number of this measure.")
ONE_NUMBER = N_("The table holds only one number: a picture would show nothing more.")
REPEATED = N_(
    "Several rows stand for the same thing, and their numbers (%(measure)s) may not be added up."
)
TOO_MANY = N_("The table divides its numbers by too many columns to be shown in one picture.")
MIXED = N_("The numbers have different units and nothing that tells them apart.")
UNKNOWN_COLUMN = N_("There is no such column, or it does not hold what is needed here.")
NOT_MEASURE = N_("This column holds no quantities.")
NO_TIME = N_("A line needs a column of periods along its axis.")
SAME_COLUMN = N_("Axis and series need two different columns.")
NOT_ADDED = N_(
    "With these columns several rows stand for the same thing, and their numbers may not be "
    "added up."
)
ENOUGH_FOR_HISTOGRAM = 20


def choose(seen: Sequence[Seen], wanted: Wanted | None = None) -> Chart | NoChart:
    """Return the chart of a table.

    :param seen: the columns with their roles.
    :param wanted: what somebody chose; ``None``, or empty fields: by the rules.
    :raises Refused: what was chosen makes no honest chart.
    """
    asked = wanted or Wanted()
    if not seen or not seen[0].texts:
        return NoChart(Message(NO_ROWS))
    measures = shaping.measures_of(seen)
    if not measures:
        return NoChart(Message(NO_MEASURE))
    parts = _of_parts(measures)
    if asked.measure:
        first = next((m for m in measures if m.name == asked.measure), None)
        if first is None:
            raise Refused("measure", Message(NOT_MEASURE))
        candidates = [[first]]
        if not (asked.along or asked.by) and not _crowded(seen, _family(parts, first), measures):
            candidates.insert(0, _family(parts, first))
    else:
        parted = _family(parts, parts[0])
        candidates = [parted, *([m] for m in parts)]
        if _crowded(seen, parted, measures):
            # Their sum would be drawn under no name of its own: the column that holds it has one.
            total = shaping.total_of(measures, parted)
            candidates = [[m] for m in [*([total] if total else []), *parts]]
    listed = tuple((m.name, m.column.shown) for m in measures)
    answer: Chart | NoChart = NoChart(Message(NO_MEASURE))
    reason: NoChart | None = None
    for chosen in candidates:
        long = shaping.lengthen(seen, chosen, measures)
        answer = _chart_of(long, asked)
        if isinstance(answer, Chart):
            return replace(answer, measures=listed, title=asked.title)
        reason = reason or answer
    return reason or answer


def together(seen: Sequence[Seen], measure: str) -> list[Seen]:
    """Return the columns that are drawn for a measure: it alone, or with what belongs to it."""
    measures = shaping.measures_of(seen)
    first = next((m for m in measures if m.name == measure), None)
    return _family(_of_parts(measures), first) if first is not None else []


def _of_parts(measures: list[Seen]) -> list[Seen]:
    return [m for m in measures if not shaping.is_total_column(m)] or measures


def _family(parts: Sequence[Seen], first: Seen) -> list[Seen]:
    if first not in parts:
        return [first]
    found = shaping.family(parts, first)
    return found if 1 < len(found) <= PERIODS else [first]


def _crowded(seen: Sequence[Seen], family: list[Seen], measures: list[Seen]) -> bool:
    """Tell whether columns that belong together would be added up, since no series is left."""
    if len(family) < 2 or shaping.period_of_name(family[0].column) is not None:
        return False
    return len(without_determined(shaping.lengthen(seen, family, measures).dimensions)) > 2


def _chart_of(long: Long, asked: Wanted) -> Chart | NoChart:
    """Return the chart of one measure, or of several that belong together."""
    if not shaping.numbers_of(long):
        return NoChart(Message(ALL_WITHHELD))
    by_hand = bool(asked.along or asked.by)
    if by_hand:
        dimensions = _asked_for(long.dimensions, asked)
    else:
        dimensions = without_determined(long.dimensions)
    if not dimensions:
        return _without_dimensions(long)
    units = unit_by_value(long, dimensions)
    if long.units and units is None:
        return NoChart(Message(MIXED))
    if len(dimensions) > 2:
        if not long.additive:
            return NoChart(Message(TOO_MANY))
        dimensions = _two_of(dimensions)
    cells, notes = gathered(long, dimensions)
    if cells is None:
        if by_hand:
            raise Refused("along", Message(NOT_ADDED))
        return _repeated(long, dimensions)
    if sum(c.value is not None for c in cells.values()) < 2:
        return NoChart(Message(ONE_NUMBER))
    kind = Kind(asked.kind) if asked.kind else None
    if kind is Kind.LINE and dimensions[0].role is not Role.PERIOD:
        raise Refused("kind", Message(NO_TIME))
    chart = laid_out(long, dimensions, cells, units or {}, kind, [*long.notes, *notes])
    return chart if chart is not None else NoChart(Message(TOO_MANY))


def _asked_for(dimensions: Sequence[Dimension], asked: Wanted) -> list[Dimension]:
    """Return the columns that somebody chose for axis and series."""
    by_name = {d.name: d for d in dimensions if d.name}
    if asked.along and asked.along == asked.by:
        raise Refused("by", Message(SAME_COLUMN))
    found = []
    for field, name in (("along", asked.along), ("by", asked.by)):
        if name:
            if name not in by_name:
                raise Refused(field, Message(UNKNOWN_COLUMN))
            found.append(by_name[name])
    if not asked.along:
        rest = [d for d in without_determined(dimensions) if d.name != asked.by]
        if not rest:
            raise Refused("by", Message(UNKNOWN_COLUMN))
        found.insert(0, rest[0])
    return found


def without_determined(dimensions: Sequence[Dimension]) -> list[Dimension]:
    """Leave out what another column says already, as a code beside a name.

    Of two that say the same, regions stay before categories, and longer texts.
    """
    kept = list(dimensions)
    for one in sorted(dimensions, key=_worth):
        others = [d for d in kept if d is not one and d.role is not Role.PERIOD]
        if one.role is Role.PERIOD or one not in kept:
            continue
        if any(determines(other, one) for other in others):
            kept.remove(one)
    return kept


def _worth(dimension: Dimension) -> tuple[bool, int]:
    return dimension.role is Role.REGION, sum(len(str(v)) for v in dimension.order)


def determines(one: Dimension, other: Dimension) -> bool:
    """Tell whether each value of ``one`` always comes with the same value of ``other``."""
    pairs = set(zip(one.values, other.values, strict=True))
    return len(pairs) == len({a for a, _ in pairs})


def unit_by_value(
    long: Long, dimensions: Sequence[Dimension]
) -> dict[tuple[str, Value], str] | None:
    """Return the unit of each value of the dimension that decides it; ``None`` without one."""
    if not long.units:
        return {}
    for dimension in dimensions:
        if dimension.role is Role.PERIOD:
            continue
        pairs = set(zip(dimension.values, long.units, strict=True))
        if len(pairs) == len({a for a, _ in pairs}):
            return {(dimension.name, value): unit for value, unit in pairs if value is not None}
    return None


def _two_of(dimensions: Sequence[Dimension]) -> list[Dimension]:
    """Return the two that say most: time, regions, then what has few values; others are summed."""
    ranked = sorted(
        dimensions,
        key=lambda d: (d.role is not Role.PERIOD, d.role is not Role.REGION, not d.name, d.size),
    )
    return [d for d in dimensions if d in ranked[:2]]


def gathered(
    long: Long, dimensions: Sequence[Dimension]
) -> tuple[dict[tuple[Value, ...], Cell] | None, list[Message]]:
    """Return a cell for each combination of values, and what was reckoned for it.

    ``None`` where numbers would have to be added up that may not be. A sum of which one part is
    withheld is withheld: it would tell more than the table does, or less than it says.
    """
    groups: dict[tuple[Value, ...], list[Cell]] = {}
    for row, cell in enumerate(long.cells):
        key = tuple(v for d in dimensions if (v := d.values[row]) is not None)
        if len(key) == len(dimensions):
            groups.setdefault(key, []).append(cell)
    cells = {key: _sum(found) for key, found in groups.items()}
    if not any(len(found) > 1 for found in groups.values()):
        return cells, []
    if not long.additive:
        return None, []
    hidden = any(c.value is None for c in cells.values())
    return cells, [Message(SUMMED), *([Message(SUM_WITHHELD)] if hidden else [])]


def _sum(cells: Sequence[Cell]) -> Cell:
    hidden = next((c for c in cells if c.value is None), None)
    if hidden is not None:
        return hidden
    return Cell(sum((c.value for c in cells if c.value is not None), Decimal(0)))


def _without_dimensions(long: Long) -> Chart | NoChart:
    if len(shaping.numbers_of(long)) <= 1:
        return NoChart(Message(ONE_NUMBER))
    return _repeated(long, [])


def _repeated(long: Long, dimensions: Sequence[Dimension]) -> Chart | NoChart:
    """Return how often numbers of each size occur, where rows are many and told apart by little."""
    if len(dimensions) < 2 and len(shaping.numbers_of(long)) >= ENOUGH_FOR_HISTOGRAM:
        chart = histogram(long, long.notes)
        if chart is not None:
            return chart
    return NoChart(Message(REPEATED, {"measure": long.title}))


def columns_for(seen: Iterable[Seen]) -> Mapping[str, list[tuple[str, str]]]:
    """Return which columns may be chosen for what, as name and text for people."""
    found: dict[str, list[tuple[str, str]]] = {"measure": [], "along": [], "by": []}
    for one in seen:
        said = (one.name, one.column.shown)
        if one.role is Role.MEASURE:
            found["measure"].append(said)
        elif one.role in (Role.PERIOD, Role.REGION, Role.CATEGORY):
            found["along"].append(said)
            found["by"].append(said)
    return found
