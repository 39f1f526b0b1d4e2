"""Masked samples: enough to recognise a kind of value, too little to recover one.

A NIK is region, birth date and a serial number with a handful of probable values, so even
half of it identifies; what stays is two digits at most.
"""

from __future__ import annotations

import re

KEPT_DIGITS = 2
MASK = "*"
_PERSONAL = re.compile(r"@((?:gmail|yahoo|hotmail|outlook|icloud|ymail)\.[a-z.]{2,6})$", re.I)


def mask_digits(value: str) -> str:
    """Hide everything but the last two digits: ``************01``."""
    digits = re.sub(r"\D", "", value)
    if len(digits) <= KEPT_DIGITS * 2:
        return MASK * len(digits)
    return MASK * (len(digits) - KEPT_DIGITS) + digits[-KEPT_DIGITS:]


def mask_email(value: str) -> str:
    """Hide the mailbox, and the domain as well unless everybody uses it."""
    known = _PERSONAL.search(value)
    return "***@" + (known[1].lower() if known else "***")


def mask_all(value: str) -> str:
    """Hide the whole value and its length."""
    return MASK * 3 if value else ""
