"""What is said to people: an English msgid with parameters, translated at the edge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import days
from .msgids import bare

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Message:
    """A msgid and its parameters: texts, numbers, days, other messages, or lists of these."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def text(self, translate: Translate = str) -> str:
        """Return the text in the language of ``translate``."""
        values = {key: _value(value, translate) for key, value in self.params.items()}
        text = bare(translate(self.msgid))
        return text % values if values else text

    def __str__(self) -> str:
        return self.text()


def _value(value: Any, translate: Translate) -> str:
    if isinstance(value, Message):
        return value.text(translate)
    if isinstance(value, dt.date):
        return days.written(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_value(item, translate) for item in value)
    return str(value)
