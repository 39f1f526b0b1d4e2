"""Which file of a dataset stands first: a tidy table before the workbook that it was made of. Pure.

The overlay tells a reader who has the rows of such a table which file that was, and does so only
while that very file is served: a table whose workbook was renewed alone is of the past. Pages,
examples for programs, pictures and quality ask here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

TIDIED_OF = "satudata_tidied_of"
"""Key of a file that is a tidy table: id of the file that it was made of."""

File = Mapping[str, Any]


def in_order(dataset: Mapping[str, Any]) -> list[File]:
    """Return the files of a dataset as a reader meets them: tidy tables, then the others.

    :param dataset: as ``package_show`` or a search gives it to the reader.
    """
    return sorted(_files(dataset), key=lambda file: not file.get(TIDIED_OF))


def originals(dataset: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of the files beside which a tidy table of theirs stands."""
    return frozenset(str(f[TIDIED_OF]) for f in _files(dataset) if f.get(TIDIED_OF))


def original_of(dataset: Mapping[str, Any], file: File) -> File | None:
    """Return the file that a tidy table was made of, ``None`` of every other file."""
    return next((f for f in _files(dataset) if f["id"] == file.get(TIDIED_OF)), None)


def tidy_of(dataset: Mapping[str, Any], file: File) -> File | None:
    """Return the tidy table that was made of a file, ``None`` where there is none."""
    return next((f for f in _files(dataset) if f.get(TIDIED_OF) == file["id"]), None)


def _files(dataset: Mapping[str, Any]) -> Iterable[File]:
    return dataset.get("resources") or ()
