"""What a person changes of a recipe by a click: each change gives a new recipe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from ..disclosure.engine import scan_text
from ..messages import Message
from ..msgids import N_
from . import blocks, suggest
from .applying import Differs, digest_of, table_of
from .blocks import Block
from .grid import Grid
from .lines import Line, fingerprint
from .recipe import Asked, Recipe, Use, parsed

GROUPS = "kelompok"


class EditError(Exception):
    """The change is not possible; says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def header_is(recipe: Recipe, sheets: Sequence[Grid], first: int, last: int) -> Recipe:
    """Return the recipe in which given rows are the headings.

    What a person said of rows stays; names of columns are read anew.

    :raises EditError: no table begins there.
    """
    grid = next((grid for grid in sheets if grid.sheet == recipe.sheet), None)
    block = None
    if grid is not None and 1 <= first <= last < first + 20:
        block = blocks.around(grid, first, last, recipe.left)
    found = suggest.of_block(block) if block is not None else None
    if found is None:
        raise EditError(Message(N_("No table begins below row %(row)s."), {"row": last}))
    return msgspec.structs.replace(found.recipe, asked=recipe.asked)


def column_is_total(recipe: Recipe, place: int) -> Recipe:
    """Return the recipe in which a column is the sum of others, and left out."""
    return _changed(recipe, place, role="total", kept=False)


def column_kept(recipe: Recipe, place: int, *, kept: bool) -> Recipe:
    """Return the recipe in which a column is left out, or kept after all."""
    use = _use(recipe, place)
    role = "measure" if kept and use.role == "total" else use.role
    return _changed(recipe, place, kept=kept, role=role)


def column_named(recipe: Recipe, place: int, name: str, unit: str | None = None) -> Recipe:
    """Return the recipe in which a column has another name, and maybe another unit."""
    use = _use(recipe, place)
    shown = " ".join(name.split())
    if not 1 <= len(shown) <= 200 or len(unit or "") > 200:
        raise EditError(Message(N_("A column needs a name of at most 200 characters.")))
    return _changed(recipe, place, name=shown, unit=use.unit if unit is None else unit.strip())


def row_is(recipe: Recipe, sheets: Sequence[Grid], row: int, line: Line) -> Recipe:
    """Return the recipe in which a row is what a person says: a note, a total, data.

    :raises EditError: the row does not stand below the headings of the table.
    """
    block = _block(recipe, sheets)
    if row not in block.rows or line in (Line.HEADER, Line.OTHER, Line.HIDDEN):
        raise EditError(Message(N_("Row %(row)s is no row of the table."), {"row": row}))
    said = _asked(block, row, line)
    kept = [a for a in recipe.asked if (a.row, a.nth) != (said.row, said.nth)]
    if len(kept) >= 500:
        raise EditError(Message(N_("Too many rows were changed by hand.")))
    section = recipe.section or (GROUPS if line is Line.SECTION else "")
    return msgspec.structs.replace(recipe, asked=(*kept, said), section=section)


def _asked(block: Block, row: int, line: Line) -> Asked:
    """Return what is kept of what somebody said of a row.

    Whoever has a digest can try who it is of: of words about a person there is none.
    """
    if scan_text(fingerprint(block.grid, row, block.head.columns)):
        return Asked(f"row:{row}", 0, line)
    digest = digest_of(block, row)
    seen = Counter(digest_of(block, r) for r in block.rows if r < row)
    return Asked(digest, seen[digest], line)


def periods_spread(recipe: Recipe, sheets: Sequence[Grid], *, spread: bool) -> Recipe:
    """Return the recipe in which periods beside one another become rows, or stay columns."""
    found = suggest.of_block(_block(recipe, sheets), spread=spread)
    if found is None:
        raise EditError(Message(N_("The table has no rows of data.")))
    return msgspec.structs.replace(found.recipe, asked=recipe.asked)


def _block(recipe: Recipe, sheets: Sequence[Grid]) -> Block:
    block = table_of(recipe, sheets)
    if isinstance(block, Differs):
        raise EditError(block.question)
    return block


def _use(recipe: Recipe, place: int) -> Use:
    if not 0 <= place < len(recipe.uses):
        raise EditError(Message(N_("The table has no such column.")))
    return recipe.uses[place]


def _changed(recipe: Recipe, place: int, **changes: object) -> Recipe:
    use = msgspec.structs.replace(_use(recipe, place), **changes)
    uses = (*recipe.uses[:place], use, *recipe.uses[place + 1 :])
    if not any(one.kept for one in uses):
        raise EditError(Message(N_("At least one column stays.")))
    if recipe.spread and not any(one.kept and one.spread for one in uses):
        raise EditError(Message(N_("At least one column with periods stays.")))
    return parsed(msgspec.structs.replace(recipe, uses=uses).canonical())
