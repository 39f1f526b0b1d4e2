"""The same figure in two datasets: of one concept, measure, region, period and group. Pure.

Only figures whose dataset names its concept are compared: a heading such as "jumlah" says nothing.
Of a figure that stands twice in a table, or whose period or region is not certain, nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .. import formats, periods, roles
from ..periods import Period
from ..roles import Column, Role, Seen
from .plausible import read_rows

Name = tuple[str, ...]
"""What makes two figures the same one."""

_COUNTED = frozenset({"jumlah", "total", "jml", "banyak", "banyaknya", "nilai", "angka"})
_PEOPLE = frozenset({"jiwa", "orang"})


@dataclass(frozen=True)
class Cell:
    """A figure of a table: the number of its row from 1, its heading, and when it is of."""

    row: int
    column: str
    number: Decimal
    when: Period


def cells(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], concept: str, years: str = ""
) -> Mapping[Name, Cell]:
    """Return the figures of a table by what makes them the same in another.

    :param rows: every cell a text, empty where it is empty.
    :param concept: that of the dataset; without it nothing is compared.
    :param years: of the dataset; one year counts where the table has no column of periods.
    """
    about = _words(concept)
    if not about:
        return {}
    table = read_rows(columns, rows)
    told = any(one.role is Role.PERIOD for one in table.seen)
    whole = None if told else _year(years)
    regions = [one for one in table.seen if one.role in (Role.REGION, Role.REGION_CODE)]
    groups = [one for one in table.seen if one.role in (Role.CATEGORY, Role.CODE)]
    found: dict[Name, Cell | None] = {}
    for row in range(table.count):
        when = table.when[row] if told else whole
        places = {p.code for one in regions if (p := one.places.get(one.texts[row])) is not None}
        place = _narrowest(places)
        if when is None or place is None:
            continue
        beside = sorted(
            text.casefold()
            for one in groups
            if (text := one.texts[row].strip()) and not roles.is_total(text)
        )
        for one in table.measures():
            number = one.numbers[row]
            if number is None or one.name.isdigit():
                continue
            name = (*_measure(one, about), place, when.grain.value, str(when.position), *beside)
            cell = Cell(row + 1, one.column.shown, number, when)
            found[name] = None if name in found else cell
    return {name: cell for name, cell in found.items() if cell is not None}


def differ(one: Decimal, other: Decimal) -> bool:
    """Tell whether two figures differ by more than one of them being rounded explains."""
    places = [max(-int(n.as_tuple().exponent), 0) for n in (one, other)]
    allowed = Decimal(0) if places[0] == places[1] else Decimal(5).scaleb(-min(places) - 1)
    return abs(one - other) > allowed


def _narrowest(codes: set[str]) -> str | None:
    """Return the code of the region that lies in all others; ``None`` where two are apart."""
    longest = max(codes, key=len, default=None)
    return longest if longest and all(longest.startswith(code) for code in codes) else None


def _year(text: str) -> Period | None:
    try:
        first, last = formats.years(text)
    except formats.Malformed:
        return None
    return periods.parse(str(first)) if first == last else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in roles.folded(text).split("_") if word and word not in _COUNTED)


def _measure(column: Seen, about: tuple[str, ...]) -> tuple[str, str, str]:
    unit = "" if column.unit in _PEOPLE else column.unit
    said = [w for w in _words(column.name) if w not in _PEOPLE and w not in about]
    return " ".join(about), " ".join(said), unit
