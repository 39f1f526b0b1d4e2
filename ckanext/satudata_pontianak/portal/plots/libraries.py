"""Scripts of others that pages load on demand: where each is, and what it has to be."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from ...surface.declared import load

FOLDER = "/satudata/pustaka"


class Library(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One script: what it draws, where it is from, and its integrity as browsers check it."""

    name: str
    draws: Literal["charts", "maps"]
    version: str
    why: str
    licence: str
    package: str
    taken: str
    file: str
    integrity: str


class Libraries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``schemas/surface/libraries.yaml``."""

    version: int
    libraries: tuple[Library, ...]


@cache
def declared() -> tuple[Library, ...]:
    """Return the declaration, in the order in which they are loaded."""
    return load("libraries", Libraries).libraries
