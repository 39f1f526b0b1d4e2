"""Joins the clock, and what is laid over apps: reports, what apps lack, addresses withheld."""

from __future__ import annotations

from collections.abc import Iterator

from ...access.reading import overlay
from ...classification.clock import rounds
from ...classification.records import dataset_types
from ...jepin.door import lacks
from ...jepin.records import withheld
from ...jepin.reports import photos, reporting


def join() -> None:
    """Join the clock, and the overlay of what readers get."""
    overlay.join(dataset_types.APP, withheld.withhold)
    rounds.join("jepin.reports", _reports)
    rounds.join("jepin.lacks", _lacks)


def _reports() -> Iterator[str]:
    yield f"{reporting.remind()} people told of late answers to citizens' reports."
    yield f"{reporting.erase()} texts of citizens' reports erased."
    yield f"{photos.erase()} photos of citizens' reports erased."


def _lacks() -> Iterator[str]:
    yield f"{lacks.keep()} people told of what their apps lack."
