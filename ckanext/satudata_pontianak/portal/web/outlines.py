"""The outlines of regions for rooms that draw none: offered by the one that does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outlines:
    """The geometry of each region by its code (GeoJSON), and whose outlines they are."""

    geometries: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    source: str = ""


_offered: list[Callable[[], Outlines]] = []


def offer(source: Callable[[], Outlines]) -> None:
    """Say where outlines come from; the last word counts."""
    _offered[:] = [source]


def known() -> Outlines:
    """Return the outlines that there are; none where nobody offered any."""
    return _offered[0]() if _offered else Outlines()
