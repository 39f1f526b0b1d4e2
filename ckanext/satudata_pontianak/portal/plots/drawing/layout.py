"""Where numbers stand in a chart: along the axis, as series, in panels of their own.

Pure: knows nothing of CKAN.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ....messages import Message
from ....metadata.periods import Grain, Period
from ....metadata.roles import Role
from ....msgids import N_
from .charts import Cell, Chart, Kind, Place
from .shaping import Dimension, Long, Value

SUMMED = N_("Each number is the sum of the rows of the table that belong to it.")
SUM_WITHHELD = N_("A sum with a withheld part is withheld as well.")
LATEST = N_("Only the latest period is shown: there are too many lines for one picture.")
HIGHEST = N_("The %(shown)s highest of %(all)s are shown.")
NOT_ZERO = N_("The axis of numbers does not begin at zero.")

PERIODS = 60
"""As many positions of time are drawn as steps; beyond, as points on a scale of days."""
DAYS = 1500
LINES = 6
PANELS = 12
GROUPED = 3
BARS_OF_GROUPS = 60
ROWS_OF_PANEL = 20
COLUMNS = 12
ROWS = 40
TOP = 30
SHORT = 12
NARROW = Decimal("0.1")

Cells = Mapping[tuple[Value, ...], Cell]
Units = Mapping[tuple[str, Value], str]


def laid_out(
    long: Long,
    dimensions: Sequence[Dimension],
    cells: Cells,
    units: Units,
    kind: Kind | None,
    notes: Sequence[Message],
) -> Chart | None:
    """Return the chart of one or two dimensions, ``None`` where it would not be readable."""
    if len(dimensions) == 1:
        return _single(long, dimensions[0], cells, units, kind, notes)
    along, by = dimensions
    if kind is None and by.role is Role.PERIOD:
        along, by = by, along
        cells = {(b, a): cell for (a, b), cell in cells.items()}
    if along.role is Role.PERIOD and kind in (None, Kind.LINE):
        return _over_time(long, along, by, cells, units, kind, notes)
    return _crossed(long, along, by, cells, units, kind, notes)


def composed(
    long: Long,
    kind: Kind,
    along: Dimension,
    by: Dimension | None,
    cells: Cells,
    notes: Sequence[Message],
    *,
    fixed: Sequence[tuple[str, Value]] = (),
    panels: bool = False,
    units: Units | None = None,
) -> Chart:
    """Return a chart with its places and series in order, and its numbers put there."""
    places = list(along.order)
    if along.role is Role.PERIOD and kind is Kind.LINE:
        places = _with_gaps(places)
    series: list[Value] = list(by.order) if by is not None else [""]
    x_of = {value: n for n, value in enumerate(places)}
    s_of = {value: n for n, value in enumerate(series)}
    placed = {
        (x_of[key[0]], s_of[key[1]] if by is not None else 0): cell
        for key, cell in cells.items()
        if key[0] in x_of and (by is None or key[1] in s_of)
    }
    own = [(units or {}).get((by.name, v), "") for v in series] if by is not None else []
    shown = own if any(own) and len(set(own)) > 1 else []
    values = [c.value for c in placed.values() if c.value is not None]
    lines = [values]
    if shown:
        lines = [
            [c.value for (_, s), c in placed.items() if s == n and c.value is not None]
            for n in range(len(series))
        ]
    zero = not (kind is Kind.LINE and any(map(_is_narrow, lines)))
    told = [*notes] if zero else [*notes, Message(NOT_ZERO)]
    return Chart(
        kind=kind,
        measure=long.title,
        unit=long.unit or (own[0] if own and not shown else ""),
        along=along.title,
        by=by.title if by is not None else "",
        places=[Place(period=v) if isinstance(v, Period) else Place(text=str(v)) for v in places],
        series=series,
        cells=placed,
        panels=panels or bool(shown),
        units=shown,
        fixed=[*long.fixed, *fixed],
        zero=zero,
        notes=told,
        columns=(long.measures, along.name, by.name if by is not None else ""),
    )


def _is_narrow(values: Sequence[Decimal]) -> bool:
    """Tell whether a line from zero would be flat: it is read by its slope, not by its height."""
    if not values:
        return False
    low, high = min(values), max(values)
    return low > 0 and (high - low) < high * NARROW


def _with_gaps(places: Sequence[Value]) -> list[Value]:
    """Return all periods from the first to the last, also those that the table leaves out."""
    periods = [p for p in places if isinstance(p, Period)]
    grain = periods[0].grain
    first, last = periods[0].position, periods[-1].position
    if grain is Grain.DAY:
        return _with_missing_days(places, first, last)
    if last - first >= PERIODS:
        return list(places)
    per_year = {Grain.SEMESTER: 2, Grain.QUARTER: 4, Grain.MONTH: 12}.get(grain)
    found: list[Value] = []
    for position in range(first, last + 1):
        if per_year:
            year, part = divmod(position, per_year)
            found.append(Period(year, part + 1, 0, grain))
        else:
            found.append(Period(position, 0, 0, grain))
    return found


def _with_missing_days(places: Sequence[Value], first: int, last: int) -> list[Value]:
    """Return every day, where the table has most of them; else the days that it has."""
    if len(places) * 2 <= last - first + 1 or last - first > DAYS:
        return list(places)
    days = (dt.date.fromordinal(n) for n in range(first, last + 1))
    return [Period(day.year, day.month, day.day, Grain.DAY) for day in days]


def _single(
    long: Long,
    along: Dimension,
    cells: Cells,
    units: Units,
    kind: Kind | None,
    notes: Sequence[Message],
) -> Chart | None:
    if len(set(units.values())) > 1:
        return None  # different units on one axis
    if along.role is Role.PERIOD:
        line = kind is Kind.LINE or (kind is None and along.size > 2)
        if line:
            return composed(long, Kind.LINE, along, None, cells, notes)
        return composed(long, kind or Kind.COLUMNS, along, None, cells, notes)
    if kind is None:
        short = along.size <= COLUMNS and all(len(str(v)) <= SHORT for v in along.order)
        kind = Kind.COLUMNS if short else Kind.ROWS
    along, notes = _best_order(along, cells, notes)
    return composed(long, kind, along, None, cells, notes)


def _best_order(
    along: Dimension, cells: Cells, notes: Sequence[Message]
) -> tuple[Dimension, Sequence[Message]]:
    """Order bars: regions by their codes, steps (ages, classes) as in the table, others by size."""
    by_size = sorted(along.order, key=lambda v: _size(cells.get((v,))), reverse=True)
    order: Sequence[Value] = along.order
    if along.size > ROWS:
        order = by_size[:TOP]
        notes = [*notes, Message(HIGHEST, {"shown": TOP, "all": along.size})]
    elif along.role is Role.CATEGORY and not stepped(along.order):
        order = by_size
    return Dimension(along.name, along.title, along.values, along.role, order), notes


def _size(cell: Cell | None) -> tuple[bool, Decimal]:
    """Return what cells are ordered by; withheld ones come last."""
    known = cell is not None and cell.value is not None
    return known, (cell.value or Decimal(0)) if cell is not None else Decimal(0)


def stepped(values: Sequence[Value]) -> bool:
    """Tell whether values have an order of their own: ages, classes, levels of schools."""
    texts = [str(v).casefold() for v in values]
    numbered = sum(t[:1].isdigit() or t[:1] in "<>≤≥" for t in texts)
    known = (
        "sd",
        "smp",
        "sma",
        "smk",
        "diploma",
        "sarjana",
        "rendah",
        "sedang",
        "tinggi",
        "tidak/belum",
    )
    return numbered * 2 >= len(texts) or sum(t.startswith(known) for t in texts) * 2 >= len(texts)


def _over_time(
    long: Long,
    along: Dimension,
    by: Dimension,
    cells: Cells,
    units: Units,
    kind: Kind | None,
    notes: Sequence[Message],
) -> Chart | None:
    mixed = len({u for (name, _), u in units.items() if name == by.name}) > 1
    if along.size <= 2 and kind is None and not mixed:
        # Two moments are two bars side by side, not a line.
        turned = {(b, a): cell for (a, b), cell in cells.items()}
        if by.size <= ROWS_OF_PANEL:
            return composed(long, Kind.ROWS, by, along, turned, notes)
    elif by.size <= LINES or by.size <= PANELS:
        panels = mixed or by.size > LINES
        return composed(long, Kind.LINE, along, by, cells, notes, panels=panels, units=units)
    if mixed:
        return None
    last = along.order[-1]
    latest = {(b,): cell for (a, b), cell in cells.items() if a == last}
    order = [v for v in by.order if (v,) in latest]
    fixed = [(along.title, last)]
    by = Dimension(by.name, by.title, by.values, by.role, order)
    by, notes = _best_order(by, latest, [*notes, Message(LATEST)])
    return composed(long, Kind.ROWS, by, None, latest, notes, fixed=fixed)


def _crossed(
    long: Long,
    along: Dimension,
    by: Dimension,
    cells: Cells,
    units: Units,
    kind: Kind | None,
    notes: Sequence[Message],
) -> Chart | None:
    """Return bars side by side where there are few, else small panels with one scale."""
    if kind is None and along.size < by.size:
        along, by = by, along
        cells = {(b, a): cell for (a, b), cell in cells.items()}
    mixed = {u for (name, _), u in units.items() if name == along.name}
    if len(mixed) > 1:
        along, by = by, along
        cells = {(b, a): cell for (a, b), cell in cells.items()}
    units = {key: unit for key, unit in units.items() if key[0] == by.name}
    drawn = kind if kind in (Kind.COLUMNS, Kind.ROWS) else None
    if by.size <= GROUPED and along.size * by.size <= BARS_OF_GROUPS and not units:
        few = along.size <= 6 and all(len(str(v)) <= SHORT for v in along.order)
        return composed(
            long, drawn or (Kind.COLUMNS if few else Kind.ROWS), along, by, cells, notes
        )
    if by.size <= PANELS and along.size <= ROWS_OF_PANEL:
        return composed(long, drawn or Kind.ROWS, along, by, cells, notes, panels=True, units=units)
    if not long.additive or units:
        return None
    return _one_side(long, along, cells, kind, notes)


def _one_side(
    long: Long, along: Dimension, cells: Cells, kind: Kind | None, notes: Sequence[Message]
) -> Chart | None:
    """Return the sums by one dimension, where two are too many for a picture."""
    sums: dict[tuple[Value, ...], Cell] = {}
    for (value, _), cell in cells.items():
        before = sums.get((value,))
        if before is None:
            sums[(value,)] = cell
        elif before.value is not None:
            whole = before.value + cell.value if cell.value is not None else None
            sums[(value,)] = Cell(whole, cell.mark)
    told = [n for n in notes if n.msgid not in (SUMMED, SUM_WITHHELD)]
    told.append(Message(SUMMED))
    if any(c.value is None for c in sums.values()):
        told.append(Message(SUM_WITHHELD))
    return _single(long, along, sums, {}, kind, told)
