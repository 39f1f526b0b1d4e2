"""When a masked table hides its persons well enough to be opened (``classification.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .yaml_source import Source


@dataclass(frozen=True)
class Anonymisation:
    """``k``: the fewest rows that are alike; ``small_cell``: counts below it are not published."""

    k: int
    small_cell: int

    def reached_by(self, k: int | None) -> bool:
        """Tell whether a version with this k may be opened; ``None``: it was not masked here."""
        return k is None or k >= self.k


def read(source: Source) -> Anonymisation:
    """Read the part of the file.

    :raises DefinitionError: naming line and reason.
    """
    data = source.data["anonymisation"]
    for key in ("k", "small_cell"):
        value = data.get(key) if isinstance(data, dict) else None
        source.require(
            f"'{key}' must be a whole number, 2 or more",
            isinstance(value, int) and not isinstance(value, bool) and value >= 2,
            "anonymisation",
            key,
        )
    return Anonymisation(data["k"], data["small_cell"])


def shown(masked: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what a case shows of a risk report; where the file was made from is not in it."""
    return None if masked is None else {k: v for k, v in masked.items() if k != "source"}


def k_of(masked: Mapping[str, Any] | None) -> int | None:
    """Return the k of a version's risk report; a report that says none counts as 0."""
    if masked is None:
        return None
    k = masked.get("k")
    return k if isinstance(k, int) else 0
