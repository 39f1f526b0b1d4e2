"""What a kind of personal data is called, wherever people read of it. Pure."""

from __future__ import annotations

from ...disclosure.recognizers import RECOGNIZERS
from ...messages import Message
from ...msgids import N_

UNREAD = "unread"
"""What no scan could read, or nobody keeps: it may hold any kind."""
KINDS = {
    **{kind: recognizer.label for kind, recognizer in RECOGNIZERS.items()},
    UNREAD: N_("content that no scan could read"),
}


def called(kind: str) -> Message | str:
    """Return the name of a kind as a message; a kind without one is told by its code."""
    return Message(KINDS[kind]) if kind in KINDS else kind
