"""What a value must look like: years, dates, mailboxes.

Pure: each function returns the value as it is stored, or raises :class:`Malformed` with a code;
the words for the code are :data:`WORDS`.
"""

from __future__ import annotations

import re
from datetime import date

from .. import days
from ..msgids import N_

YEARS = re.compile(r"^(\d{4})(?:\s*[-\u2013\u2014/]\s*(\d{4}))?$")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MAILBOX = re.compile(r"^[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$")
NUMBER = re.compile(r"^[0-9]{1,9}$")
PERCENT = re.compile(r"^[0-9]{1,3}(?:\.[0-9]{1,3})?$")
GOVERNMENT = ".go.id"
FREE_MAIL = frozenset(
    "gmail googlemail yahoo ymail rocketmail hotmail outlook live msn icloud me mac aol proton "
    "protonmail pm zoho gmx mail yandex tutanota fastmail telkom plasa".split()
)

WORDS = {
    "years_form": N_("Write one year, such as 2024, or a range, such as 2019-2023"),
    "years_order": N_("The last year of the range must not be before the first"),
    "years_bounds": N_("Years must lie between 1900 and 2100"),
    "date_form": N_("Write the date as 31/03/2026 or 2026-03-31"),
    "date_unknown": N_("There is no such day in the calendar"),
    "mailbox_form": N_("This is not an e-mail address"),
    "mailbox_free": N_(
        "Give the mailbox of an office, ending in .go.id. A mailbox at a free provider belongs "
        "to a person and must not be shown here"
    ),
    "mailbox_not_government": N_("Give the mailbox of an office, ending in .go.id"),
    "number_form": N_("Write a whole number, in digits"),
    "percent_form": N_("Write a percentage, such as 99.5"),
    "percent_bounds": N_("A percentage must not be above 100"),
}
"""What is said of a value that cannot be stored, by the code of :class:`Malformed`."""


class Malformed(ValueError):
    """A value that cannot be stored as it is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def years(text: str) -> tuple[int, int]:
    """First and last year of ``2024`` or ``2019-2023``."""
    match = YEARS.match(text.strip())
    if match is None:
        raise Malformed("years_form")
    start, end = int(match[1]), int(match[2] or match[1])
    if end < start:
        raise Malformed("years_order")
    if start < FIRST_YEAR or end > LAST_YEAR:
        raise Malformed("years_bounds")
    return start, end


def stored_years(text: str) -> str:
    """The range as it is stored: one year, or two with a plain hyphen."""
    start, end = years(text)
    return str(start) if start == end else f"{start}-{end}"


def stored_date(value: str | date) -> str:
    """A day as YYYY-MM-DD. A time of day behind it, as forms and imports send it, is cut off."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day).isoformat()
    text = days.iso(value).strip()
    match = re.match(r"^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?$", text)
    if match is None:
        raise Malformed("date_form")
    try:
        return date.fromisoformat(match[1]).isoformat()
    except ValueError as e:
        raise Malformed("date_unknown") from e


def stored_number(text: str, smallest: int, largest: int) -> str:
    """A whole number within its bounds, without what some write around it."""
    value = text.strip()
    if not NUMBER.match(value):
        raise Malformed("number_form")
    if not smallest <= int(value) <= largest:
        raise Malformed("number_bounds")
    return str(int(value))


def stored_percent(text: str) -> str:
    """A share between 0 and 100 with at most three decimals; ``99,5`` is kept as ``99.5``."""
    value = text.strip().removesuffix("%").strip().replace(",", ".")
    if not PERCENT.match(value):
        raise Malformed("percent_form")
    if float(value) > 100:
        raise Malformed("percent_bounds")
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def stored_mailbox(text: str) -> str:
    """A mailbox of an office of government, in small letters.

    A mailbox at a free provider belongs to a person and outlives their office, so it is refused
    for what it is.
    """
    value = text.strip().lower()
    match = MAILBOX.match(value)
    if match is None or ".." in value or value.startswith("."):
        raise Malformed("mailbox_form")
    domain = match[1]
    if domain.endswith(GOVERNMENT):
        return value
    free = FREE_MAIL & set(domain.split(".")[:-1])
    raise Malformed("mailbox_free" if free else "mailbox_not_government")
