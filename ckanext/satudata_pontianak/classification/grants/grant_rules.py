"""When a grant ends because the decision that it was given under was replaced.

Pure. A grant covers what was decided when it was given. A new decision that is in no respect
narrower takes it over; any other ends it, and what cannot be compared counts as narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PERSONAL = ("tidak_ada", "dianonimkan", "umum", "spesifik")
"""Personal data, from the least to the most protected (UU 27/2022 article 4)."""


@dataclass(frozen=True)
class Decided:
    """What of a decision matters for a grant."""

    level: str
    personal: str
    recipients: frozenset[str] = frozenset()
    all_agencies: bool = False


def tightens(old: Decided, new: Decided | None, levels: Sequence[str]) -> bool:
    """Tell whether the new decision closes anything that the old one left open.

    :param levels: the names of the levels, from the most open to the most closed.
    :param new: ``None``: nothing is decided any more.
    """
    if new is None:
        return True
    if {old.level, new.level} - set(levels) or {old.personal, new.personal} - set(PERSONAL):
        return True
    if levels.index(new.level) > levels.index(old.level):
        return True
    if PERSONAL.index(new.personal) > PERSONAL.index(old.personal):
        return True
    if new.level == levels[0]:
        return False  # open to everyone: there are no recipients any more
    if old.all_agencies and not new.all_agencies:
        return True
    return not new.all_agencies and not old.recipients <= new.recipients
