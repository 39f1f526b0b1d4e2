"""The marks of a text that is translated where it is shown, not where it is written.

An English word with two Indonesian meanings carries a context (gettext's *msgctxt*): "Number" is
"Jumlah" of a count and "Nomor" of a letter. Which words need one stands in ``i18n/glossary.yaml``.
"""

from __future__ import annotations

GLUE = "\x04"
"""What stands between context and text in the key that gettext itself looks up."""


def N_(msgid: str) -> str:  # noqa: N802 - the name that extraction looks for
    """Mark a constant for the catalogue and return it as it is."""
    return msgid


def NP_(context: str, msgid: str) -> str:  # noqa: N802 - the name that extraction looks for
    """Mark a constant that has a context, and return the key by which ``gettext`` finds it.

    Show it through ``bare()`` where a catalogue may lack it.
    """
    return in_context(context, msgid)


def in_context(context: str, msgid: str) -> str:
    """Return the key of a text in a context."""
    return f"{context}{GLUE}{msgid}"


def bare(text: str) -> str:
    """Return a text without its context: what a catalogue that does not know the key gives back."""
    return text.rpartition(GLUE)[2]
