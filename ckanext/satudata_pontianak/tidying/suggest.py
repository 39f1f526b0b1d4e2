"""From the sheets of a file to a recipe, with how sure each decision is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..metadata.codes import find_region
from . import blocks, columns, numbers
from . import lines as told_lines
from .applying import Tidied, keys, made, section_value
from .blocks import Block
from .columns import Seen
from .grid import Grid, Kind
from .lines import Line, Sides
from .recipe import Recipe, Use
from .words import folded, unstarred

PERCENT = "%"
UNNAMED = "nilai"
"""What figures are called that no heading names."""


@dataclass(frozen=True)
class Suggestion:
    """A recipe, the table that it makes, and how sure each decision is, from 0 to 1.

    Decisions are ``table``, ``heading``, ``numbers``, ``periods``, ``sections``, ``sums``, and
    ``column:N`` for each column of the recipe.
    """

    recipe: Recipe
    tidied: Tidied
    block: Block
    sure: Mapping[str, float]


def suggest(sheets: Sequence[Grid]) -> Suggestion | None:
    """Return a recipe for the largest table of a file's visible sheets, ``None`` without one."""
    found = [block for grid in sheets if grid.visible for block in blocks.find(grid)]
    found = [block for block in found if block.rows]
    if not found:
        return None
    found.sort(key=lambda block: -block.cells)
    second = found[1].cells / found[0].cells if len(found) > 1 else 0
    return of_block(found[0], sure=round(1 - 0.5 * second**2, 3))


def of_block(block: Block, *, sure: float = 1.0, spread: bool = True) -> Suggestion | None:
    """Return a recipe for one table.

    :param sure: how sure it is that this table is meant.
    :param spread: whether periods that stand beside one another become rows.
    """
    sides = told_lines.sides(block)
    told = told_lines.tell(block, sides)
    if Line.DATA not in told.values():
        return None
    seen = columns.see(block, sides, told)
    recipe, decided = _recipe(block, sides, told, seen, spread=spread)
    tidied = made(recipe, block)
    cells = [c for p, c in block.grid.cells.items() if p[0] in told]
    decided |= {
        "table": sure,
        "heading": 0.95 if block.head.rows else 0.5,
        "numbers": 0.95 if numbers.sign_of(cells)[1] else 0.6,
        "sums": 0.95 if _sums_are_sums(tidied.lines) else 0.8,
    }
    return Suggestion(recipe, tidied, block, decided)


def _sums_are_sums(lines: Mapping[int, Line]) -> bool:
    data = sum(line is Line.DATA for line in lines.values())
    sums = sum(line in (Line.TOTAL, Line.SUBTOTAL) for line in lines.values())
    return sums <= 0.5 * data


def _recipe(
    block: Block, sides: Sides, told: Mapping[int, Line], seen: Sequence[Seen], *, spread: bool
) -> tuple[Recipe, dict[str, float]]:
    many = columns.unpivoted(seen) if spread else ()
    units = _in_percent(block, told) | _units_below(block, told)
    uses: dict[tuple[str, int], Use] = {}
    decided: dict[str, float] = {"periods": 0.97 if many else 1.0}
    number = 0
    for one, key in zip(seen, keys(block.head, many), strict=True):
        number += 1
        if key in uses:
            if one.role != uses[key].role and uses[key].role != "measure":
                uses[key] = replace_role(uses[key], one)
            continue
        stands = bool(many) and set(many) <= {grain for grain, _ in one.named.periods}
        uses[key] = _use(one, key, number, stands=stands, spread=bool(many), units=units)
        decided[f"column:{len(uses) - 1}"] = one.sure
    section = _section(block, told)
    if section:
        decided["sections"] = 0.95
    head = block.head
    return (
        Recipe(
            version=1,
            sheet=block.grid.sheet[:200],
            first=head.first,
            last=head.last,
            left=head.columns[0],
            sign=sides.sign,
            uses=tuple(uses.values()),
            spread=many,
            section=section,
        ),
        decided,
    )


def replace_role(use: Use, seen: Seen) -> Use:
    """Return a column of many periods of which one has figures: a blank year is no text."""
    if seen.role != "measure":
        return use
    return Use(use.heading, use.nth, use.name, "measure", use.unit, spread=use.spread)


def _use(
    one: Seen,
    key: tuple[str, int],
    number: int,
    *,
    stands: bool,
    spread: bool,
    units: Mapping[int, str],
) -> Use:
    unit = (one.named.unit or units.get(one.column, "")) if one.role == "measure" else ""
    words = list(one.named.words)
    if not stands and not (spread and one.named.words):
        words += [unstarred(text) for _, text in one.named.periods if not words]
    name = " - ".join(words)[:200]
    if not name:
        name = UNNAMED if stands else f"kolom_{number}"
    total = spread and not stands and one.role == "measure" and columns.is_sum(one)
    return Use(
        heading=key[0],
        nth=key[1],
        name=name,
        role="total" if total else one.role,
        unit=unit[:200],
        fill=one.fill,
        spread=stands,
        kept=one.role != "numbering" and not total,
    )


def _units_below(block: Block, told: Mapping[int, Line]) -> dict[int, str]:
    """Return the unit of each column by the row of units below the headings."""
    grid = block.grid
    return {
        column: grid.text(row, column).strip("() ")
        for row, line in told.items()
        if line is Line.UNITS
        for column in block.head.columns
        if grid.text(row, column)
    }


def _in_percent(block: Block, told: Mapping[int, Line]) -> dict[int, str]:
    """Return the unit of the columns of which every figure is shown in percent."""
    cells = block.grid.cells
    data = [row for row, line in told.items() if line is Line.DATA]
    shown = {
        c: [cells[row, c].percent for row in data if block.grid.kind(row, c) is Kind.NUMBER]
        for c in block.head.columns
    }
    return {column: PERCENT for column, found in shown.items() if found and all(found)}


def _section(block: Block, told: Mapping[int, Line]) -> str:
    """Return the name of the column that section rows become."""
    grid, wanted = block.grid, set(block.head.columns)
    said = [
        " ".join(grid.text(row, c) for c in grid.filled(row) if c in wanted)
        for row, line in told.items()
        if line is Line.SECTION
    ]
    if not said:
        return ""
    names = [section_value(text) for text in said]
    levels = {code.level for name in names if (code := find_region(name)) is not None}
    every = all(find_region(name) is not None for name in names)
    taken = {folded(word) for path in block.head.paths for word in path}
    if every and levels == {"kecamatan"} and "kecamatan" not in taken:
        return "Kecamatan"
    return "kelompok"
