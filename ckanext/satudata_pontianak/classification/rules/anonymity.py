"""When a masked table hides its persons well enough to be opened (``classification.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

Rows = Annotated[int, msgspec.Meta(ge=2)]


class Anonymisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``k``: the fewest rows that are alike; ``small_cell``: counts below it are not published."""

    k: Rows
    small_cell: Rows

    def reached_by(self, k: int | None) -> bool:
        """Tell whether a version with this k may be opened; ``None``: it was not masked here."""
        return k is None or k >= self.k


def shown(masked: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what a case shows of a risk report; where the file was made from is not in it."""
    return None if masked is None else {k: v for k, v in masked.items() if k != "source"}


def k_of(masked: Mapping[str, Any] | None) -> int | None:
    """Return the k of a version's risk report; a report that says none counts as 0."""
    if masked is None:
        return None
    k = masked.get("k")
    return k if isinstance(k, int) else 0
