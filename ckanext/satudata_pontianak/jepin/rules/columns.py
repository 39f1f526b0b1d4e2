"""The columns of a list that somebody brings: what each is called, and that each stands once. Pure.

A list has the columns that its definition names in ``schemas/``, in any order, and no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from ...messages import Message
from ...msgids import N_
from ...surface.yaml_source import Positive, Text
from .sheet import LONGEST, STRANGE, TOLD

Outcome = Literal["new", "changed", "same", "gone"]
NO_COLUMN = N_("The column %(name)s is missing.")
TWO_COLUMNS = N_("The column %(name)s stands twice.")
NAMELESS = N_("A column has no heading.")


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column: its heading in a list, and what it may hold at most."""

    heading: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}$")]
    label: Text
    help: Text
    most: Positive | None = None


@dataclass
class ListRow:
    """A row of a list: its number as the sheet counts, and what is wrong by column."""

    number: int
    errors: dict[str, list[Message]] = field(default_factory=dict, kw_only=True)

    def wrong(self, key: str, text: str, **values: object) -> None:
        """Write down that something is wrong with a column."""
        self.errors.setdefault(key, []).append(Message(text, values))


def wrong_headings(wanted: Sequence[str], headings: Sequence[str]) -> list[Message]:
    """Return what is wrong with the headings of a list; their order does not matter."""
    counted = Counter(headings)
    found = [Message(NO_COLUMN, {"name": name}) for name in wanted if not counted[name]]
    found += [Message(TWO_COLUMNS, {"name": name}) for name in wanted if counted[name] > 1]
    strange = [name for name in counted if name not in wanted][:TOLD]
    return found + [
        Message(STRANGE, {"name": name[:LONGEST]}) if name else Message(NAMELESS)
        for name in strange
    ]


def cells_of(
    rows: Iterable[Mapping[str, str]], columns: Mapping[str, Column]
) -> Iterable[tuple[int, dict[str, str]]]:
    """Yield number and cells by column of each row; rows without a sign are none."""
    for number, given in enumerate(rows, 2):
        cells = {name: given.get(each.heading, "").strip() for name, each in columns.items()}
        if any(cells.values()):
            yield number, cells
