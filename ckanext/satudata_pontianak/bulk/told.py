"""How values stand in a sheet that people fill in: codes with names, choices by their words. Pure.

What is written so is read back by ``checking.py``, as is the code or the name alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import suppress

from .. import days
from ..messages import Translate
from ..metadata import codes
from ..msgids import bare
from . import fields as known
from . import words
from .fields import Field

Licences = Mapping[str, str]
"""Id → title."""
Agencies = Mapping[str, str]
"""Name → title."""


def told(
    name: str, value: str, translate: Translate = str, licences: Licences | None = None
) -> str:
    """Return a stored value as a cell says it; one that no list knows as it is stored."""
    field = known.fields().get(name)
    if field is None or not value:
        return value
    if name == "license_id":
        return (licences or {}).get(value, value)
    if field.codes:
        code = codes.code_list(field.codes).get(value)
        return f"{code.code} {code.label}" if code else value
    if field.choices:
        return bare(translate(field.choices[value])) if value in field.choices else value
    return _day(value) if field.preset == "satudata_date" else value


def as_told(name: str, value: str, licences: Licences | None = None) -> set[str]:
    """Return a stored value as a sheet of any language says it."""
    languages = (words.translation(each) for each in words.LANGUAGES)
    return {value, *(told(name, value, each, licences) for each in languages)}


def choices(
    field: Field, licences: Licences | None = None, agencies: Agencies | None = None
) -> Iterator[str]:
    """Give the values that a field takes, as they are stored; nothing where it takes any text."""
    if field.choices:
        yield from field.choices
    elif field.codes:
        yield from codes.code_list(field.codes).codes
    elif field.name == "license_id":
        yield from (each for each in licences or () if each not in field.empty_values)
    elif field.name == "owner_org":
        yield from agencies or ()


def _day(value: str) -> str:
    with suppress(ValueError):
        day = dt.date.fromisoformat(value)
        return f"{day.day} {days.MONTHS[day.month - 1].capitalize()} {day.year}"
    return value
