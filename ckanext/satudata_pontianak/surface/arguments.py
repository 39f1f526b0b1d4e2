"""What an argument of an action may be, from ``schemas/surface/arguments.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from ..msgids import N_
from .declared import load, once

# As CKAN's `asbool` reads them; nothing means no.
FLAGS = frozenset("true yes on y t 1 false no off n f 0 none".split()) | {""}
SAID = {
    "text": N_("Give one text here."),
    "count": N_("Give a whole number from 0 on."),
    "flag": N_("Give true or false."),
    "object": N_("No object may stand here."),
    "texts": N_("Give one text, or a list of texts."),
    "list": N_("Give a list of texts."),
    "objects": N_("Give a list of objects."),
    "word": N_("Choose from: %(known)s."),
    "missing": N_("This is missing: the action needs it."),
    "unknown": N_("There is no such argument of this action. Choose from: %(known)s."),
}


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What some actions take. A name that ends with ``*`` stands for all that begin so."""

    takes: tuple[str, ...]
    actions: tuple[str, ...]


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration."""

    version: int
    closed: frozenset[str]
    text: frozenset[str]
    count: frozenset[str]
    flag: frozenset[str]
    object: frozenset[str]
    keyed: frozenset[str]
    texts: frozenset[str]
    lists: dict[str, frozenset[str]]
    objects: dict[str, frozenset[str]]
    text_of: dict[str, frozenset[str]]
    one_of: dict[str, tuple[str, ...]]
    needs: dict[str, tuple[str, ...]]
    accounts: frozenset[str]
    everywhere: frozenset[str]
    reads: tuple[Taken, ...]
    writes: tuple[Taken, ...]

    def __post_init__(self) -> None:
        """Refuse a name with two kinds: one of them would never be looked at."""
        once([*self.text, *self.count, *self.flag, *self.object, *self.texts])
        both = (*self.reads, *self.writes)
        once([action for taken in both for action in taken.actions])


@cache
def declared() -> Arguments:
    """Return the declaration."""
    return load("arguments", Arguments)


@cache
def _taken() -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Return action → what it takes, and the actions that only read."""
    both = declared().reads, declared().writes
    found = [{action: t.takes for t in each for action in t.actions} for each in both]
    return found[0] | found[1], frozenset(found[0])


def takes(action: str) -> tuple[str, ...] | None:
    """Return the names that an action takes; ``None``: it is not declared here."""
    return _taken()[0].get(action)


def unknown(action: str, names: Iterable[str]) -> list[str]:
    """Return those of the names that an action does not take; none where it is not declared."""
    known = takes(action)
    if known is None:
        return []
    begins = tuple(name.removesuffix("*") for name in known if name.endswith("*"))
    exact = {*known, *declared().everywhere}
    return [n for n in names if n not in exact and not (begins and n.startswith(begins))]


def is_text(value: Any) -> bool:
    """Tell whether this is one text, or nothing."""
    return value is None or isinstance(value, str)


def is_count(value: Any) -> bool:
    """Tell whether this is a whole number from 0 on, as a number or in figures."""
    if isinstance(value, str):
        return value == "" or (value.isascii() and value.isdigit())
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


def is_flag(value: Any) -> bool:
    """Tell whether this is yes or no as CKAN reads it."""
    if isinstance(value, str):
        return value.strip().lower() in FLAGS
    return value is None or (isinstance(value, int) and value in (0, 1))


def is_one(value: Any) -> bool:
    """Tell whether this is one text, number or yes and no, or nothing."""
    return value is None or isinstance(value, str | int | float)


def is_texts(value: Any) -> bool:
    """Tell whether this is one text or a list of texts."""
    return is_one(value) or (isinstance(value, list) and all(is_one(each) for each in value))


def is_list(value: Any) -> bool:
    """Tell whether this is a list of texts, or nothing."""
    return value is None or (
        isinstance(value, list) and all(isinstance(each, str) for each in value)
    )


def is_objects(value: Any) -> bool:
    """Tell whether this is a list of objects, or nothing."""
    return value is None or (
        isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
    )


def asks_for_account(action: str) -> bool:
    """Tell whether nobody may call this action without an account."""
    return action in declared().accounts


def missing(action: str, sent: Mapping[str, Any]) -> dict[str, str]:
    """Return what an action needs and was not sent, as ``wrong`` does."""
    found: dict[str, str] = {}
    for need in declared().needs.get(action, ()):
        names = need.split(" or ")
        if all(sent.get(name) in (None, "") for name in names):
            found |= dict.fromkeys(names, "missing")
    return found


def words(name: str) -> tuple[str, ...]:
    """Return the words from which an argument is chosen, if it is."""
    return declared().one_of.get(name, ())


def wrong(action: str, sent: Mapping[str, Any]) -> dict[str, str]:
    """Return what is no value of its name: each name with the key of what is said (``SAID``).

    Actions whose keys are declared elsewhere (``keyed``) take objects where their keys do.
    """
    found: dict[str, str] = {}
    names, reads = declared(), action in _taken()[1]
    strange = set(unknown(action, sent))
    for name, value in sent.items():
        if name in strange:
            kind = "unknown"
        elif name in names.one_of and is_text(value):
            kind = "" if not value or value in names.one_of[name] else "word"
        elif name in names.text or action in names.text_of.get(name, ()):
            kind = "" if is_text(value) else "text"
        elif name in names.count:
            kind = "" if is_count(value) else "count"
        elif name in names.flag:
            kind = "" if is_flag(value) else "flag"
        elif action in names.lists.get(name, ()):
            kind = "" if is_list(value) else "list"
        elif action in names.objects.get(name, ()):
            kind = "" if is_objects(value) else "objects"
        elif reads and name not in names.object:
            kind = _of_read(name, value)
        else:
            free = action in names.keyed or _may_be_object(name)
            stands = isinstance(value, Mapping) and not free
            kind = "object" if stands else ""
        if kind:
            found[name] = kind
    return found


def _of_read(name: str, value: Any) -> str:
    if name in declared().texts:
        return "" if is_texts(value) else "texts"
    return "" if is_one(value) else "text"


def _may_be_object(name: str) -> bool:
    # `package_revise` names places in a dataset: `update__resources__0`.
    head = name.split("__", 1)[0]
    return name in declared().object or (head in ("match", "update") and head != name)
