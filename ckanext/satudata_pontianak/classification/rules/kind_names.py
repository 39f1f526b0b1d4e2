"""What a kind of personal data is called, wherever people read of it. Pure."""

from __future__ import annotations

from ...disclosure.recognizers import RECOGNIZERS
from ...messages import Message

KINDS = {kind: recognizer.label for kind, recognizer in RECOGNIZERS.items()}


def called(kind: str) -> Message | str:
    """Return the name of a kind as a message; a kind without one is told by its code."""
    return Message(KINDS[kind]) if kind in KINDS else kind
