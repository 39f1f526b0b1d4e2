"""What somebody writes: long enough, short enough, readable, and without identifiers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...agencies.rules.objection import EMPTY
from ...classification.incidents.fields import PERSONAL, Kinds
from ...classification.rules.refusals import readable
from ...messages import Message
from ...msgids import N_

SHORT = N_("Say in at least %(count)s characters.")
LONG = N_("At most %(count)s characters.")
UNREADABLE = N_("The text holds a character that is not allowed.")


def read(
    value: Any, kinds_in: Kinds, low: int, high: int, *, one_line: bool = False
) -> tuple[Message | None, str | None]:
    """Return what is wrong with a text, or what is kept of it.

    :param kinds_in: gives the labels of hard identifiers in a text: such a text is refused.
    :param low: fewest characters, ``high`` most.
    """
    text = readable(value)
    if text is None or (one_line and "\n" in text):
        return Message(UNREADABLE), None
    if len(text) < low:
        return Message(SHORT, {"count": low}), None
    if len(text) > high:
        return Message(LONG, {"count": high}), None
    kinds = kinds_in(text)
    return (Message(PERSONAL, {"kinds": ", ".join(kinds)}), None) if kinds else (None, text)


def texts(
    names: Iterable[str],
    given: Mapping[str, Any],
    kinds_in: Kinds,
    errors: dict[str, list[Message]],
    low: int,
    high: int,
) -> dict[str, str]:
    """Return texts that all have to be written, by field; what is wrong goes into ``errors``."""
    found: dict[str, str] = {}
    for name in names:
        value = given.get(name)
        if not isinstance(value, str) or readable(value) == "":
            errors[name] = [Message(EMPTY)]
            continue
        problem, text = read(value, kinds_in, low, high)
        if problem is not None:
            errors[name] = [problem]
        elif text is not None:
            found[name] = text
    return found
