"""What is declared of memberships: ``schemas/surface/memberships.yaml``."""

from __future__ import annotations

from functools import cache

import msgspec

from .declared import load


class Memberships(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    proposal_days: int


@cache
def memberships() -> Memberships:
    """Return what is declared.

    :raises ValueError: the file has another shape.
    """
    return load("memberships", Memberships)
