"""For each control what breaks it and what mends it, in a file for each noun."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..site import Pair


def pairs() -> dict[str, Pair]:
    """Return every pair by the name of its control."""
    found: dict[str, Pair] = {}
    for module in iter_modules(__path__):
        offered = import_module(f"{__name__}.{module.name}").PAIRS
        assert not found.keys() & offered.keys(), f"{module.name} has the pair of another file"
        found.update(offered)
    return found
