"""Where a request names something of a dataset, read from ``schemas/surface/references.yaml``.

Finds the references in what a request brings, and puts others in their place. What a reference
stands for is no business of this module.
"""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal

import msgspec

from . import declared

Kind = Literal[
    "dataset",
    "resource",
    "view",
    "version",
    "activity",
    "decision",
    "removal",
    "bytes",
    "receipt",
    "maybe",
    "any",
    "text",
]
LONGEST = 100
"""No id and no name has more characters."""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One parameter: what it names, and when it names anything."""

    kind: Kind
    when: dict[str, str | list[str]] = msgspec.field(default_factory=dict, name="if")


Places = Mapping[str, Sequence[Place]]
"""Parameter → the places that it may be, of one door."""


class Takes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters that name something, and the doors that take them."""

    takes: dict[str, Kind | Place | list[Kind | Place]]
    doors: list[str]


class References(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole declaration."""

    version: int
    actions: list[Takes]
    routes: list[Takes]


class Named(msgspec.Struct, frozen=True):
    """A reference in a request."""

    text: str
    kind: Kind


@cache
def places() -> tuple[dict[str, Places], dict[str, Places]]:
    """Return parameter → places of each action, and of each endpoint.

    :raises ValueError: the declaration is malformed, or names a door twice.
    """
    found = declared.load("references", References)
    return _by_door(found.actions), _by_door(found.routes)


def _by_door(groups: list[Takes]) -> dict[str, Places]:
    doors: dict[str, Places] = {}
    for group in groups:
        takes = {key: _listed(given) for key, given in group.takes.items()}
        for door in group.doors:
            if door in doors:
                raise ValueError(f"references.yaml: '{door}' stands there twice")
            doors[door] = takes
    return doors


def _listed(given: Kind | Place | list[Kind | Place]) -> tuple[Place, ...]:
    if isinstance(given, list):
        return tuple(place for one in given for place in _listed(one))
    return (given if isinstance(given, Place) else Place(given),)


def looked_up(one: Named) -> bool:
    """Tell whether a reference is looked up: of what may be an agency or a person, ids alone.

    Names of datasets and of others are the same words.
    """
    return one.kind != "any" or UUID.fullmatch(one.text) is not None


def named(sent: Any, takes: Places) -> Iterator[Named]:
    """Return the references in what was sent to a door."""
    found: list[Named] = []

    def note(text: str, kind: Kind) -> str:
        found.append(Named(text, kind))
        return text

    exchanged(sent, takes, note)
    yield from found


def exchanged(sent: Any, takes: Places, by: Callable[[str, Kind], str]) -> Any:
    """Return what was sent with each reference exchanged by what ``by`` gives for it.

    What is no reference is the same object as before where it can be.
    """
    for key, places_of in takes.items():
        for place in places_of:
            sent = _at(sent, key.split("."), place, by)
    return sent


def _at(sent: Any, path: list[str], place: Place, by: Callable[[str, Kind], str]) -> Any:
    if isinstance(sent, list):
        return [_at(each, path, place, by) for each in sent]
    if not isinstance(sent, dict) or path[0] not in sent:
        return sent
    if len(path) > 1:
        inner = _within(sent[path[0]], path[1:], place, by)
    elif all(_one(sent.get(key)) in _either(value) for key, value in place.when.items()):
        inner = _each(sent[path[0]], place.kind, by)
    else:
        return sent
    return {**sent, path[0]: inner}


def _within(value: Any, path: list[str], place: Place, by: Callable[[str, Kind], str]) -> Any:
    """Look into what is nested; forms bring it as JSON, alone or in a list of values."""
    if isinstance(value, list):
        return [_within(each, path, place, by) for each in value]
    if not isinstance(value, str):
        return _at(value, path, place, by)
    try:
        inner = json.loads(value)
    except ValueError:
        return value
    changed = _at(inner, path, place, by)
    return value if changed == inner else json.dumps(changed)


def _either(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _one(value: Any) -> str:
    """Return the text of a parameter that stands once; forms bring lists of values."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return str(value or "")


def _each(value: Any, kind: Kind, by: Callable[[str, Kind], str]) -> Any:
    if isinstance(value, list):
        return [_each(each, kind, by) for each in value]
    if not isinstance(value, str):
        return value
    if kind == "text":
        return UUID.sub(lambda match: by(match[0], "resource"), value)
    # Some doors take a name with space around it.
    bare = value.strip()
    if not is_name(bare):
        return value
    return value.replace(bare, by(bare, kind), 1)


def is_name(text: str) -> bool:
    """Tell whether something may have this id or name at all."""
    return 0 < len(text) <= LONGEST and text.isascii() and text.isprintable()


def stand_in(text: str) -> str:
    """Return, of the same length and make, what nothing has as its id or name.

    Names have no capital letters, and an id that is made at random is nobody's.
    """
    if UUID.fullmatch(text):
        return str(uuid.uuid4())
    signs = any(c.isalnum() for c in text)
    return "".join(c if signs and not c.isalnum() else secrets.choice(_UPPER) for c in text)
