"""What each column is for, by its heading and its values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..metadata import periods, roles
from ..metadata.codes import find_region
from ..metadata.periods import Grain, Period
from . import numbers
from .blocks import Block
from .definition import definition
from .grid import Cell, Kind
from .lines import Line, Sides
from .words import folded, is_total, period_of

Role = Literal[
    "numbering",
    "region",
    "period",
    "date",
    "category",
    "code",
    "text",
    "unit",
    "measure",
    "total",
]
SPOKEN = {
    Grain.YEAR: "tahun",
    Grain.SCHOOL_YEAR: "tahun ajaran",
    Grain.SEMESTER: "semester",
    Grain.QUARTER: "triwulan",
    Grain.MONTH: "bulan",
}
_GENERIC = frozenset("tahun bulan semester triwulan periode tahun_anggaran".split())
_WITH_YEAR = re.compile(
    r"[\s,]+(?:pada\s+)?(?:(?:tahun|thn|th\.?)\s*)?((?:19|20)\d\d)\s*(?:\*+\)?)?$", re.I
)
_BRACKET = re.compile(r"\s*[(\[]\s*([^()\[\]]{1,30})\s*[)\]]\s*$")
_PARTS = re.compile(r"l|p|lk|pr|laki-laki|perempuan|negeri|swasta|total|jumlah|\d+|\*+", re.I)
_WEEKDAY = re.compile(r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu)\s*[,/]\s*", re.I)
_CODES = re.compile(r"\d\d(?:\.\d\d){1,2}(?:\.\d{4})?|0\d+")
_REGIONS = ("kecamatan", "kelurahan", "desa", "wilayah", "daerah")


@dataclass(frozen=True)
class Named:
    """What the headings above a column say: its name, unit, the periods, and the year beside."""

    words: tuple[str, ...]
    unit: str
    periods: tuple[tuple[Grain, str], ...]


@dataclass(frozen=True)
class Seen:
    """A column: what it is for, how sure that is, and whether blanks take the value above."""

    column: int
    named: Named
    role: Role
    sure: float
    fill: bool = False


def name(path: Sequence[str]) -> Named:
    """Take unit and periods out of the headings above a column."""
    words: list[str] = []
    told: list[tuple[Grain, str]] = []
    unit = ""
    for heading in path:
        period = period_of(heading)
        if period is not None:
            told.append((period.grain, heading))
            continue
        text, found = without_unit(heading)
        if year := _WITH_YEAR.search(text):
            told.append((Grain.YEAR, year[1]))
            text, again = without_unit(text[: year.start()])
            found = found or again
        unit = found or unit
        words.append(text)
    if told:
        words = [w for w in words if folded(w).replace(" ", "_") not in _GENERIC]
    return Named(tuple(w for w in words if w), unit, tuple(told))


def without_unit(heading: str) -> tuple[str, str]:
    """Return a heading without the unit in brackets at its end, and the unit."""
    found = _BRACKET.search(heading)
    if found is None or _PARTS.fullmatch(found[1].strip()) or period_of(found[1]):
        return heading.strip(), ""
    return heading[: found.start()].strip(), found[1].strip()


def known_unit(text: str) -> bool:
    """Tell whether a text is a unit: one of the list, or a ratio of words."""
    said = _folded(text)
    listed = {_folded(unit) for unit in definition().units}
    return said in listed or " per " in said or "/" in said


def _folded(unit: str) -> str:
    # "km²" is written "km2" as well.
    return unicodedata.normalize("NFKC", unit).casefold().strip()


def see(block: Block, sides: Sides, told: dict[int, Line]) -> list[Seen]:
    """Return each column of a block with what it is for."""
    grid, head = block.grid, block.head
    data = [row for row, line in told.items() if line is Line.DATA]
    found: list[Seen] = []
    for place, column in enumerate(head.columns):
        named = name(head.paths[place])
        if column == sides.number:
            found.append(Seen(column, named, "numbering", 0.97))
            continue
        fill = place + 1 < len(head.columns) and _fills(block, column, data)
        cells = [grid.cells[row, column] for row in data if (row, column) in grid.cells]
        role, sure = _role(named, cells, sides)
        found.append(Seen(column, named, role, sure, fill and role != "measure"))
    return found


def _role(named: Named, cells: Sequence[Cell], sides: Sides) -> tuple[Role, float]:
    last = folded(named.words[-1]) if named.words else ""
    first = last.split(" ")[0]
    texts = [cell.text for cell in cells]
    if last in ("satuan", "unit", "satuan ukur") and not any(map(numbers.looks_like, cells)):
        return "unit", 0.95
    if cells and all(day(cell) for cell in cells):
        return "date", 0.97
    if first == "kode" or (texts and all(_CODES.fullmatch(t.strip()) for t in texts)):
        return "code", 0.95
    if roles.named(last) is roles.Role.PERIOD or (
        cells and all(period_of(t) for t in texts) and not all(t.isdigit() for t in texts)
    ):
        return "period", 0.95
    if first in _REGIONS or (last.startswith("nama ") and last.split(" ")[1] in _REGIONS):
        return "region", 0.97
    read = [numbers.read(cell, sides.sign) for cell in cells]
    figures = [r for r in read if r]
    if figures and all(r is not None for r in read):
        return "measure", 0.97
    if texts and sum(find_region(t) is not None for t in texts) >= 0.8 * len(texts):
        return "region", 0.85
    if len(figures) >= 0.6 * len(cells) and cells:
        return "text", 0.5
    return ("category", 0.8) if len(set(texts)) < len(texts) or not texts else ("text", 0.8)


def _fills(block: Block, column: int, data: Sequence[int]) -> bool:
    """Tell whether blanks of a column mean the value above: joined cells, or groups of rows."""
    grid = block.grid
    if not data or (data[0], column) not in grid.cells:
        return False
    blank = [row for row in data if (row, column) not in grid.cells]
    if not blank:
        return False
    if all((row, column) in grid.joined_down for row in blank):
        return True
    # Every row has another label to the right.
    place = block.head.columns.index(column)
    after = block.head.columns[place + 1]
    following = sum((row, after) in grid.cells for row in blank)
    values = [grid.text(r, column) for r in data if (r, column) in grid.cells]
    return (
        following == len(blank)
        and len(blank) >= 0.4 * len(data)
        and len(set(values)) == len(values)
        and not numbers.looks_like(grid.cells.get((data[0], after)))
    )


def day(cell: Cell) -> str | None:
    """Return the day that a cell names as 2025-12-31, ``None`` where it names none."""
    if cell.kind is Kind.DATE:
        return cell.text
    if cell.kind is not Kind.TEXT:
        return None
    found = periods.parse(_WEEKDAY.sub("", cell.text.strip()))
    if found is None or found.grain is not Grain.DAY:
        return None
    return f"{found.year:04}-{found.part:02}-{found.day:02}"


def unpivoted(seen: Sequence[Seen]) -> tuple[Grain, ...]:
    """Return the kinds of periods that stand beside one another, none where only one does.

    Each name has several periods, and no period twice; "target 2025" beside "realisasi 2024" are
    two columns.
    """
    told: dict[Grain, set[Period | None]] = {}
    for column in seen:
        for grain, text in column.named.periods:
            told.setdefault(grain, set()).add(period_of(text))
    many = {grain for grain, found in told.items() if len(found) > 1}
    by_name: dict[tuple[str, ...], list[tuple[Period | None, ...]]] = {}
    for column in seen:
        grains = dict(column.named.periods)
        if many and many <= set(grains):
            words = tuple(folded(word) for word in column.named.words)
            periods_ = tuple(period_of(text) for grain, text in grains.items() if grain in many)
            by_name.setdefault(words, []).append(periods_)
    apart = all(len(found) == len(set(found)) > 1 for found in by_name.values())
    return tuple(sorted(many, key=list(Grain).index)) if by_name and apart else ()


def is_sum(seen: Seen) -> bool:
    """Tell whether a column's heading says that it is the sum of those beside it."""
    return bool(seen.named.words) and is_total(seen.named.words[-1])
