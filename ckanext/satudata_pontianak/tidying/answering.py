"""What the portal asks of a file: its table by a recipe or by suggestion, and what it tells."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..disclosure.readers.base import ReadError
from ..messages import Message
from ..msgids import N_
from ..surface import formulas
from . import blocks, editing, known_cells, renewing, suggest
from .applying import Differs, Tidied, made, table_of
from .describing import Office, describe
from .editing import EditError
from .grid import Grid, Place
from .lines import Line
from .reading import grids
from .recipe import Recipe, RecipeError, parsed, sentences
from .suggest import Suggestion
from .telling import to_json

MOST_LEFT, MOST_TABLES, MOST_CELL = 200, 40, 300
NO_TABLE = N_("No table was found in this file. Its rows need a heading above them.")


def answer(job: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file holds, as JSON.

    :param job: ``path`` and ``name`` of the file; ``office`` and ``affairs`` of who sends it;
        ``recipe``, where it is known; ``change`` of that recipe; ``shown``, how many rows; ``csv``,
        whether the whole table is given; ``renew``, whether the recipe is of an earlier file.
    :returns: ``problem`` where the file cannot be read, ``refused`` where a change is not possible,
        or the table; ``differs`` where an earlier file had another shape.
    """
    try:
        sheets = grids(Path(job["path"]), job["name"])
    except ReadError as error:
        return {"problem": {"code": error.reason.code, "params": dict(error.reason.params)}}
    if job.get("renew"):
        return _renewed(job, sheets)
    try:
        found = _found(job, sheets)
    except EditError as error:
        return {"refused": to_json(error.message)}
    if isinstance(found, Message):
        return {"refused": to_json(found)}
    return _checked(job, found, sheets)


def _renewed(job: Mapping[str, Any], sheets: Sequence[Grid]) -> dict[str, Any]:
    """Return the table that a kept recipe makes of another file, or what differs."""
    found = renewing.renew(parsed(job["recipe"].encode()), sheets)
    if isinstance(found, Suggestion):
        return _checked(job, found, sheets)
    said, proposal = found.differs, found.proposal
    answered = _checked(job, proposal, sheets) if proposal else {"refused": to_json(said.question)}
    differs = {
        "kind": said.kind,
        "question": to_json(said.question),
        "new": list(said.new),
        "missing": list(said.missing),
    }
    return {**answered, "differs": differs}


def _checked(job: Mapping[str, Any], found: Suggestion, sheets: Sequence[Grid]) -> dict[str, Any]:
    try:
        # What is kept is read again by its rules, which no constructor minds.
        parsed(found.recipe.canonical())
    except RecipeError:
        return {"problem": {"code": "too_large", "params": {"limit": "columns"}}}
    return _told(job, found, sheets)


def _found(job: Mapping[str, Any], sheets: Sequence[Grid]) -> Suggestion | Message:
    """Return the table that is meant, or why there is none.

    :raises EditError: a change is not possible.
    """
    change = job.get("change") or {}
    if change.get("what") == "table":
        return _other_table(sheets, change)
    if not job.get("recipe"):
        return suggest.suggest(sheets) or Message(NO_TABLE)
    recipe = _changed(parsed(job["recipe"].encode()), sheets, change)
    block = table_of(recipe, sheets)
    if isinstance(block, Differs):
        return block.question
    tidied = made(recipe, block)
    return Suggestion(recipe, tidied, block, {}) if tidied.rows else Message(NO_TABLE)


def _other_table(sheets: Sequence[Grid], change: Mapping[str, Any]) -> Suggestion | Message:
    for grid in sheets:
        for block in blocks.find(grid):
            place = (grid.sheet, block.head.first, block.head.columns[0])
            if place == (change.get("sheet"), change.get("row"), change.get("left")):
                return suggest.of_block(block) or Message(NO_TABLE)
    return Message(NO_TABLE)


def _changed(recipe: Recipe, sheets: Sequence[Grid], change: Mapping[str, Any]) -> Recipe:
    what, row = change.get("what"), change.get("row", 0)
    if what == "header":
        return editing.header_is(recipe, sheets, row, change.get("last") or row)
    if what == "row":
        return editing.row_is(recipe, sheets, row, Line(change["line"]))
    if what == "columns":
        return _columns(recipe, set(change["kept"]))
    if what == "spread":
        return editing.periods_spread(recipe, sheets, spread=change["spread"])
    return recipe


def _columns(recipe: Recipe, kept: set[int]) -> Recipe:
    """Return the recipe that keeps these of its columns, by their place, and no other.

    :raises EditError: none would be left.
    """
    # First what is kept after all: at no time may none be left.
    for wanted in (True, False):
        for place, use in enumerate(recipe.uses):
            if use.kept is not wanted and (place in kept) is wanted:
                recipe = editing.column_kept(recipe, place, kept=wanted)
    return recipe


def _told(job: Mapping[str, Any], found: Suggestion, sheets: Sequence[Grid]) -> dict[str, Any]:
    recipe, tidied = found.recipe, found.tidied
    shown = int(job.get("shown") or 0)
    office = Office(str(job.get("office") or ""), tuple(job.get("affairs") or ()))
    # What a recipe makes of a file was looked at by a person: its words are as sure as before.
    told = describe(found, office)
    return {
        "recipe": recipe.canonical().decode(),
        "digest": recipe.digest,
        "sheet": recipe.sheet,
        "sentences": [to_json(said) for said in sentences(recipe)],
        "fields": [{"name": f.name, "role": f.role, "unit": f.unit} for f in tidied.fields],
        "uses": [{"name": u.name, "role": u.role, "kept": u.kept} for u in recipe.uses],
        "rows": [[cell[:MOST_CELL] for cell in row] for row in tidied.rows[:shown]],
        "count": len(tidied.rows),
        "first": tidied.used[0] if tidied.used else 0,
        "last": tidied.used[-1] if tidied.used else 0,
        "header": [recipe.first, recipe.last],
        "left_column": recipe.left,
        "spread": bool(recipe.spread),
        "left": [
            {"kind": left.kind, "row": left.row, "text": left.text[:MOST_CELL]}
            for left in tidied.left[:MOST_LEFT]
        ],
        "left_count": len(tidied.left),
        "unknown": _unknown(tidied),
        "tables": _tables(sheets),
        "uncounted": max((grid.uncounted for grid in sheets), default=0),
        "told": [
            {
                "field": one.field,
                "value": one.value,
                "source": to_json(one.source),
                "state": one.state,
            }
            for one in told
        ],
        "csv": csv(tidied) if job.get("csv") else None,
    }


def _unknown(tidied: Tidied) -> list[dict[str, Any]]:
    """Return which cells of codes are in no list, by their rows in the file."""
    rows = (
        (_numbers(places), cells) for places, cells in zip(tidied.places, tidied.rows, strict=True)
    )
    found = known_cells.unknown([f.name for f in tidied.fields], rows)
    return [one.to_json() for one in found]


def _numbers(places: Sequence[Place | None]) -> list[int]:
    """Return the row of each cell; what was read in none is known by the row beside it."""
    beside = max((place[0] for place in places if place), default=1)
    return [place[0] if place else beside for place in places]


def _tables(sheets: Sequence[Grid]) -> list[dict[str, Any]]:
    """Return the tables of the visible sheets, for whoever means another one."""
    found = [
        {
            "sheet": grid.sheet,
            "row": block.head.first,
            "left": block.head.columns[0],
            "rows": len(block.rows),
        }
        for grid in sheets
        if grid.visible
        for block in blocks.find(grid)
        if block.rows
    ]
    return found[:MOST_TABLES]


def csv(tidied: Tidied) -> str:
    """Return the tidy table as the CSV of all exports, without its mark."""
    text = io.StringIO(newline="")
    writer = formulas.Writer(text)
    writer.row([field.name for field in tidied.fields])
    writer.rows(tidied.rows)
    return text.getvalue()
