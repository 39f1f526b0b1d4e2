"""Whether a table of districts or villages can be drawn as a map, and with which numbers.

Pure: knows nothing of CKAN. A map shows one number for each region, of the latest period. Where a
table does not fit, the reason is said at the field of the choice that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ...messages import Message
from ...metadata.periods import Period
from ...metadata.rates import is_rate
from ...metadata.roles import Place as Known
from ...metadata.roles import Role, Seen
from ...msgids import N_
from . import choosing
from .drawing import layout, shaping
from .drawing.charts import Cell, Chart, Kind, NoChart, Refused, Wanted
from .drawing.shapes import LEVELS, Shapes
from .drawing.shaping import Dimension, Long, Value

NO_SHAPES = N_("The portal knows no shapes of regions, so that no map can be drawn.")
NO_REGIONS = N_("A map needs a column of districts or villages.")
ONE_EACH = N_("A map shows one number for each region: nothing else is told apart in it.")
SEVERAL = N_(
    "The table holds several numbers for a region, and they (%(measure)s) may not be added up."
)
FEW_SHAPES = N_("The shapes of %(known)s of %(all)s regions are known: too few for a map.")
NOT_ABOVE_ZERO = N_("Circles on a map show amounts above zero; this column holds other numbers.")

NORTH = N_("North is up.")
LAST_ONLY = N_("The map shows the latest period of the table.")
NO_PERIOD = N_("The table has no numbers of this period.")
OF_PERIOD = N_("The map shows the period that was asked for.")
UNPLACED = N_("No shape is known of %(names)s: the data table alone has their numbers.")
CIRCLES = N_(
    "The area of a circle stands for the number. Regions are not coloured, because the largest "
    "region would look like the largest number."
)


def choose(seen: Sequence[Seen], wanted: Wanted | None, shapes: Shapes) -> Chart | NoChart:
    """Return the chart of a table, or the map where one is wanted; as :func:`.choosing.choose`.

    :raises Refused: what was chosen makes no honest chart.
    """
    if wanted is not None and wanted.kind == Kind.MAP:
        return mapped(seen, wanted, shapes)
    return choosing.choose(seen, wanted)


def key_of(value: Value) -> str:
    """Return how an address names a period: 2025, 2025-03 or 2025-03-31."""
    if not isinstance(value, Period):
        return str(value)
    parts = [
        f"{value.year:04}" if value.year else "",
        *(f"{n:02}" for n in (value.part, value.day) if n),
    ]
    return "-".join(part for part in parts if part)


def mapped(seen: Sequence[Seen], asked: Wanted, shapes: Shapes, period: str = "") -> Chart:
    """Return the chart of a map: a place for each region, with its code.

    :param seen: the columns with their roles.
    :param asked: measure and column of regions, if they were chosen, and a title.
    :param shapes: where regions lie.
    :param period: the one whose numbers are shown, as :func:`key_of` names it; else the latest.
    :raises Refused: no map can be drawn, and why.
    """
    if not shapes.regions:
        raise Refused("kind", Message(NO_SHAPES))
    if asked.by:
        raise Refused("by", Message(ONE_EACH))
    measures = shaping.measures_of(seen)
    if not measures:
        raise Refused("measure", Message(choosing.NO_MEASURE))
    refused: Refused | None = None
    for chosen in _candidates(measures, asked.measure):
        try:
            chart = _of(seen, chosen, measures, asked.along, shapes, period)
        except Refused as problem:
            refused = refused or problem
            continue
        listed = tuple((m.name, m.column.shown) for m in measures)
        return replace(chart, measures=listed, title=asked.title)
    raise refused or Refused("measure", Message(choosing.NOT_MEASURE))


def _candidates(measures: Sequence[Seen], name: str) -> Iterator[list[Seen]]:
    """Give what may be drawn, the best first: whole amounts before their parts.

    Columns that are periods belong together; other columns stand for themselves.
    """
    whole = [m for m in measures if shaping.is_total_column(m)]
    if measures:
        total = shaping.total_of(measures, shaping.family(measures, measures[0]))
        whole += [total] if total is not None and total not in whole else []
    found = [*whole, *(m for m in measures if m not in whole)]
    for one in (m for m in found if name in ("", m.name)):
        if shaping.period_of_name(one.column) is not None:
            yield shaping.family(measures, one)
        yield [one]


def _of(
    seen: Sequence[Seen],
    chosen: list[Seen],
    measures: Sequence[Seen],
    along: str,
    shapes: Shapes,
    period: str,
) -> Chart:
    long = shaping.lengthen(seen, chosen, measures)
    if long.units:
        raise Refused("measure", Message(choosing.MIXED))
    known = _known(seen)
    dimensions = [
        d
        for d in long.dimensions
        if d.role is Role.REGION and along in ("", d.name) and _level(d, known)
    ]
    if not dimensions:
        raise Refused("along" if along else "kind", Message(NO_REGIONS))
    rate = is_rate(chosen[0].column, long.unit)
    refused: Refused | None = None
    # Villages before districts: what is added up says less.
    for one in sorted(dimensions, key=lambda d: LEVELS.index(_level(d, known)), reverse=True):
        try:
            return _along(long, one, known, shapes, period, rate=rate)
        except Refused as problem:
            refused = refused or problem
    raise refused or Refused("kind", Message(NO_REGIONS))


def _known(seen: Sequence[Seen]) -> dict[str, Known]:
    """Return the regions of a table by what stands in it, or by their names."""
    found: dict[str, Known] = {}
    for one in seen:
        if one.role in (Role.REGION, Role.REGION_CODE):
            found = {p.name: p for p in one.places.values()} | found | one.places
    return found


def _level(dimension: Dimension, known: Mapping[str, Known]) -> str:
    """Return the level of the regions of a column, empty where they have none or several."""
    levels = {known[v].level for v in dimension.order if isinstance(v, str) and v in known}
    return levels.pop() if len(levels) == 1 and levels <= set(LEVELS) else ""


def _along(
    long: Long,
    along: Dimension,
    known: Mapping[str, Known],
    shapes: Shapes,
    period: str,
    *,
    rate: bool,
) -> Chart:
    """Return the map along one column of regions.

    :raises Refused: too few shapes are known, or the numbers make no map.
    """
    timed = [d for d in long.dimensions if d.role is Role.PERIOD]
    periods = tuple(timed[0].order) if timed else ()
    if period and period not in {key_of(value) for value in periods}:
        raise Refused("period", Message(NO_PERIOD))
    long, fixed = _latest(long, period)
    along = next(d for d in long.dimensions if d.name == along.name)
    cells, notes = choosing.gathered(long, [along])
    if cells is None:
        raise Refused("measure", Message(SEVERAL, {"measure": long.title}))
    names = [v for v in along.order if isinstance(v, str)]
    codes = {v: known[v].code for v in names if v in known}
    if len(set(codes.values())) < len(codes):  # one region, written in two ways
        raise Refused("measure", Message(SEVERAL, {"measure": long.title}))
    unplaced = [v for v in names if codes.get(v) not in shapes.regions]
    count = along.size - len(unplaced)
    if count * 3 < along.size * 2:
        raise Refused("kind", Message(FEW_SHAPES, {"known": count, "all": along.size}))
    _check_numbers([cells[v,] for v in names if v not in unplaced], rate=rate)
    told = [*long.notes, *notes, Message(NORTH)]
    if fixed:
        told.append(Message(OF_PERIOD if period else LAST_ONLY))
    if not rate:
        told.append(Message(CIRCLES))
    if unplaced:
        told.append(Message(UNPLACED, {"names": shaping.quoted(unplaced)}))
    chart = layout.composed(long, Kind.MAP, along, None, cells, told, fixed=fixed)
    places = [replace(p, region=codes.get(p.text, "")) for p in chart.places]
    return replace(chart, places=places, rate=rate, periods=periods)


def _latest(long: Long, period: str) -> tuple[Long, list[tuple[str, Value]]]:
    """Return the rows of the latest period, or of the one that is named, and which one that is."""
    fixed: list[tuple[str, Value]] = []
    for timed in [d for d in long.dimensions if d.role is Role.PERIOD]:
        named = [value for value in timed.order if key_of(value) == period]
        last = named[0] if named else timed.order[-1]
        fixed.append((timed.title, last))
        values = next(d for d in long.dimensions if d.name == timed.name).values
        rows = [n for n, value in enumerate(values) if value == last]
        dimensions = []
        for one in long.dimensions:
            kept = [one.values[n] for n in rows]
            here = set(kept)
            dimensions.append(replace(one, values=kept, order=[v for v in one.order if v in here]))
        long = replace(long, cells=[long.cells[n] for n in rows], dimensions=dimensions)
    return long, fixed


def _check_numbers(cells: Sequence[Cell], *, rate: bool) -> None:
    """Refuse what would be a map of nothing.

    :raises Refused: fewer than two numbers are on the map, or circles cannot show them.
    """
    values = [c.value for c in cells if c.value is not None]
    if not values:
        raise Refused("measure", Message(choosing.ALL_WITHHELD))
    if len(values) < 2:
        raise Refused("measure", Message(choosing.ONE_NUMBER))
    if not rate and (min(values) < 0 or max(values) == 0):
        raise Refused("measure", Message(NOT_ABOVE_ZERO))
