"""Formats of files by the list that CKAN ships (``resource_formats.json``), and what is added.

Pure: the list is given.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence


class FormatList:
    """What a format may be called, and what it is called then."""

    def __init__(self, known: Mapping[str, Sequence[str]], more: Iterable[str]) -> None:
        """Take CKAN's list (a name or type in small letters → type, name, words) and more names."""
        self._names = {name.casefold(): name for name in more}
        self._names |= {key.casefold(): str(row[1]) for key, row in known.items()}

    def name(self, text: str | None) -> str | None:
        """Return what a format is called; empty for none, ``None`` where the list has no such."""
        wanted = (text or "").strip()
        if not wanted:
            return ""
        return self._names.get(wanted.lstrip(".").casefold())

    def nearest(self, text: str) -> str | None:
        """Return the name of the list that is most like a text, ``None`` where none is."""
        wanted = text.strip().lstrip(".").casefold()[:40]
        found = difflib.get_close_matches(wanted, self._names, n=1, cutoff=0.5)
        return self._names[found[0]] if found else None
