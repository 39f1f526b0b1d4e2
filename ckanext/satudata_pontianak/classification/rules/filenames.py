"""Names of uploaded files: refuse what is hostile, so that nothing has to be repaired later."""

from __future__ import annotations

import unicodedata

from ...messages import Message
from ...msgids import N_

MAX_LENGTH = 200
FORBIDDEN = frozenset("/\\<>:\"|?*'`;&$")


def problem(name: str | None) -> Message | None:
    """Return what is wrong with a file's name, or ``None``.

    Refused: no name, parts of a path, hidden names, control or direction characters, marks
    that a shell or a page could take for commands, no ending, over 200 characters.
    """
    text = name or ""
    hint = N_(
        "Rename it with letters, digits, spaces, dots and hyphens, for example 'data-2026.csv'."
    )
    if not text.strip():
        return Message("The file has no name. %(hint)s", {"hint": Message(hint)})
    if len(text) > MAX_LENGTH:
        return Message(
            "The name of the file is longer than %(count)s characters. %(hint)s",
            {"count": MAX_LENGTH, "hint": Message(hint)},
        )
    hostile = (
        bool(FORBIDDEN & set(text))
        or text.startswith((".", "-"))
        or text != text.strip()
        or any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") for c in text)
    )
    if hostile:
        return Message("The name of the file is not safe. %(hint)s", {"hint": Message(hint)})
    if "." not in text.strip("."):
        return Message("The name of the file has no ending. %(hint)s", {"hint": Message(hint)})
    return None


def ending(name: str) -> str:
    """Return the ending in small letters, without the dot; empty when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""
