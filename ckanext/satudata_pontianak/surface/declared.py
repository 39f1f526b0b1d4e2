"""Reads one declaration of the surface: a file of ``schemas/surface`` in the shape of a class."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from .. import paths

Shape = TypeVar("Shape")


def load(name: str, shape: type[Shape]) -> Shape:
    """Return what ``schemas/surface/<name>.yaml`` declares, as an instance of ``shape``.

    ``shape`` is a frozen ``msgspec.Struct`` with ``forbid_unknown_fields``, so that a misspelt
    declaration stops the start and opens nothing.

    Raises:
        ValueError: the file has another shape; the text names the file and the place in it.
    """
    path = paths.schemas() / "surface" / f"{name}.yaml"
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=shape)
    except msgspec.ValidationError as error:
        raise ValueError(f"{path.name}: {error}") from error
