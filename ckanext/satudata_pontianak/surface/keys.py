"""Which keys a thing that is written may hold: ``schemas/surface/keys.yaml``.

Pure. The fields of the metadata's schema are the operator's choice and are given by the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

import msgspec

from . import declared
from .repeating import repeated

Value = Literal["text", "flag", "number", "file", "list", "object", "any"]
Path = tuple[str | int, ...]

MOST_TOLD = 20
"""So many problems of one thing are told; who sends thousands of keys reads no list of them."""
FREE_FIELDS = frozenset({"extra", "extra_of_group"})
MANY = "many"
"""The kind of a schema's field that holds several values."""


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of thing, by what becomes of each key."""

    schema: str | None = None
    scanned: frozenset[str] = frozenset()
    contacts: Mapping[str, str] = {}
    unscanned: Mapping[str, str] = {}
    listed: Mapping[str, str] = {}
    controls: Mapping[str, Value] = {}
    forms: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    nested: Mapping[str, str] = {}

    def names(self) -> frozenset[str]:
        """Return every key that is declared here, without those of the schema."""
        return (
            self.scanned
            | self.ignored
            | self.forms
            | frozenset(self.contacts)
            | frozenset(self.unscanned)
            | frozenset(self.listed)
            | frozenset(self.controls)
            | frozenset(self.nested)
        )

    def value(self, key: str) -> Value:
        """Return what kind of value a declared key holds."""
        if key in self.controls:
            return self.controls[key]
        return "any" if key in self.ignored else "text"


class Extras(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Free fields of a dataset that are taken."""

    ignored: frozenset[str] = frozenset()


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An act outside of datasets, by which of its texts a reader may see."""

    keys: frozenset[str] | None = None
    only: frozenset[str] | None = None
    but: Mapping[str, str] = {}
    contacts: Mapping[str, str] = {}
    internal: bool = False
    listed: Mapping[str, tuple[str, ...]] = {}
    plugin: str | None = None


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole declaration."""

    kinds: Mapping[str, Kind]
    extras: Extras
    listed_fields: Mapping[str, str]
    many: frozenset[str]
    formats: tuple[str, ...]
    index: frozenset[str]
    acts: Mapping[str, Act]


@dataclass(frozen=True)
class Problem:
    """A key that is not declared, or a value of another kind than declared."""

    where: Path
    """Keys and places down to the thing; its own key is the last one."""
    code: Literal["unknown", "text", "flag", "number", "file", "list", "object", "items"]

    @property
    def key(self) -> str:
        """The key itself, cut where somebody sends a book for a name."""
        return shortened(self.where[-1])


Fields = Mapping[str, str]
"""Fields of a schema: name → ``text`` or ``many``."""


@cache
def load() -> Keys:
    """Return what is declared.

    :raises ValueError: a nested kind is not there.
    """
    keys = declared.load("keys", Keys)
    for name, kind in keys.kinds.items():
        unknown = set(kind.nested.values()) - set(keys.kinds)
        if unknown:
            raise ValueError(f"keys.yaml: {name}: no kind is called {sorted(unknown)[0]!r}")
    return keys


def kind(name: str) -> Kind:
    """Return one kind by its name."""
    return load().kinds[name]


def shortened(key: Any) -> str:
    """Return a key as it may be repeated."""
    return repeated(key)


def fields_of(schema: list[Mapping[str, Any]] | tuple[Mapping[str, Any], ...]) -> dict[str, str]:
    """Return the fields of a schema by what they hold."""
    many = load().many
    return {
        str(field["field_name"]): MANY if many & marks(field) or _nests(field) else "text"
        for field in schema
    }


def _nests(field: Mapping[str, Any]) -> bool:
    return bool(field.get("repeating_subfields") or field.get("simple_subfields"))


def marks(field: Mapping[str, Any]) -> frozenset[str]:
    """Return what says of which kind a schema's field is: its preset and its validators."""
    names = f"{field.get('preset') or ''} {field.get('validators') or ''}"
    return frozenset(name.partition("(")[0] for name in names.split())


def is_listed(field: Mapping[str, Any]) -> bool:
    """Tell whether the values of a schema's field come from a list."""
    return bool(marks(field) & set(load().listed_fields))


def is_ours(key: str) -> bool:
    """Tell whether we add this key to answers; whoever sends it back changes nothing."""
    return key.startswith("satudata_")


def declares(name: str, key: Any, fields: Fields) -> bool:
    """Tell whether a thing of this kind may hold the key."""
    return isinstance(key, str) and (key in names(name) or key in fields or is_ours(key))


def stays(name: str, key: Any, fields: Fields) -> bool:
    """Tell whether a stored thing of this kind may hold the key: what forms send nobody keeps."""
    return declares(name, key, fields) and key not in kind(name).forms


def without_forms(name: str, data: dict[str, Any]) -> None:
    """Take out of a file, or of a dataset's files, what only forms of pages send.

    Core keeps whatever key it does not know of a file, and gives it to every reader.
    """
    if name == "resource":
        for key in kind(name).forms:
            data.pop(key, None)
        return
    for key, inner in kind(name).nested.items():
        items = data.get(key)
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict):
                without_forms(inner, item)


@cache
def names(name: str) -> frozenset[str]:
    """Return the keys that are declared for this kind, without those of the schema."""
    return kind(name).names()


@cache
def kept_names(name: str) -> frozenset[str]:
    """Return those of them that a stored thing may hold."""
    return names(name) - kind(name).forms


def tidied(
    name: str, data: dict[str, Any], schemas: Mapping[str, Fields], *, drops: bool = False
) -> list[Problem]:
    """Look at every key of a thing and of what it holds; numbers in texts become texts.

    :param name: its kind.
    :param schemas: fields of the schemas by what ``schema`` calls them in the declaration.
    :param drops: take out what is not declared, instead of leaving it to the caller.
    :returns: what is not as declared, in the order of the keys; empty keys count as well.
    """
    return list(_tidied(name, data, schemas, drops, ()))


def _tidied(
    name: str, data: dict[str, Any], schemas: Mapping[str, Fields], drops: bool, above: Path
) -> Iterator[Problem]:
    this = kind(name)
    fields = schemas.get(this.schema or "", {})
    for key in list(data):
        where = (*above, key)
        if isinstance(key, str) and key in this.nested:
            yield from _nested(this.nested[key], data, key, schemas, drops, above)
            continue
        problem = _problem(this, name, key, data, fields)
        if problem is None:
            continue
        if drops:
            del data[key]
        yield Problem(where, problem)


def _problem(this: Kind, name: str, key: Any, data: dict[str, Any], fields: Fields) -> Any:
    if not declares(name, key, fields):
        return "unknown"
    if is_ours(key):
        return None
    if key in names(name):
        expected = this.value(key)
        if key in fields and fields[key] == MANY:
            expected = "any"
    else:
        expected = "any" if fields[key] == MANY else "text"
    value, fits = _as(expected, data[key])
    if not fits:
        return expected
    data[key] = value
    return None


def _nested(
    name: str,
    data: dict[str, Any],
    key: str,
    schemas: Mapping[str, Fields],
    drops: bool,
    above: Path,
) -> Iterator[Problem]:
    items = data[key]
    if items is None:
        return
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        if drops:
            del data[key]
        yield Problem((*above, key), "items")
        return
    for place, item in enumerate(items):
        yield from _tidied(name, item, schemas, drops, (*above, key, place))
    if name in FREE_FIELDS:
        yield from _free_fields(name, items, drops, (*above, key))


def _free_fields(
    name: str, items: list[dict[str, Any]], drops: bool, above: Path
) -> Iterator[Problem]:
    """Look at free fields: only those that are declared are taken, of groups none."""
    for place, item in reversed(list(enumerate(items))):
        if name == "extra" and takes_extra(item.get("key")):
            continue
        if drops:
            del items[place]
        yield Problem((*above, place, str(item.get("key") or "key")), "unknown")


def takes_extra(key: Any) -> bool:
    """Tell whether a free field of this name is taken."""
    return isinstance(key, str) and (key in load().extras.ignored or is_ours(key))


def _as(expected: Value, value: Any) -> tuple[Any, bool]:
    """Return a value as its kind keeps it, and whether it is of that kind."""
    if expected == "any" or value is None:
        return value, True
    if expected == "text":
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value), True
        if isinstance(value, date):
            return value.isoformat(), True
        return value, isinstance(value, str)
    if expected in ("flag", "number"):
        return value, isinstance(value, (bool, int, str))
    if expected == "list":
        return value, isinstance(value, (list, str))
    if expected == "object":
        return value, isinstance(value, (dict, str))
    return value, not isinstance(value, (dict, list))


def in_index(field: str, fields: Fields) -> bool:
    """Tell whether a document of the index may hold a field: a key of a dataset, or CKAN's own."""
    free = field.removeprefix("extras_")
    if free != field:
        return free in fields or takes_extra(free)
    return (
        declares("dataset", field, fields)
        or takes_extra(field)
        or field in load().index
        or field.startswith("vocab_")
    )


def leaves(value: Any) -> Iterator[str]:
    """Give every text in a value, however deep: also keys of objects and names of files."""
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, Mapping):
            left += [*item.values(), *item.keys()]
        elif isinstance(item, (list, tuple)):
            left += reversed(item)
        elif isinstance(item, (int, float)) and not isinstance(item, bool):
            yield str(item)
        else:
            text: Any = item if isinstance(item, str) else getattr(item, "filename", None)
            if isinstance(text, str) and text:
                yield text


@cache
def unscanned(name: str) -> frozenset[str]:
    """Return the keys of this kind whose values are no texts, or out of a list."""
    this = kind(name)
    kept = this.scanned | frozenset(this.contacts) | frozenset(this.nested)
    return this.names() - kept


@cache
def ignored(name: str) -> frozenset[str]:
    """Return the keys of this kind that are taken back and change nothing."""
    return kind(name).ignored
