"""What somebody writes: long enough, short enough, readable, and without identifiers. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from ... import days
from ...agencies.rules.objection import EMPTY, NO_DATE, read_date
from ...classification.incidents.fields import NO_MOMENT, PERSONAL, Kinds, read_moment
from ...classification.rules.refusals import InvalidFields, readable
from ...messages import Message
from ...msgids import N_

SHORT = N_("Say in at least %(count)s characters.")
LONG = N_("At most %(count)s characters.")
UNREADABLE = N_("The text holds a character that is not allowed.")
NO_STEP = N_("This step is not possible, or not yours.")
CHOOSE = N_("Choose one of: %(choices)s.")
FUTURE = N_("The moment lies in the future.")
FUTURE_DAY = N_("This day has not come yet.")
AHEAD = N_("Name a day that lies ahead.")
FAR = N_("Name a day within %(years)s years.")
YEARS_AHEAD = 3
"""What a meeting decides is carried out within so many years at most."""


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


def step(named: Any, among: Iterable[str], possible: Iterable[str]) -> str:
    """Return the step that somebody names, of those that they may take now.

    :param among: the names of all steps there are.
    :raises InvalidFields: there is none of this name, or it is not possible for them.
    """
    errors = dict[str, list[Message]]()
    name = choice("step", {"step": named}, among, errors)
    if not errors and name not in possible:
        errors[""] = [Message(NO_STEP)]
    if errors:
        raise InvalidFields(errors)
    return name


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


def past_day(
    key: str,
    given: Mapping[str, Any],
    errors: dict[str, list[Message]],
    first: tuple[dt.date | None, str] = (None, ""),
) -> dt.date | None:
    """Return a day that has come; else why not in ``errors``.

    :param first: the day before which it may not lie, and what is said of one that does.
    """
    day, (earliest, before) = read_date(given.get(key)), first
    if day is None:
        errors[key] = [Message(NO_DATE if given.get(key) else EMPTY)]
    elif day > days.today():
        errors[key] = [Message(FUTURE_DAY)]
    elif earliest is not None and day < earliest:
        errors[key] = [Message(before, {"day": earliest})]
    return day


def day_ahead(
    key: str, given: Mapping[str, Any], errors: dict[str, list[Message]]
) -> dt.date | None:
    """Return the day until which something is carried out; else why not in ``errors``."""
    day = read_date(given.get(key))
    if day is None:
        errors[key] = [Message(NO_DATE if given.get(key) else EMPTY)]
    elif day <= days.today():
        errors[key] = [Message(AHEAD)]
    elif day > days.today() + dt.timedelta(days=366 * YEARS_AHEAD):
        errors[key] = [Message(FAR, {"years": YEARS_AHEAD})]
    return day
