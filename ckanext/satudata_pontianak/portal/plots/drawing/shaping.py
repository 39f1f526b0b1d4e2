"""From columns with roles to one long list of numbers: wide tables folded, totals left out.

Pure: knows nothing of CKAN.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ....messages import Message
from ....metadata import periods
from ....metadata.periods import PARTS, Grain, Period
from ....metadata.roles import Column, Role, Seen, folded, is_total, named
from ....msgids import N_
from .charts import Cell
from .words import after_number

TOTALS = N_("Rows that hold totals (%(names)s) are left out, so that parts and totals do not mix.")
HIGHER = N_("Rows of a higher level (%(names)s) are left out, so that parts and totals do not mix.")
TOTAL_COLUMNS = N_("Columns that hold totals (%(names)s) are left out.")
_GENERIC = frozenset("jumlah total nilai banyak angka persentase rata jml harga luas".split())
_SEXES = ("laki", "perempuan", "pria", "wanita", "l", "p", "lk", "pr")
_LEVELS = ("provinsi", "kota", "kecamatan", "kelurahan")
_MAX_NAMED = 4

Value = str | Period


@dataclass(frozen=True)
class Dimension:
    """What numbers are told apart by: a column, its values row by row, and their order."""

    name: str
    title: str
    values: Sequence[Value | None]
    role: Role
    order: Sequence[Value]

    @property
    def size(self) -> int:
        """Return how many values there are."""
        return len(self.order)


@dataclass(frozen=True)
class Long:
    """Numbers in a long list, with what tells them apart.

    :ivar measures: names of the columns that the numbers come from.
    :ivar title: what is measured, ``unit`` its unit.
    :ivar cells: a number for each row, or what stands in its place.
    :ivar dimensions: what varies; ``fixed`` what is the same everywhere.
    :ivar units: the unit of each row, where the table has a column of units.
    :ivar totals: rows left out because they hold the total of exactly one dimension, by its name.
    """

    measures: tuple[str, ...]
    title: str
    unit: str
    additive: bool
    cells: Sequence[Cell]
    dimensions: Sequence[Dimension]
    fixed: Sequence[tuple[str, Value]]
    units: Sequence[str]
    notes: Sequence[Message]


def measures_of(seen: Sequence[Seen]) -> list[Seen]:
    """Return the columns that measure something and hold at least one number."""
    return [s for s in seen if s.role is Role.MEASURE and any(n is not None for n in s.numbers)]


def period_of_name(column: Column) -> Period | None:
    """Return the period that a column of numbers is for, by its name: ``2021``, ``tahun_2021``."""
    said = (column.label or column.name).replace("_", " ")
    return periods.parse(said) or periods.parse(re.sub(r"^\D+ (?=(19|20)\d\d$)", "", said))


def without_period(column: Column) -> str:
    """Return what such a column measures, empty where its name says the period alone."""
    year = re.search(r"(19|20)\d\d$", column.bare)
    said = column.bare[: year.start()].rstrip(" _") if year else column.bare
    alone = periods.parse(column.bare) is not None or named(said) is Role.PERIOD
    return "" if alone else said


def family(measures: Sequence[Seen], first: Seen) -> list[Seen]:
    """Return the measures that belong on one axis with ``first``: parts of the same thing.

    They have one unit, and their names begin with the same word that says more than "number", or
    are the two sexes, or are periods.
    """
    alike = [m for m in measures if m.unit == first.unit and m.additive == first.additive]
    if period_of_name(first.column) is not None:
        return [m for m in measures if period_of_name(m.column) is not None]
    words = {m.name: folded(m.name).split("_") for m in alike}
    own = words.get(first.name, [""])
    if own[0] in _SEXES:
        return [m for m in alike if words[m.name][0] in _SEXES and words[m.name][1:] == own[1:]] + [
            m for m in alike if words[m.name][0] in _SEXES and words[m.name][1:] != own[1:]
        ]
    if own[0] in _GENERIC or len(own) < 2:
        return [first]
    return [m for m in alike if words[m.name][0] == own[0] and len(words[m.name]) > 1]


def with_unit(seen: Sequence[Seen], unit: str) -> list[Seen]:
    """Return the columns, with the unit of the dataset for the only measure without one."""
    parts = [m for m in measures_of(seen) if not is_total_column(m)] or measures_of(seen)
    said = unit.strip()
    if not said or len(parts) != 1 or parts[0].unit or re.search(r"[;,/]", said):
        return list(seen)
    if (
        any(s.role is Role.UNIT for s in seen)
        or said.casefold() in parts[0].column.shown.casefold()
    ):
        return list(seen)
    said = "%" if said.casefold() in ("persen", "percent") else after_number(said)
    more = replace(parts[0], unit=said, additive=parts[0].additive and said != "%")
    return [more if s is parts[0] else s for s in seen]


def led_by_title(seen: Sequence[Seen], title: str) -> list[Seen]:
    """Return the columns with the measure first that the title of the dataset begins with.

    "Kepadatan Penduduk menurut Kelurahan" is about its density, wherever its column stands.
    """
    words = folded(title).split("_")
    measures = measures_of(seen)
    first = next((m for m in measures if folded(m.name).split("_")[0] == words[0]), None)
    if first is None or words[0] in _GENERIC or first is measures[0]:
        return list(seen)
    others = [s for s in seen if s is not first]
    at = next(n for n, s in enumerate(others) if s is measures[0])
    return [*others[:at], first, *others[at:]]


def is_total_column(measure: Seen) -> bool:
    """Tell whether a column holds the sum of others beside it."""
    name = folded(measure.name).replace("_", " ")
    return (is_total(name) and len(name.split()) <= 2) or name.split()[-1] in ("total", "jumlah")


def total_of(measures: Sequence[Seen], parts: Sequence[Seen]) -> Seen | None:
    """Return the column that holds in every row the sum of these, whatever it is called.

    :param measures: all measures of the table.
    :param parts: two or more of them, such as the two sexes.
    """
    if len(parts) < 2:
        return None
    for one in measures:
        if one not in parts and _sums_up(one, parts):
            return one
    return None


def _sums_up(one: Seen, parts: Sequence[Seen]) -> bool:
    whole = [
        (total, cells)
        for total, *cells in zip(one.numbers, *(p.numbers for p in parts), strict=True)
        if total is not None and not any(c is None for c in cells)
    ]
    return len(whole) > 1 and all(total == sum(cells) for total, cells in whole)


def lengthen(seen: Sequence[Seen], chosen: Sequence[Seen], seen_measures: Sequence[Seen]) -> Long:
    """Return the numbers of these measures as one long list.

    :param seen: all columns.
    :param chosen: one measure, or a family of measures that become series.
    :param seen_measures: all measures of the table, to say which columns of totals are left out.
    """
    raw = _dimensions(seen)
    keep, notes = _parts(raw, seen)
    first, count = chosen[0], len(chosen)
    cells = [
        Cell(m.numbers[row], "" if m.numbers[row] is not None else m.texts[row])
        for row in keep
        for m in chosen
    ]
    dimensions, fixed = [], []
    for name, title, values, role, order in raw:
        kept = [values[row] for row in keep for _ in chosen]
        here = {v for v in kept if v is not None}
        if len(here) > 1:
            wanted = [v for v in order if v in here]
            dimensions.append(Dimension(name, title, kept, role, wanted))
        elif len(here) == 1 and role is not Role.CATEGORY:
            fixed.append((title, here.pop()))
    units = next((s.texts for s in seen if s.role is Role.UNIT), None)
    title, unit = first.column.bare, first.unit
    if count > 1:
        dimension, title = _folded_columns(chosen, len(keep))
        dimensions.append(dimension)
        left = [m.column.bare for m in seen_measures if m not in chosen and is_total_column(m)]
        title = title or (left[0] if len(left) == 1 else "")
        if not title and (whole := total_of(seen_measures, chosen)) is not None:
            title = whole.column.bare
        if left:
            notes.append(Message(TOTAL_COLUMNS, {"names": ", ".join(left)}))
    per_row = [units[row] for row in keep for _ in chosen] if units and not unit else []
    if len(set(per_row)) == 1:
        unit, per_row = per_row[0], []
    return Long(
        measures=tuple(m.name for m in chosen),
        title=title,
        unit=unit,
        additive=first.additive and not per_row,
        cells=cells,
        dimensions=dimensions,
        fixed=fixed,
        units=per_row,
        notes=notes,
    )


def parts_of(seen: Sequence[Seen]) -> tuple[list[int], list[Message]]:
    """Return the rows that hold parts, no totals and nothing of a higher level; say what is not."""
    return _parts(_dimensions(seen), seen)


def _parts(raw: Sequence[_Raw], seen: Sequence[Seen]) -> tuple[list[int], list[Message]]:
    keep, notes = _without_totals(raw, list(range(len(seen[0].texts) if seen else 0)))
    keep, told = _one_level(raw, seen, keep)
    return keep, [*notes, *told]


def _folded_columns(chosen: Sequence[Seen], rows: int) -> tuple[Dimension, str]:
    """Return the dimension that columns make when they are folded, and what they measure."""
    named = [period_of_name(m.column) for m in chosen]
    if all(p is not None for p in named):
        order = sorted(p for p in named if p is not None)
        found = [p for _ in range(rows) for p in named]
        return Dimension("", "", found, Role.PERIOD, order), ""
    names = [m.column.bare for m in chosen]
    # The word they share stands once, as what is measured.
    shared = _shared_words(names)
    short = [n[len(shared) :].strip() or n for n in names] if shared else names
    short = [n[:1].upper() + n[1:] for n in short]
    values = [n for _ in range(rows) for n in short]
    return Dimension("", "", values, Role.CATEGORY, short), shared.strip()


def _shared_words(names: Sequence[str]) -> str:
    words = [n.split() for n in names]
    count = 0
    while all(len(w) > count + 1 for w in words) and len({w[count].casefold() for w in words}) == 1:
        count += 1
    return " ".join(words[0][:count])


_Raw = tuple[str, str, Sequence[Value | None], Role, Sequence[Value]]


def _dimensions(seen: Sequence[Seen]) -> list[_Raw]:
    """Return what may tell numbers apart, the period first; columns of year and part joined."""
    found: list[_Raw] = []
    timed = [s for s in seen if s.role is Role.PERIOD]
    year = next((s for s in timed if s.grain is Grain.YEAR), None)
    part = next(
        (s for s in timed if s.grain in PARTS and all(p is None or p.year == 0 for p in s.periods)),
        None,
    )
    if year is not None and part is not None:
        both = [
            periods.joined(y, p) if y is not None and p is not None else None
            for y, p in zip(year.periods, part.periods, strict=True)
        ]
        found.append((part.name, part.column.shown, both, Role.PERIOD, _sorted(both)))
    elif timed:
        # Of several, the finest one that stands for itself.
        one = max(timed, key=lambda s: (len(set(s.periods)), -timed.index(s)))
        found.append((one.name, one.column.shown, one.periods, Role.PERIOD, _sorted(one.periods)))
    regions = [s for s in seen if s.role is Role.REGION]
    if not regions:
        regions = [_named(s) for s in seen if s.role is Role.REGION_CODE][-1:]
    found += [(r.name, r.column.shown, _texts(r), Role.REGION, _by_code(r)) for r in regions]
    for other in seen:
        if other.role is Role.CATEGORY:
            order = list(dict.fromkeys(t for t in other.texts if t))
            found.append((other.name, other.column.shown, _texts(other), Role.CATEGORY, order))
    return found


def periods_by_row(seen: Sequence[Seen]) -> Sequence[Value | None]:
    """Return the period of each row; none where no column says it."""
    timed = next((values for _, _, values, role, _ in _dimensions(seen) if role is Role.PERIOD), ())
    return timed or [None] * (len(seen[0].texts) if seen else 0)


def keys_by_row(seen: Sequence[Seen]) -> list[tuple[Value | None, ...]]:
    """Return what tells each row apart."""
    found = [values for _, _, values, _, _ in _dimensions(seen)]
    return list(zip(*found, strict=True)) if found else [()] * (len(seen[0].texts) if seen else 0)


def _texts(seen: Seen) -> list[Value | None]:
    return [t or None for t in seen.texts]


def _sorted(found: Sequence[Period | None]) -> list[Value]:
    return sorted({p for p in found if p is not None})


def _named(seen: Seen) -> Seen:
    """Return regions that stand as codes only, with their names."""
    names = {t: place.name for t, place in seen.places.items()}
    twice = {n for n, count in Counter(names.values()).items() if count > 1}
    shown = {t: t if n in twice else n for t, n in names.items()}
    places = {shown[t]: place for t, place in seen.places.items()}
    return replace(seen, texts=[shown.get(t, t) for t in seen.texts], places=places)


def _by_code(seen: Seen) -> list[Value]:
    """Return regions in administrative order; what is not known follows in the table's order."""
    texts = list(dict.fromkeys(t for t in seen.texts if t))
    known = sorted((t for t in texts if t in seen.places), key=lambda t: seen.places[t].code)
    return [*known, *(t for t in texts if t not in seen.places)]


def quoted(names: Sequence[str]) -> str:
    """Return names as a note has them: the first few, in quotes."""
    short = list(dict.fromkeys(names))
    more = " …" if len(short) > _MAX_NAMED else ""
    return ", ".join(f"“{n}”" for n in short[:_MAX_NAMED]) + more


def _without_totals(raw: Sequence[_Raw], keep: list[int]) -> tuple[list[int], list[Message]]:
    """Leave out rows whose text says that they sum up others, where there are others."""
    names: list[str] = []
    for _name, _title, values, role, _order in raw:
        if role is Role.PERIOD:
            continue
        total = {v for row in keep if isinstance(v := values[row], str) and is_total(v)}
        parts = {v for row in keep if (v := values[row]) is not None} - total
        if total and len(parts) > 1:
            names += sorted(total)
            keep = [row for row in keep if values[row] not in total]
    return keep, [Message(TOTALS, {"names": quoted(names)})] if names else []


def _one_level(
    raw: Sequence[_Raw], seen: Sequence[Seen], keep: list[int]
) -> tuple[list[int], list[Message]]:
    """Keep regions of one level: the city does not stand beside its districts."""
    names: list[str] = []
    by_name = {s.name: s for s in seen if s.places}
    for name, _title, values, role, _order in raw:
        region = by_name.get(name)
        if role is not Role.REGION or region is None:
            continue
        places = {p.name: p for p in region.places.values()} | region.places
        levels = {
            v: places[v].level for row in keep if isinstance(v := values[row], str) and v in places
        }
        present = [level for level in _LEVELS if level in levels.values()]
        if len(present) < 2:
            continue
        upper = {v for v, level in levels.items() if level != present[-1]}
        if len(upper) < len(levels):
            names += [v for v in levels if v in upper]
            keep = [row for row in keep if values[row] not in upper]
    return keep, [Message(HIGHER, {"names": quoted(names)})] if names else []


def numbers_of(long: Long) -> list[Decimal]:
    """Return the numbers that are there."""
    return [c.value for c in long.cells if c.value is not None]
