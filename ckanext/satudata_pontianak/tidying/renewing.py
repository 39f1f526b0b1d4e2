"""What next month's file makes of a recipe: the table, or what differs and what is proposed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from ..messages import Message
from ..metadata.codes import find_region
from ..msgids import N_
from . import blocks, suggest
from .applying import Differs, Tidied, keys, made, table_of
from .blocks import Block
from .grid import Grid
from .recipe import Recipe, RecipeError, Use, parsed
from .suggest import Suggestion
from .words import period_of

MOST_OTHERS = 0.5
"""Of a column, so many cells may be something else than they were."""

KINDS = N_("These columns hold something else than before: %(columns)s. Is that right?")
EMPTY = N_("The table has no rows of data.")


@dataclass(frozen=True)
class Question:
    """What differs in a file, and the recipe that is proposed for it."""

    differs: Differs
    proposal: Suggestion | None


def renew(recipe: Recipe, sheets: Sequence[Grid]) -> Suggestion | Question:
    """Return the table that a kept recipe makes of another file, or what differs there."""
    block = table_of(recipe, sheets)
    if isinstance(block, Differs):
        return Question(block, _proposal(recipe, block, sheets))
    tidied = made(recipe, block)
    found = Suggestion(recipe, tidied, block, {})
    if not tidied.rows:
        return Question(Differs("table", Message(EMPTY)), None)
    if others := _others(tidied):
        said = Message(KINDS, {"columns": others})
        return Question(Differs("kinds", said, block.head.first, missing=tuple(others)), found)
    return found


def _others(tidied: Tidied) -> list[str]:
    """Return the columns of the table that hold something else than their recipe says."""
    found = []
    for place, field in enumerate(tidied.fields):
        reads = _READ.get(field.role)
        said = [row[place] for row in tidied.rows if row[place]]
        if reads and said and sum(not reads(text) for text in said) > MOST_OTHERS * len(said):
            found.append(field.name)
    return found


def _figure(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


_READ: dict[str, Callable[[str], bool]] = {
    "measure": _figure,
    "region": lambda text: find_region(text) is not None,
    "period": lambda text: period_of(text) is not None,
}


def _proposal(recipe: Recipe, differs: Differs, sheets: Sequence[Grid]) -> Suggestion | None:
    """Return the table that has most in common with a recipe, read as far as it may be by it."""
    wanted = {(use.heading, use.nth): use for use in recipe.uses}
    found: list[tuple[int, int, Block]] = []
    for grid in sheets:
        for block in blocks.find(grid) if grid.visible else ():
            if block.rows:
                shared = len(wanted.keys() & set(keys(block.head, recipe.spread)))
                found.append((shared, block.cells, block))
    if not found:
        return None
    block = max(found, key=lambda one: one[:2])[2]
    fresh = suggest.of_block(block, spread=bool(recipe.spread))
    if fresh is None:
        return None
    carried = _carried(recipe, fresh.recipe, renamed=differs.kind == "renamed")
    try:
        parsed(carried.canonical())
    except RecipeError:
        return fresh
    tidied = made(carried, block)
    return Suggestion(carried, tidied, block, {}) if tidied.rows else fresh


def _carried(before: Recipe, fresh: Recipe, *, renamed: bool) -> Recipe:
    """Return a new recipe in which each column that was there is what it was."""
    if before.spread != fresh.spread:
        return fresh
    known = {(use.heading, use.nth): use for use in before.uses}
    there = {(use.heading, use.nth) for use in fresh.uses}
    gone = [use for key, use in known.items() if key not in there]

    def use_of(use: Use) -> Use:
        key = (use.heading, use.nth)
        if key in known:
            return known[key]
        if renamed and len(gone) == 1:
            return msgspec.structs.replace(gone[0], heading=use.heading, nth=use.nth)
        return use

    uses = tuple(use_of(use) for use in fresh.uses)
    return msgspec.structs.replace(
        fresh, uses=uses, asked=before.asked, section=before.section or fresh.section
    )
