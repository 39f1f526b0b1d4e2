"""Which datasets are the same but for their period, and which periods are missing. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from ... import paths
from ...metadata.periods import Grain, Period
from ...metadata.title_periods import bare, period, shown, sortable
from ...surface.yaml_source import Positive, Source, Text

__all__ = ["Series", "bare", "gaps", "name", "period", "series", "shown", "sortable"]
LONGEST = 100
MOST_GAPS = 60


class Series(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    most: Positive
    cells: Positive
    column: Text
    otherwise: Text


@lru_cache(maxsize=1)
def series() -> Series:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    return Source.read(paths.schemas() / "series.yaml").shaped(Series)


def name(agency: str, title: str) -> str:
    """Return how the series of a dataset is called in its address.

    It says nothing that agency and title do not: who sees the dataset may know it.
    """
    text = unicodedata.normalize("NFKD", bare(title)).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", f"{agency} {text}".casefold()))
    if len(words) <= LONGEST:
        return words
    # What is cut off may be what tells two apart.
    rest = hashlib.sha256(words.encode()).hexdigest()[:8]
    return f"{words[: LONGEST - 9].strip('-')}-{rest}"


def gaps(known: Sequence[Period]) -> list[str]:
    """Return the periods between the first and the last that are missing, ``[]`` of several kinds.

    :param known: of one grain, or nothing is told.
    """
    grains = {one.grain for one in known}
    if len(grains) != 1 or Grain.DAY in grains:
        return []
    grain, there = grains.pop(), {one.position for one in known}
    parts = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.SEMESTER: 2}.get(grain, 1)
    missing = [n for n in range(min(there), max(there)) if n not in there][:MOST_GAPS]
    part = 1 if parts > 1 else 0
    return [shown(Period(n // parts, n % parts + part, 0, grain)) for n in missing]
