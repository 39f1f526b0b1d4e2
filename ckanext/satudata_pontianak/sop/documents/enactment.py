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
      nip: …                # may be left out
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ...surface.yaml_source import Source
from .document import Enactment


def read(path: Path | None, known: Collection[str]) -> dict[str, Enactment]:
    """Return SOP → its enactment; none where there is no file.

    :param known: the names of the SOPs.
    :raises DefinitionError: the file is missing or wrong, naming line and reason.
    """
    if path is None:
        return {}
    source = Source.read(path)
    for name, said in source.data.items():
        source.known("SOP", [name], known, name)
        if isinstance(said, dict):  # To YAML a text without quotes may be a number or a day.
            said.update({key: str(text) for key, text in said.items() if text is not None})
    return source.shaped(dict[str, Enactment])
