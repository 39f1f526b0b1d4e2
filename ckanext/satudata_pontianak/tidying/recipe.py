"""How one sheet becomes a tidy table: declared, bounded, kept with the version, applied again."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec

from ..messages import Message
from ..metadata.periods import Grain
from ..msgids import N_
from .columns import Role
from .lines import Line
from .numbers import Sign

MOST_BYTES = 200_000
Row = Annotated[int, msgspec.Meta(ge=0, le=1_048_576)]
Column = Annotated[int, msgspec.Meta(ge=1, le=16_384)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Said = Annotated[str, msgspec.Meta(max_length=200)]
Digest = Annotated[str, msgspec.Meta(pattern=r"^(?:[0-9a-f]{32}|row:\d{1,7})$")]


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of the sheet and what becomes of it.

    ``heading`` is what stands above it, folded, and ``nth`` which of several with the same.
    ``spread`` says that it stands once for each period, and becomes one column. What is not
    ``kept`` is left out.
    """

    heading: Said
    nth: Annotated[int, msgspec.Meta(ge=0, le=16_384)]
    name: Name
    role: Role
    unit: Said = ""
    fill: bool = False
    spread: bool = False
    kept: bool = True


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person said that a row is; of its words only a digest is kept."""

    row: Digest
    nth: Annotated[int, msgspec.Meta(ge=0, le=1_048_576)]
    line: Line


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole. ``last`` is before ``first`` where the table has no headings."""

    version: Literal[1]
    sheet: Said
    first: Row
    last: Row
    left: Column
    sign: Sign
    uses: Annotated[tuple[Use, ...], msgspec.Meta(min_length=1, max_length=1000)]
    spread: Annotated[tuple[Grain, ...], msgspec.Meta(max_length=3)] = ()
    section: Said = ""
    """The name of the column that the section rows become, empty where there are none."""
    asked: Annotated[tuple[Asked, ...], msgspec.Meta(max_length=500)] = ()

    def canonical(self) -> bytes:
        """Return the bytes of which the digest is made."""
        return msgspec.json.encode(self, order="sorted")

    @property
    def digest(self) -> str:
        """The SHA-256 of the recipe, in hexadecimal digits."""
        return hashlib.sha256(self.canonical()).hexdigest()


class RecipeError(ValueError):
    """What should be a recipe is none; the message says why."""


def parsed(data: bytes) -> Recipe:
    """Return the recipe that was kept as bytes.

    :raises RecipeError: too long, no JSON, or not as declared.
    """
    if len(data) > MOST_BYTES:
        raise RecipeError("too long")
    try:
        found = msgspec.json.decode(data, type=Recipe)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecipeError(str(error)) from None
    if Grain.DAY in found.spread or len(set(found.spread)) < len(found.spread):
        raise RecipeError("days do not stand beside one another, and no period twice")
    if found.last + 1 < found.first or not any(use.kept for use in found.uses):
        raise RecipeError("headings end before they begin, or no column is kept")
    return found


def sentences(recipe: Recipe) -> list[Message]:
    """Return what a recipe does, sentence by sentence."""
    found: list[Message] = []
    if recipe.sheet:
        found.append(
            Message(N_("The table stands on the sheet “%(sheet)s”."), {"sheet": recipe.sheet})
        )
    if recipe.last < recipe.first:
        found.append(Message(N_("The table has no row of headings.")))
    elif recipe.last == recipe.first:
        found.append(Message(N_("Row %(row)s is the heading of the table."), {"row": recipe.first}))
    else:
        rows = {"first": recipe.first, "last": recipe.last}
        found.append(Message(N_("Rows %(first)s–%(last)s are the heading of the table."), rows))
    kept = [use for use in recipe.uses if use.kept]
    if spread := [use.name for use in kept if use.spread]:
        found.append(
            Message(
                N_(
                    "Periods that stand beside one another (%(periods)s) become rows; their figures"
                    " go into %(columns)s."
                ),
                {"periods": [Message(_GRAINS[g]) for g in recipe.spread], "columns": spread},
            )
        )
    if recipe.section:
        found.append(
            Message(
                N_("Rows that name a group become the column “%(column)s”."),
                {"column": recipe.section},
            )
        )
    if filled := [use.name for use in kept if use.fill]:
        found.append(
            Message(
                N_("Blank cells take the value above them in %(columns)s."), {"columns": filled}
            )
        )
    units = [use for use in kept if use.unit]
    found += [
        Message(N_("“%(column)s” is counted in %(unit)s."), {"column": use.name, "unit": use.unit})
        for use in units
    ]
    if dates := [use.name for use in kept if use.role == "date"]:
        found.append(
            Message(N_("Dates are written as year-month-day in %(columns)s."), {"columns": dates})
        )
    if any(use.role == "measure" for use in kept):
        sign = _SIGNS[recipe.sign]
        found.append(Message(sign))
        found.append(Message(N_("Cells of figures with -, n/a, NA or … stay empty.")))
    if left := [use.name for use in recipe.uses if not use.kept]:
        found.append(Message(N_("These columns are left out: %(columns)s."), {"columns": left}))
    if recipe.asked:
        found.append(
            Message(
                N_("What %(count)s rows are was said by a person."), {"count": len(recipe.asked)}
            )
        )
    return found


_SIGNS = {
    "comma": N_("Figures written as text are read in the Indonesian way: 1.234,5."),
    "point": N_("Figures written as text are read in the English way: 1,234.5."),
}
_GRAINS = {
    Grain.YEAR: N_("years"),
    Grain.SCHOOL_YEAR: N_("school years"),
    Grain.SEMESTER: N_("semesters"),
    Grain.QUARTER: N_("quarters"),
    Grain.MONTH: N_("months"),
}
