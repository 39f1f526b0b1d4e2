"""What a person writes when an incident begins or ends: read and checked, never filled in. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ... import days
from ...agencies.rules.objection import EMPTY, NO_DATE, read_date
from ...messages import Message
from ...msgids import N_
from ..rules.refusals import InvalidFields, readable
from .definition import End, IncidentRules

Kinds = Callable[[str], list[str]]
"""Gives the labels of the kinds of hard identifiers in a text."""

NO_MOMENT = N_("Write the moment as 24/11/2026 14.30 or 2026-11-24T14:30.")
PERSONAL = N_(
    "This text holds what looks like personal data (%(kinds)s). Write which kinds and how many, "
    "never the data themselves."
)
OUTSIDE = N_("Choose a day from %(first)s to %(last)s.")
EITHER = N_("Fill in one of: %(fields)s.")


def check_end(
    end: End,
    rules: IncidentRules,
    values: Mapping[str, Any],
    *,
    first: dt.date,
    today: dt.date,
    vital: bool,
    kinds_in: Kinds,
) -> dict[str, str]:
    """Return what was written, by field: texts, and days as ISO text.

    :param first: the day on which the incident was detected; nobody was told of it before.
    :param vital: whether a vital system is concerned.
    :raises InvalidFields: with every problem at once.
    """
    found: dict[str, str] = {}
    errors: dict[str, list[Message]] = {}
    for name in end.fields:
        value = values.get(name)
        if value in (None, ""):
            continue
        if rules.fields[name].type == "date":
            problem = _read_date(value, first, today)
        else:
            problem = _read_text(value, rules, name, kinds_in)
        if problem is not None:
            errors[name] = [problem]
        else:
            found[name] = str(value).replace("\r\n", "\n").strip()
    needed = [*end.required, *(end.required_for_vital if vital else ())]
    for name in needed:
        if name not in found and name not in errors:
            errors[name] = [Message(EMPTY)]
    for group in end.one_of:
        if not any(name in found or name in errors for name in group):
            labels = [Message(rules.fields[name].label) for name in group]
            errors[group[0]] = [Message(EITHER, {"fields": labels})]
    if errors:
        raise InvalidFields(errors)
    return found


def _read_date(value: Any, first: dt.date, today: dt.date) -> Message | None:
    day = read_date(value)
    if day is None:
        return Message(NO_DATE)
    if not first <= day <= today:
        return Message(OUTSIDE, {"first": first, "last": today})
    return None


def _read_text(value: Any, rules: IncidentRules, name: str, kinds_in: Kinds) -> Message | None:
    text = readable(value)
    if text is None:
        return Message("The text holds a character that is not allowed.")
    field = rules.fields[name]
    low, high = field.min_length, field.max_length
    if len(text) < low:
        return Message("Say in at least %(count)s characters.", {"count": low})
    if high is not None and len(text) > high:
        return Message("At most %(count)s characters.", {"count": high})
    kinds = kinds_in(text)
    return Message(PERSONAL, {"kinds": ", ".join(kinds)}) if kinds else None


def read_moment(value: Any, zone: dt.tzinfo) -> dt.datetime | None:
    """Return the moment in a text, on the city's clock where it names no other, or ``None``."""
    text = days.iso(value).strip() if isinstance(value, str) else ""
    if len(text) <= len("2026-11-24"):
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
