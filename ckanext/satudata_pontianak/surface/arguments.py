"""What an argument of an action may be, from ``schemas/surface/arguments.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from ..msgids import N_
from .declared import load

# As CKAN's `asbool` reads them; nothing means no.
FLAGS = frozenset("true yes on y t 1 false no off n f 0 none".split()) | {""}
SAID = {
    "text": N_("Give one text here."),
    "count": N_("Give a whole number from 0 on."),
    "flag": N_("Give true or false."),
    "object": N_("No object may stand here."),
}


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration."""

    version: int
    closed: frozenset[str]
    text: frozenset[str]
    count: frozenset[str]
    flag: frozenset[str]
    object: frozenset[str]
    keyed: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse a name with two kinds: one of them would never be looked at."""
        named = [*self.text, *self.count, *self.flag, *self.object]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}")


@cache
def declared() -> Arguments:
    """Return the declaration."""
    return load("arguments", Arguments)


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


def wrong(action: str, sent: Mapping[str, Any]) -> dict[str, str]:
    """Return what is no value of its name: each name with the key of what is said (``SAID``).

    Actions whose keys are declared elsewhere (``keyed``) take objects where their keys do.
    """
    found: dict[str, str] = {}
    names = declared()
    for name, value in sent.items():
        if name in names.text:
            kind = "" if is_text(value) else "text"
        elif name in names.count:
            kind = "" if is_count(value) else "count"
        elif name in names.flag:
            kind = "" if is_flag(value) else "flag"
        else:
            free = action in names.keyed or _may_be_object(name)
            stands = isinstance(value, Mapping) and not free
            kind = "object" if stands else ""
        if kind:
            found[name] = kind
    return found


def _may_be_object(name: str) -> bool:
    # `package_revise` names places in a dataset: `update__resources__0`.
    head = name.split("__", 1)[0]
    return name in declared().object or (head in ("match", "update") and head != name)
