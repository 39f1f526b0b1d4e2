"""What speaks against something: a field, and what is said of it.

Pure: rules return it, and whoever asked them puts it into the reader's language.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from ... import days
from ...messages import Message
from ...msgids import N_


class Objection(NamedTuple):
    """One objection, and the parameter of the call that it belongs to."""

    key: str
    message: Message


EMPTY = N_("Fill in this field.")
NO_DATE = N_("Write the date as 24/11/2026 or 2026-11-24.")


def read_date(value: Any) -> date | None:
    """Return the date that a call gives as text; ``None`` when it is none."""
    if not isinstance(value, str):
        return None
    text = days.iso(value).strip()
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-24") else None
    except ValueError:
        return None


def is_text(value: Any) -> bool:
    """Tell whether this is a text that a database can keep, and not only blanks."""
    return isinstance(value, str) and bool(value.strip()) and "\x00" not in value
