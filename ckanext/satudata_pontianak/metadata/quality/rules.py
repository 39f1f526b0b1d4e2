"""The rules that ``schemas/quality.yaml`` names, one function for each. Pure.

A field that is filled with what it may not hold counts as empty. How current figures are follows
from the periods in the data and the calendar, never from when a description was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import codes, formats, freshness
from ..completeness import is_empty
from ..freshness import Freshness


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file.

    :ivar came: the day on which its bytes came.
    :ivar newest: the last day of the newest period in its rows, where they tell it.
    """

    id: str
    name: str = ""
    format: str = ""
    kept: bool = False
    table: bool = False
    came: dt.date | None = None
    newest: dt.date | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a dataset: its fields, the definitions of these, and its files."""

    values: Mapping[str, Any]
    fields: Mapping[str, Mapping[str, Any]]
    files: Sequence[FileFacts]
    today: dt.date
    open_formats: frozenset[str]


def filled(facts: Facts, field: str) -> bool:
    """Tell whether a field holds what it may hold."""
    given = facts.fields.get(field, {})
    value = facts.values.get(field)
    if is_empty(value, given.get("empty_values", ())):
        return False
    if given.get("codes") in _LISTS:
        return _LISTS[given["codes"]](str(value)) is not None
    if choices := given.get("choices"):
        return value in [choice["value"] for choice in choices]
    check = _FORMS.get(str(given.get("preset")))
    try:
        return check is None or bool(check(str(value)))
    except formats.Malformed:
        return False


_LISTS: Mapping[Any, Callable[[str], Any]] = {"urusan": codes.urusan, "wilayah": codes.region}
_FORMS: Mapping[str, Callable[[str], Any]] = {
    "satudata_mailbox": formats.stored_mailbox,
    "satudata_years": formats.years,
    "satudata_date": formats.stored_date,
}


def tagged(facts: Facts, _field: str) -> bool:
    """Tell whether a dataset has a keyword."""
    return bool(facts.values.get("tags") or str(facts.values.get("tag_string") or "").strip(" ,"))


def has_file(facts: Facts, _field: str) -> bool:
    """Tell whether there is a file."""
    return bool(facts.files)


def kept_here(facts: Facts, _field: str) -> bool:
    """Tell whether every file is kept on the portal."""
    return bool(facts.files) and all(one.kept for one in facts.files)


def formats_named(facts: Facts, _field: str) -> bool:
    """Tell whether every file names its format."""
    return bool(facts.files) and all(one.format.strip() for one in facts.files)


def files_named(facts: Facts, _field: str) -> bool:
    """Tell whether every file has a name."""
    return bool(facts.files) and all(one.name.strip() for one in facts.files)


def open_format(facts: Facts, _field: str) -> bool:
    """Tell whether a file is in a format that no firm owns."""
    return any(one.format.strip().casefold() in facts.open_formats for one in facts.files)


def table(facts: Facts, _field: str) -> bool:
    """Tell whether a program reads a file as a table."""
    return any(one.table for one in facts.files)


def state(facts: Facts) -> Freshness:
    """Return how current the figures are, by their periods, the frequency and the calendar.

    A later day of release that somebody writes makes nothing fresh: the frequency counts beside it.
    """
    came = [(one.came, one.newest) for one in facts.files if one.came is not None]
    last = max((day for day, _ in came), default=None)
    newest = freshness.newest_told(came)
    frequency = facts.values.get("frekuensi_penerbitan")
    scheduled = freshness.day_of(facts.values.get("jadwal_rilis"))
    found = [
        freshness.freshness(frequency, last, facts.today, day, newest) for day in (scheduled, None)
    ]
    return next((s for s in _WORST_FIRST if s in found), Freshness.UNKNOWN)


_WORST_FIRST = (Freshness.LATE, Freshness.DUE, Freshness.FRESH)


def current(facts: Facts, _field: str) -> bool:
    """Tell whether there are figures that are not late by how often they come.

    What says that figures come irregularly cannot be late.
    """
    has_data = any(one.came is not None for one in facts.files)
    promised = filled(facts, "frekuensi_penerbitan")
    return has_data and promised and state(facts) is not Freshness.LATE


RULES: Mapping[str, Callable[[Facts, str], bool]] = {
    f.__name__: f
    for f in (
        current,
        filled,
        files_named,
        formats_named,
        has_file,
        kept_here,
        open_format,
        table,
        tagged,
    )
}
