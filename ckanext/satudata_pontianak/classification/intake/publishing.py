"""From a staged file to a dataset: what CKAN's own action is called with.

The original and the tidy table beside it are two files of one dataset; gate, scan and case are
those of every other one. The recipe goes with the version of the tidy table.
"""

from __future__ import annotations

import contextlib
import io
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
            tidied = {
                "recipe": row.recipe["text"],
                "digest": row.recipe["digest"],
                "source": row.sha256,
            }
            stream = io.BytesIO(csv.encode(formulas.ENCODING))
            name = Path(row.filename).stem + ENDING
            files.append(
                {
                    "name": translate(TIDY),
                    "format": "CSV",
                    "upload": TidiedFile(stream, name, tidied),
                }
            )
        yield {
            **{name: row.fields[name] for name in intake().fields if row.fields.get(name)},
            **{axis: axes[axis] for axis in AXES if axes.get(axis)},
            "type": "dataset",
            "owner_org": row.agency_id,
            "resources": files,
        }
