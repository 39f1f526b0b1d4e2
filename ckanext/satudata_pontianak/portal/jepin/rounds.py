"""Has the clock remind of citizens' reports and erase them, and see what apps lack."""

from __future__ import annotations

from collections.abc import Iterator

from ...classification.clock import rounds
from ...jepin.door import lacks
from ...jepin.reports import photos, reporting


def join() -> None:
    """Join the clock."""
    rounds.join("jepin.reports", _reports)
    rounds.join("jepin.lacks", _lacks)


def _reports() -> Iterator[str]:
    yield f"{reporting.remind()} people told of late answers to citizens' reports."
    yield f"{reporting.erase()} texts of citizens' reports erased."
    yield f"{photos.erase()} photos of citizens' reports erased."


def _lacks() -> Iterator[str]:
    yield f"{lacks.keep()} people told of what their apps lack."
