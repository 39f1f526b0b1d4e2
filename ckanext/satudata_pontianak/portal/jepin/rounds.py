"""Has the clock remind of citizens' reports, and erase what they wrote."""

from __future__ import annotations

from collections.abc import Iterator

from ...classification.clock import rounds
from ...jepin.reports import photos, reporting


def join() -> None:
    """Join the clock."""
    rounds.join("jepin.reports", _reports)


def _reports() -> Iterator[str]:
    yield f"{reporting.remind()} people told of late answers to citizens' reports."
    yield f"{reporting.erase()} texts of citizens' reports erased."
    yield f"{photos.erase()} photos of citizens' reports erased."
