"""From a staged file to a dataset: what CKAN's own action is called with.

The original and the tidy table beside it are two files of one dataset; gate, scan and case are
those of every other one. The recipe goes with the version of the tidy table.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage

from ...msgids import N_
from ...surface import formulas
from ..rules import filenames, indonesian
from ..rules.axes import AXES, classification
from ..versions.tidied_file import TidiedFile
from . import reading, shelf
from .definition import intake
from .model import Staged

ENDING = "-rapi.csv"
ORIGINAL, TIDY = N_("Original file"), N_("Tidy table")
LEVEL = "tingkat_keamanan"


def too_secret(axes: Mapping[str, Any]) -> bool:
    """Tell whether files of the level that was chosen may not lie on this portal at all."""
    level = str(axes.get(LEVEL) or "")
    return level in classification().axes[LEVEL]["values"] and not classification().stores_files(
        level
    )


@contextlib.contextmanager
def dataset_of(row: Staged, axes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give what ``package_create`` is called with; its files are open meanwhile."""
    csv = reading.tidy(row)
    translate = indonesian.translator()
    with shelf.path(row.id).open("rb") as original:
        files = [
            {
                "name": translate(ORIGINAL),
                "format": filenames.ending(row.filename).upper(),
                "upload": FileStorage(original, filename=row.filename),
            }
        ]
        if csv is not None and row.recipe:
            upload = _tidied(row, csv)
            files.append({"name": translate(TIDY), "format": "CSV", "upload": upload})
        yield {
            **{name: row.fields[name] for name in intake().fields if row.fields.get(name)},
            **{axis: axes[axis] for axis in AXES if axes.get(axis)},
            "type": "dataset",
            "owner_org": row.agency_id,
            "resources": files,
        }


def _tidied(row: Staged, csv: str) -> TidiedFile:
    recipe: Mapping[str, Any] = row.recipe or {}
    left = Counter(item["kind"] for item in (reading.of(row)["table"] or {}).get("left") or ())
    tidied = {
        "recipe": recipe["text"],
        "digest": recipe["digest"],
        "source": row.sha256,
        # Of what was left out how much of each kind; its words stand in the original alone.
        "left": dict(left),
    }
    stream = io.BytesIO(csv.encode(formulas.ENCODING))
    return TidiedFile(stream, Path(row.filename).stem + ENDING, tidied)


@contextlib.contextmanager
def next_of(
    row: Staged, dataset: Mapping[str, Any], tidy: str | None, years: str, title: str = ""
) -> Iterator[dict[str, Any]]:
    """Give what ``package_update`` is called with for the next file of a dataset.

    :param dataset: as it is now.
    :param tidy: id of the tidy table that is renewed, ``None`` where it stays as it is.
    :param years: what the figures are about, "" where that stays.
    :param title: with the month of the file, "" where it stays; it waits as the file does.
    """
    csv = reading.tidy(row) if tidy else None
    with shelf.path(row.id).open("rb") as original:
        files = []
        for resource in dataset["resources"]:
            upload: FileStorage | None = None
            if resource["id"] == row.original_id:
                upload = FileStorage(original, filename=row.filename)
            elif csv is not None and resource["id"] == tidy:
                upload = _tidied(row, csv)
            files.append({**resource, "upload": upload} if upload else resource)
        changed = {k: v for k, v in {"tahun": years, "title": title}.items() if v}
        yield {**dataset, **changed, "resources": files}
