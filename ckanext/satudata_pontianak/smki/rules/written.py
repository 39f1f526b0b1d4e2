"""What somebody writes: long enough, short enough, readable, and without identifiers. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from ... import days
from ...agencies.rules.objection import EMPTY
from ...classification.incidents.fields import NO_MOMENT, PERSONAL, Kinds, read_moment
from ...classification.rules.refusals import readable
from ...messages import Message
from ...msgids import N_

SHORT = N_("Say in at least %(count)s characters.")
LONG = N_("At most %(count)s characters.")
UNREADABLE = N_("The text holds a character that is not allowed.")
CHOOSE = N_("Choose one of: %(choices)s.")
FUTURE = N_("The moment lies in the future.")


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


def choice(
    key: str, given: Mapping[str, Any], among: Iterable[str], errors: dict[str, list[Message]]
) -> str:
    """Return what was chosen of some names; of anything else nothing, and why in ``errors``."""
    value, known = given.get(key), sorted(among)
    if isinstance(value, str) and value in known:
        return value
    errors[key] = [Message(CHOOSE, {"choices": known}) if value else Message(EMPTY)]
    return ""


def moment(
    key: str, given: Mapping[str, Any], now: dt.datetime, errors: dict[str, list[Message]]
) -> dt.datetime | None:
    """Return a moment that has come, read on the city's clock; else why not in ``errors``."""
    at = read_moment(given.get(key), days.CITY)
    if at is None:
        errors[key] = [Message(NO_MOMENT)]
    elif at > now:
        errors[key] = [Message(FUTURE)]
    return at
