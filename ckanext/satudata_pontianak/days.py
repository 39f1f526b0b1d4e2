"""Days and times as Indonesians write them, turned into ISO 8601, and back where a text says one.

``30/11/2026``, ``30-11-2026``, ``30.11.2026``, ``30 November 2026``, and the same with a time
behind, ``07.00`` or ``07:00``. The day stands before the month, as in every form of the government.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from . import clock

CITY = ZoneInfo("Asia/Pontianak")
"""The city's clock: a day begins by it, whoever asks from wherever."""


def today() -> dt.date:
    """Return today's date in Pontianak."""
    return clock.now().astimezone(CITY).date()


MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september",
    "oktober", "november", "desember",
)  # fmt: skip
MONTH_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari peb february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags agst aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov nopember nop",
            "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}
"""The number of a month by each of its names, spellings and short names, in small letters."""
LONGEST = 40

_TIME = r"(?:(?:,?\s+|T)(?:pukul\s+)?(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:\s*WIB)?)?"
_FIGURES = re.compile(
    r"(?P<day>\d{1,2})\s*(?P<mark>[/.-])\s*(?P<month>\d{1,2})\s*(?P=mark)\s*(?P<year>\d{4})"
    + _TIME,
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"(?P<day>\d{1,2})\s+(?P<month>[a-z]{3,9})\.?\s+(?P<year>\d{4})" + _TIME, re.IGNORECASE
)
_DOTTED = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2})\.(\d{2})")


def iso(text: str) -> str:
    """Return a day or moment in ISO 8601; what is no day as Indonesians write it stays as it is.

    Whether there is such a day in the calendar is for who reads the answer to find.
    """
    given = text.strip()
    if len(given) > LONGEST:
        return text
    dotted = _DOTTED.fullmatch(given)
    if dotted:
        return f"{dotted[1]} {int(dotted[2]):02}:{dotted[3]}"
    found = _FIGURES.fullmatch(given) or _WORDS.fullmatch(given)
    month = _month(found["month"]) if found else None
    if found is None or month is None:
        return text
    day = f"{found['year']}-{month:02}-{int(found['day']):02}"
    return f"{day} {int(found['hour']):02}:{found['minute']}" if found["hour"] else day


def written(value: dt.date) -> str:
    """Return a day as ``30/11/2026``, a moment with the time by the city's clock behind it.

    It is read the same in both languages, and fields take it as it stands.
    """
    if not isinstance(value, dt.datetime):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    local = value.astimezone(CITY) if value.tzinfo else value
    return f"{written(local.date())} {local:%H.%M}"


def _month(text: str) -> int | None:
    return int(text) if text.isdigit() else MONTH_NUMBERS.get(text.lower())
