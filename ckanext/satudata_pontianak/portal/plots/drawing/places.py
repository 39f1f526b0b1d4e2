"""Regions of the code list, as tables name them. Pure: the list is a file of ours."""

from __future__ import annotations

from functools import lru_cache

from ....metadata import codes
from ....metadata.roles import Place


@lru_cache(maxsize=20_000)
def find(text: str) -> Place | None:
    """Return the region with this code or name, ``None`` where no region or several have it."""
    said = text.strip()
    for prefix in ("Kecamatan ", "Kec. ", "Kelurahan ", "Kel. "):
        said = said.removeprefix(prefix)
    found = codes.find_region(said)
    if found is None and said.isdigit() and len(said) in (6, 10):
        dotted = ".".join(p for p in (said[:2], said[2:4], said[4:6], said[6:]) if p)
        found = codes.region(dotted)
    return Place(found.code, found.level, found.label) if found is not None else None
