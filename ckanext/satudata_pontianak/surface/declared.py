"""Reads one declaration of the surface: a file of ``schemas/surface`` in the shape of a class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from .. import paths
from .yaml_source import Source

Shape = TypeVar("Shape")


def load(name: str, shape: type[Shape]) -> Shape:
    """Return what ``schemas/surface/<name>.yaml`` declares, as an instance of ``shape``.

    ``shape`` is a frozen ``msgspec.Struct`` with ``forbid_unknown_fields``, so that a misspelt
    declaration stops the start and opens nothing.

    :raises DefinitionError: the file has another shape; the text names file, line and reason.
    """
    return Source.read(paths.schemas() / "surface" / f"{name}.yaml").shaped(shape)


def once(names: Iterable[str]) -> None:
    """Refuse names of which one stands twice: one of the two places would never be looked at.

    :raises ValueError: naming them.
    """
    seen: set[str] = set()
    twice = sorted({name for name in names if name in seen or seen.add(name)})
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
