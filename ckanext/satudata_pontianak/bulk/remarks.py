"""A remark on a cell of the list: where, what is wrong, and what to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..messages import Message
from .fields import FILE
from .reading import Manifest, Row


@dataclass(frozen=True)
class Remark:
    """What is said of a cell."""

    row: int
    column: str
    """Letter of the column, or key of the line; empty where it is about the row."""
    field: str
    code: str
    what: Message
    todo: Message
    fault: bool = True
    """Whether the row cannot be brought so."""


def at(
    manifest: Manifest,
    row: Row,
    field: str,
    code: str,
    what: Message,
    todo: Message | str,
    *,
    fault: bool = True,
) -> Remark:
    """Return a remark on the cell of a field."""
    done = todo if isinstance(todo, Message) else Message(todo)
    column = manifest.column_of(field)
    return Remark(row.number, column, field, code, what, done, fault=fault)


def of_row(manifest: Manifest, row: Row, code: str, what: Message, todo: Message | str) -> Remark:
    """Return a remark on a row as a whole; shown where its title, or its file, stands."""
    field = next((f for f in ("title", FILE) if manifest.column_of(f)), "")
    return at(manifest, row, field, code, what, todo)
