"""The dictionary of a dataset, and which columns may not be decided open. Pure.

Read from ``schemas/variables.yaml``. What is said of the columns of a dataset is asked of a room
above, which joins (:func:`join`). While nothing joined, asking is an error: no step is taken.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from ... import paths
from ...messages import Message
from ...msgids import N_
from ...surface.yaml_source import Labelled, Positive, Source, Text

YES, PERSONAL, REFERRED = PUBLIC = ("ya", "pribadi", "dirujuk_ppid")
"""What may be said of whether everybody may have a column."""
NO = "tidak"
_GAPS = re.compile(r"[\W_]+")
_KEY = 12

COLUMN = N_("%(file)s, column '%(column)s'")
SHEET_COLUMN = N_("%(file)s, sheet '%(table)s', column '%(column)s'")
UNREAD = N_("%(file)s: its columns could not be read")


class VariableField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of the dictionary: free text of so many characters, or one of the choices."""

    label: Text
    help: str = ""
    most: Positive = 40
    choices: dict[str, Labelled] = msgspec.field(default_factory=dict)
    needed: bool = False


class Variables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The definition: fields of a column, and what may be said of who may have it."""

    version: Text
    columns: Positive
    fields: dict[str, VariableField]
    public: dict[str, Labelled]
    headings: dict[str, Text] = msgspec.field(default_factory=dict)


FIELDS = ("meaning", "unit", "type", "domain", "classification")


@lru_cache(maxsize=1)
def variables() -> Variables:
    """Return the definition.

    :raises DefinitionError: the file is wrong, or says of other fields than the table keeps.
    """
    source = Source.read(paths.schemas() / "variables.yaml")
    found = source.shaped(Variables)
    source.exactly("field", FIELDS, found.fields, "fields")
    source.exactly("answer", PUBLIC, found.public, "public")
    return found


def folded(name: str) -> str:
    """Return the name of a column without case, underscores and signs, by which it is known."""
    return _GAPS.sub(" ", name.casefold()).strip() or name.strip()


def in_english(heading: str) -> str:
    """Return what a heading is called in English; the heading itself where nobody said."""
    return variables().headings.get(folded(heading), heading)


def key(name: str) -> str:
    """Return what stands for a column in an address."""
    return hashlib.sha256(folded(name).encode()).hexdigest()[:_KEY]


Marks = Mapping[str, str]
"""Folded name of a column → why not everybody may have it; others are not named."""
Look = Callable[[Sequence[str]], Mapping[str, Marks]]
"""Gives dataset → its marks, of those that have any, however many."""


def _nobody(package_ids: Sequence[str]) -> Mapping[str, Marks]:
    raise RuntimeError("nothing says what is said of the columns of a dataset")


_joined: Look = _nobody


def join(look: Look, whole: Whole) -> None:
    """Have a room above say what is said of columns, and of which nothing is missing."""
    global _joined, _whole  # noqa: PLW0603 - one site has one dictionary
    _joined = look
    _whole = whole


def marks_of(package_ids: Sequence[str]) -> Mapping[str, Marks]:
    """Return dataset → the marks of its columns.

    :raises RuntimeError: nothing joined.
    """
    return _joined(package_ids)


Whole = Callable[[str], frozenset[str]]
"""Gives the columns of a dataset of which nothing is missing, folded."""


def _of_nobody(package_id: str) -> frozenset[str]:
    raise RuntimeError("nothing says what is said of the columns of a dataset")


_whole: Whole = _of_nobody


def described_of(package_id: str) -> frozenset[str]:
    """Return the columns of a dataset of which its dictionary lacks nothing, folded.

    :raises RuntimeError: nothing joined.
    """
    return _whole(package_id)


def personal_of(package_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Return dataset → its columns that are called personal, folded; of those that have any.

    What is open already stays open until a new decision, but no page makes a picture of them.

    :raises RuntimeError: nothing joined.
    """
    return {
        id: names
        for id, marks in marks_of(package_ids).items()
        if (names := frozenset(name for name, why in marks.items() if why == PERSONAL))
    }


def personal_in(package_id: str) -> frozenset[str]:
    """Return the columns of a dataset that are called personal, folded; as :func:`personal_of`."""
    return personal_of([package_id]).get(package_id, frozenset())


def is_among(names: Iterable[str], *called: str) -> bool:
    """Tell whether a column is among folded names, by any of what it is called."""
    return not {folded(each) for each in called if each}.isdisjoint(names)


@dataclass(frozen=True)
class Marked:
    """Columns that files of a case hold, though not everybody may have them, in words."""

    personal: tuple[Message, ...] = ()
    referred: tuple[Message, ...] = ()


NONE = Marked()


@dataclass(frozen=True)
class Seen:
    """A column as a scan saw it; ``name`` is empty where it has none.

    ``type`` and ``total`` are those of its values, empty and ``None`` where nothing tells.
    """

    table: str
    name: str
    type: str = ""
    total: str | None = None


def columns_in(report: Mapping[str, Any]) -> list[Seen]:
    """Return the columns of all tables that a scan read, hidden sheets included."""
    return [
        Seen(
            str(table.get("name") or ""),
            str(column.get("name") or ""),
            str(column.get("type") or ""),
            column.get("total"),
        )
        for file in report.get("files") or ()
        for table in file.get("tables") or ()
        for column in table.get("columns") or ()
    ]


@dataclass(frozen=True)
class Held:
    """A file of a case: its name, and its columns; ``None`` where nobody could read them."""

    file: str
    columns: Sequence[Seen] | None


def held(marks: Marks, files: Iterable[Held]) -> Marked:
    """Return which of the marked columns files hold.

    Of what could not be read nobody knows: it counts as if it held all of them. So does a table
    of which no column has a name.
    """
    found: dict[str, list[Message]] = {PERSONAL: [], REFERRED: []}
    for each in files if marks else ():
        if each.columns is None or _nameless(each.columns):
            for why in set(marks.values()) & found.keys():
                found[why].append(Message(UNREAD, {"file": each.file}))
            continue
        for column in each.columns:
            why = marks.get(folded(column.name)) if column.name else None
            if why in found:
                text = SHEET_COLUMN if column.table else COLUMN
                params = {"file": each.file, "table": column.table, "column": column.name}
                found[why].append(Message(text, params))
    return Marked(tuple(found[PERSONAL]), tuple(found[REFERRED]))


def lacking(columns: Iterable[Seen], described: Container[str]) -> list[str]:
    """Return the names of columns of which the dictionary lacks what the standard needs.

    :param described: folded names of those of which it lacks nothing.
    """
    found: dict[str, str] = {}
    for column in columns:
        if column.name and (name := folded(column.name)) not in described:
            found.setdefault(name, column.name)
    return [*found.values()][: variables().columns]


def _nameless(columns: Sequence[Seen]) -> bool:
    named = {column.table for column in columns if column.name}
    return any(column.table not in named for column in columns)
