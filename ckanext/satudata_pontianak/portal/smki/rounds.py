"""Has the clock hand out tasks and look at the controls."""

from __future__ import annotations

from collections.abc import Iterator

from ...classification.clock import rounds
from ...smki import clock
from .probes import probes


def _round() -> Iterator[str]:
    yield from clock.run(probes())


def join() -> None:
    """Join the runs of the clock."""
    rounds.join("smki", _round)
