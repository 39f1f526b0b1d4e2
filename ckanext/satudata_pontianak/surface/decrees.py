"""What is declared of decrees: ``schemas/surface/decrees.yaml``."""

from __future__ import annotations

from functools import cache

import msgspec

from .declared import load


class Decrees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    number: int
    about: int
    scan_bytes: int


@cache
def decrees() -> Decrees:
    """Return what is declared.

    :raises ValueError: the file has another shape.
    """
    return load("decrees", Decrees)
