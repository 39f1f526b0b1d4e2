"""The mark of a text that is translated where it is shown, not where it is written."""

from __future__ import annotations


def N_(msgid: str) -> str:  # noqa: N802 - the name that extraction looks for
    """Mark a constant for the catalogue and return it as it is."""
    return msgid
