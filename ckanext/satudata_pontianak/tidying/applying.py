"""Applies a recipe to the sheets of a file: a tidy table and what was left out, or a question."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from ..messages import Message
from ..metadata.codes import find_region
from ..metadata.periods import Grain
from ..msgids import N_
from . import blocks, columns, numbers, outside
from . import lines as told_lines
from .blocks import Block
from .columns import SPOKEN, Named
from .definition import definition
from .grid import Grid, Place
from .headings import Head
from .lines import Line, Sides
from .months import MONTHS
from .recipe import Recipe, Use
from .words import folded, period_of, unstarred

_DIGITS = re.compile(r"\d+")
_BEFORE_DISTRICT = re.compile(
    r"^(?:(?:[a-z]|[ivxl]{1,6}|\d{1,2})[.)]?\s+)?(?:kecamatan|kec\.?)\s+", re.IGNORECASE
)

_MOVED = N_(
    "The heading of the table stands in row %(row)s, and stood in row %(before)s. Is it the same"
    " table?"
)
_NO_TABLE = N_("No table with these columns was found. Which row is its heading?")
_COLUMNS = N_(
    "The columns differ from those of the recipe. New: %(new)s. Missing: %(missing)s. What becomes"
    " of them?"
)


@dataclass(frozen=True)
class Field:
    """A column of the tidy table."""

    name: str
    role: str
    unit: str = ""


@dataclass(frozen=True)
class Left:
    """A row that was left out, and what it is; of ``beside`` only what stands beside the table."""

    kind: str
    row: int
    text: str


@dataclass(frozen=True)
class Tidied:
    """The tidy table. ``places`` has the cell that each value was read in."""

    fields: tuple[Field, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[tuple[Place | None, ...], ...]
    left: tuple[Left, ...]
    used: tuple[int, ...]
    """The rows of the sheet that hold the data."""
    lines: dict[int, Line]
    """What every row of the sheet is."""

    def parquet(self) -> bytes:
        """Return the table as Parquet: figures as numbers, everything else as text."""
        made = [
            pl.Series(field.name, [row[n] or None for row in self.rows], dtype=pl.String)
            for n, field in enumerate(self.fields)
        ]
        typed = [
            series.cast(pl.Float64, strict=False) if field.role == "measure" else series
            for series, field in zip(made, self.fields, strict=True)
        ]
        # A figure that is none would be lost without a word.
        kept = [
            new if new.null_count() == old.null_count() else old
            for new, old in zip(typed, made, strict=True)
        ]
        data = io.BytesIO()
        pl.DataFrame(kept).write_parquet(data)
        return data.getvalue()


@dataclass(frozen=True)
class Differs:
    """The file has another shape than the recipe is for; somebody has to say what holds."""

    kind: Literal["sheet", "table", "moved", "renamed", "columns", "kinds"]
    question: Message
    row: int = 0
    new: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def apply(recipe: Recipe, sheets: Sequence[Grid]) -> Tidied | Differs:
    """Apply a recipe to the sheets of a file."""
    block = table_of(recipe, sheets)
    return block if isinstance(block, Differs) else made(recipe, block)


def table_of(recipe: Recipe, sheets: Sequence[Grid]) -> Block | Differs:
    """Return the table of a file that has the shape of a recipe."""
    grid = _sheet(recipe, sheets)
    return grid if isinstance(grid, Differs) else _table(recipe, grid)


def made(recipe: Recipe, block: Block) -> Tidied:
    """Apply a recipe to a table that has its shape."""
    sides = sides_of(recipe, block)
    told = told_lines.tell(block, sides, asked_of(recipe, block))
    return _Maker(recipe, block, told).tidied()


# ---------------------------------------------------------------------------- finding the table


def _sheet(recipe: Recipe, sheets: Sequence[Grid]) -> Grid | Differs:
    named = [grid for grid in sheets if grid.sheet == recipe.sheet]
    # "Tabel 2025" becomes "Tabel 2026".
    wanted = _DIGITS.sub("", folded(recipe.sheet))
    alike = [grid for grid in sheets if _DIGITS.sub("", folded(grid.sheet)) == wanted]
    for found in (named, alike):
        if len(found) == 1:
            return found[0]
    question = N_("The sheet “%(sheet)s” is not in this file. Which sheet holds the table?")
    return Differs("sheet", Message(question, {"sheet": recipe.sheet}))


def _table(recipe: Recipe, grid: Grid) -> Block | Differs:
    wanted = Counter((use.heading, use.nth) for use in recipe.uses)
    tried: list[tuple[int, Block]] = []
    shifts = sorted(range(-definition().most_shift, definition().most_shift + 1), key=abs)
    for shift in shifts:
        first, last = recipe.first + shift, recipe.last + shift
        block = blocks.around(grid, first, last, recipe.left) if first > 0 else None
        if block is None:
            continue
        found = Counter(keys(block.head, recipe.spread))
        if found.keys() == wanted.keys():
            return block
        tried.append((len(found.keys() & wanted.keys()), block))
    for block in blocks.find(grid):
        found = Counter(keys(block.head, recipe.spread))
        row = block.head.first
        if found.keys() == wanted.keys():
            said = Message(_MOVED, {"row": row, "before": recipe.first})
            return Differs("moved", said, row=row)
        tried.append((len(found.keys() & wanted.keys()), block))
    best = max(tried, key=lambda one: one[0], default=None)
    if best is None or not best[0]:
        return Differs("table", Message(_NO_TABLE))
    return _other_columns(recipe, best[1])


def _other_columns(recipe: Recipe, block: Block) -> Differs:
    wanted = [(use.heading, use.nth) for use in recipe.uses]
    found = list(dict.fromkeys(keys(block.head, recipe.spread)))
    names = {(use.heading, use.nth): use.name for use in recipe.uses}
    missing = tuple(names[key] for key in wanted if key not in found)
    new = tuple(key[0].replace("|", " ") for key in found if key not in wanted)
    row = block.head.first
    if len(new) == len(missing) == 1:
        question = N_(
            "The column “%(before)s” is gone and “%(now)s” is new. Is it the same column?"
        )
        said = Message(question, {"before": missing[0], "now": new[0]})
        return Differs("renamed", said, row, new, missing)
    said = Message(_COLUMNS, {"new": new or "-", "missing": missing or "-"})
    return Differs("columns", said, row, new, missing)


def keys(head: Head, spread: Sequence[Grain]) -> list[tuple[str, int]]:
    """Return by what each column is found again: its words, and which of several with the same.

    Columns that stand once for each period have one key.
    """
    seen: Counter[str] = Counter()
    found: list[tuple[str, int]] = []
    for path in head.paths:
        named = columns.name(path)
        grains = {grain for grain, _ in named.periods}
        words = [folded(word) for word in named.words]
        if spread and set(spread) <= grains:
            found.append(("|".join([*words, *sorted(set(spread))])[:200], 0))
            continue
        # A year beside the words changes every year; a month does not.
        words += [
            grain.value if grain is Grain.YEAR else folded(text) for grain, text in named.periods
        ]
        key = "|".join(words)[:200]
        found.append((key, seen[key]))
        seen[key] += 1
    return found


def sides_of(recipe: Recipe, block: Block) -> Sides:
    """Return which columns of a table hold labels, and which figures, by the recipe."""
    by_key = {(use.heading, use.nth): use for use in recipe.uses}
    labels, figures, number = [], [], None
    for column, key in zip(block.head.columns, keys(block.head, recipe.spread), strict=True):
        use = by_key[key]
        if use.role == "numbering":
            number = column
        elif use.role in ("measure", "total"):
            figures.append(column)
        else:
            labels.append(column)
    return Sides(tuple(labels), tuple(figures), number, recipe.sign)


def digest_of(block: Block, row: int) -> str:
    """Return the digest of the words of a row, or its number where it has none."""
    words = told_lines.fingerprint(block.grid, row, block.head.columns)
    return hashlib.sha256(words.encode()).hexdigest()[:32] if words else f"row:{row}"


def asked_of(recipe: Recipe, block: Block) -> Callable[[int], Line | None]:
    """Return what tells what a person said of a row."""
    if not recipe.asked:
        return lambda row: None
    said = {(asked.row, asked.nth): asked.line for asked in recipe.asked}
    seen: Counter[str] = Counter()
    found: dict[int, Line] = {}
    for row in block.rows:
        digest = digest_of(block, row)
        line = said.get((digest, seen[digest])) or said.get((f"row:{row}", 0))
        if line is not None:
            found[row] = line
        seen[digest] += 1
    return found.get


# ---------------------------------------------------------------------------- making the table


@dataclass(frozen=True)
class _Source:
    """A column of the sheet that goes into the tidy table, and the periods above it."""

    column: int
    use: Use
    periods: tuple[str, ...] = ()
    where: tuple[Place | None, ...] = ()


class _Maker:
    def __init__(self, recipe: Recipe, block: Block, told: dict[int, Line]) -> None:
        self.recipe, self.block, self.told, self.grid = recipe, block, told, block.grid
        by_key = {(use.heading, use.nth): use for use in recipe.uses}
        head = block.head
        self.sources: list[_Source] = []
        for place, key in enumerate(keys(head, recipe.spread)):
            use, column = by_key[key], head.columns[place]
            if use.kept:
                named = columns.name(head.paths[place]) if use.spread else None
                self.sources.append(self._source(column, use, named))

    def _source(self, column: int, use: Use, named: Named | None) -> _Source:
        if named is None:
            return _Source(column, use)
        told = dict(named.periods)
        texts = [told[grain] for grain in self.recipe.spread]
        shown = tuple(shown_period(text) for text in texts)
        return _Source(column, use, shown, tuple(self._heading(column, text) for text in texts))

    def _heading(self, column: int, text: str) -> Place | None:
        """Return where the heading with a period stands above a column."""
        for row in self.block.head.rows:
            for at in range(column, self.block.head.columns[0] - 1, -1):
                if text in self.grid.text(row, at):
                    return row, at
        return None

    def tidied(self) -> Tidied:
        """Return the table."""
        fixed = [s for s in self.sources if not s.use.spread]
        spread = [s for s in self.sources if s.use.spread]
        uses = list(dict.fromkeys(s.use for s in spread))
        first = min((s.column for s in spread), default=0)
        before = [s for s in fixed if not spread or s.column < first]
        after = [s for s in fixed if spread and s.column > first]
        fields = [Field(self.recipe.section, "category")] if self.recipe.section else []
        fields += [self._field(s.use) for s in before]
        fields += [Field(SPOKEN[grain], "period") for grain in self.recipe.spread]
        fields += [self._field(use) for use in uses]
        fields += [self._field(s.use) for s in after]
        periods = list(dict.fromkeys(s.periods for s in spread))
        by_period = {(s.periods, s.use): s for s in spread}
        where = {s.periods: s.where for s in reversed(spread)}
        rows, places, used = [], [], []
        section: tuple[str, Place | None] = ("", None)
        above: dict[int, tuple[str, Place]] = {}
        for row in self.block.rows:
            line = self.told[row]
            if line is Line.SECTION and self.recipe.section:
                section, above = self._section(row), {}
            if line is not Line.DATA:
                continue
            used.append(row)
            ahead = [section] if self.recipe.section else []
            ahead += [self._value(row, s, above) for s in before]
            behind = [self._value(row, s, above) for s in after]
            for period in periods or [()]:
                middle = list(zip(period, where.get(period, ()), strict=False))
                for use in uses:
                    source = by_period.get((period, use))
                    middle.append(self._value(row, source, above) if source else ("", None))
                cells = [*ahead, *middle, *behind]
                rows.append(tuple(value for value, _ in cells))
                places.append(tuple(place for _, place in cells))
        lines = outside.tell(self.block, self.told)
        left = tuple(self._left(lines))
        return Tidied(_named_apart(fields), tuple(rows), tuple(places), left, tuple(used), lines)

    def _field(self, use: Use) -> Field:
        return Field(use.name, use.role, use.unit)

    def _section(self, row: int) -> tuple[str, Place | None]:
        column = next(c for c in self.grid.filled(row) if c in self.block.head.columns)
        labels = [c for c in self.grid.filled(row) if c in self.block.head.columns]
        said = " ".join(self.grid.text(row, c) for c in labels)
        return section_value(said), (row, column)

    def _value(
        self, row: int, source: _Source, above: dict[int, tuple[str, Place]]
    ) -> tuple[str, Place | None]:
        column, use = source.column, source.use
        cell = self.grid.cells.get((row, column))
        if cell is None:
            return above.get(column, ("", None)) if use.fill else ("", None)
        text: str | None = None
        if use.role in ("measure", "total"):
            text = numbers.read(cell, self.recipe.sign)
        elif use.role == "date":
            text = columns.day(cell)
        elif use.role == "period":
            text = shown_period(self.grid.text(row, column))
        text = self.grid.text(row, column) if text is None else text
        if use.fill:
            above[column] = text, (row, column)
        return text, (row, column)

    def _left(self, lines: dict[int, Line]) -> list[Left]:
        found: list[Left] = []
        columns_ = set(self.block.head.columns)
        for row, line in sorted(lines.items()):
            if line in (Line.DATA, Line.HEADER) or (line is Line.SECTION and self.recipe.section):
                continue
            text = " ".join(self.grid.text(row, c) for c in self.grid.filled(row))[:200]
            found.append(Left(line.value, row, text))
        for row in sorted(set(self.block.rows) | set(self.block.head.rows)):
            beside = [c for c in self.grid.filled(row) if c not in columns_]
            if beside and lines.get(row) in (Line.DATA, Line.HEADER, Line.SECTION):
                text = " ".join(self.grid.text(row, c) for c in beside)[:200]
                found.append(Left("beside", row, text))
        return found


def shown_period(text: str) -> str:
    """Return a period as the tidy table has it: months in full, years without star."""
    found = period_of(text)
    if found is None:
        return text
    year = f" {found.year}" if found.year else ""
    if found.grain is Grain.MONTH:
        return f"{MONTHS[found.part - 1]}{year}"
    if found.grain is Grain.YEAR:
        return str(found.year)
    return unstarred(text)


def section_value(text: str) -> str:
    """Return what a section row says: of a district its name alone, without "A." before it."""
    said = _BEFORE_DISTRICT.sub("", text)
    return said if said != text and find_region(said) is not None else text


def _named_apart(fields: list[Field]) -> tuple[Field, ...]:
    """Return fields of which no two have the same name."""
    taken: set[str] = set()
    found = []
    for field in fields:
        name, number = field.name, 2
        while name.casefold() in taken:
            name, number = f"{field.name} {number}", number + 1
        taken.add(name.casefold())
        found.append(Field(name, field.role, field.unit))
    return tuple(found)
