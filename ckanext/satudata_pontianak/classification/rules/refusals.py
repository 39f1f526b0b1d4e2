"""A step is refused, or what was given with it: for which reason, told as a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...messages import Message


class Refused(Exception):
    """A step is refused: the person may not, or the case does not allow it."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message


class NotAllowed(Refused):
    """The person has not the duty, or is excluded."""


def readable(value: Any) -> str | None:
    """Return a text without blanks around it; ``None`` where a database could not keep it."""
    if not isinstance(value, str) or "\x00" in value:
        return None
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return value.replace("\r\n", "\n").strip()


MIN_REASON = 10


def check_reason(reason: str) -> dict[str, list[Message]]:
    """Return what is wrong with a reason, by field: it says something, and nothing hostile."""
    if readable(reason) is None:
        return {"reason": [Message("The text holds a character that is not allowed.")]}
    if len(reason.strip()) < MIN_REASON:
        text = Message("Give the reason in at least %(count)s characters.", {"count": MIN_REASON})
        return {"reason": [text]}
    return {}


class InvalidFields(Exception):
    """Fields are missing or wrong: field → messages."""

    def __init__(self, errors: Mapping[str, list[Message]]) -> None:
        super().__init__("; ".join(f"{k}: {m}" for k, ms in errors.items() for m in ms))
        self.errors = dict(errors)
