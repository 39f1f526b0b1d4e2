"""What is said of a table on its way between two processes: messages as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..messages import Message

_MESSAGE = "msgid"


def to_json(said: Message) -> dict[str, Any]:
    """Return a message as JSON holds it."""
    return {_MESSAGE: said.msgid, "params": {k: _value(v) for k, v in said.params.items()}}


def of_json(data: Mapping[str, Any]) -> Message:
    """Return the message that JSON holds.

    :raises KeyError, TypeError, AttributeError: it holds none.
    """
    return Message(str(data[_MESSAGE]), {str(k): _read(v) for k, v in data["params"].items()})


def _value(value: Any) -> Any:
    if isinstance(value, Message):
        return to_json(value)
    if isinstance(value, (list, tuple)):
        return [_value(item) for item in value]
    return value if isinstance(value, (str, int, float)) else str(value)


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return of_json(value)
    return [_read(item) for item in value] if isinstance(value, list) else value
