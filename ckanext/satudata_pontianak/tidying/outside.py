"""What the rows of a sheet are that do not belong to the table."""

from __future__ import annotations

from .blocks import Block
from .grid import Grid
from .lines import Line
from .words import LETTERHEAD, NOTE, PAGE, SIGNATURE


def tell(block: Block, told: dict[int, Line]) -> dict[int, Line]:
    """Return what each row of a sheet that holds something is.

    :param told: what the rows below the headings are.
    """
    grid, head = block.grid, block.head
    found = dict(told)
    found.update(dict.fromkeys(head.rows, Line.HEADER))
    begun = False  # the letterhead ends at the first line that is none
    signed = any(line is Line.SIGNATURE for line in told.values())
    for row in grid.rows:
        if row in found:
            continue
        if row in grid.hidden_rows:
            found[row] = Line.HIDDEN
            continue
        text = first_text(grid, row)
        if len(grid.filled(row)) > 1:
            found[row] = Line.OTHER
        elif row < head.first:
            begun = begun or not LETTERHEAD.match(text)
            found[row] = _above(text, begun=begun)
        else:
            signed = signed or bool(SIGNATURE.match(text))
            found[row] = Line.SIGNATURE if signed else Line.NOTE
    return {row: found[row] for row in sorted(found) if grid.filled(row)}


def _above(text: str, *, begun: bool) -> Line:
    if NOTE.match(text):
        return Line.NOTE
    if PAGE.fullmatch(text):
        return Line.PAGE
    return Line.TITLE if begun else Line.LETTERHEAD


def first_text(grid: Grid, row: int) -> str:
    """Return the first text of a row."""
    filled = grid.filled(row)
    return grid.text(row, filled[0]) if filled else ""
