"""The counter of downloads: what an incident's reach is reckoned from."""

from __future__ import annotations

from ....access.reading import counting
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red
from .. import saying

NO_KEY = N_("Downloads are not counted: the key of the day is missing or wrong.")
COUNTS = N_("Downloads are counted; the key of today is there.")


def downloads_counted(look: Look) -> Evidence:
    """Can a download of today be counted?"""
    return green(COUNTS) if counting.can_count(saying.city_day(look.at)) else red(NO_KEY)


PROBES = {"downloads_counted": downloads_counted}
