"""Who enacted which SOP: a file that a person writes. Nothing here fills anything in.

::

    klasifikasi:
      definition: 3f1c…   # the hash printed on the document that was signed
      number: "…"
      made: 2026-01-02
      revised: "-"
      effective: 2026-02-01
      office: …
      person: …
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ...surface.yaml_source import Source
from .document import Enactment

FIELDS = ("definition", "number", "made", "revised", "effective", "office", "person")


def read(path: Path | None, known: Collection[str]) -> dict[str, Enactment]:
    """Return SOP → its enactment; none where there is no file.

    :param known: the names of the SOPs.
    :raises DefinitionError: the file is missing or wrong, naming line and reason.
    """
    if path is None:
        return {}
    source = Source.read(path)
    found: dict[str, Enactment] = {}
    for name, entry in source.data.items():
        source.require(f"there is no SOP '{name}'", name in known, name)
        source.require("a mapping is expected", isinstance(entry, dict), name)
        for key in FIELDS:
            source.require(f"'{key}' is missing", bool(entry.get(key)), name)
        found[name] = Enactment(**{key: str(entry[key]) for key in FIELDS})
    return found
