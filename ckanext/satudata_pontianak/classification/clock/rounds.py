"""What rooms above do whenever the clock runs: they join, and the clock names none of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from ckan import model

log = logging.getLogger(__name__)

Round = Callable[[], Iterator[str]]
_rounds: dict[str, Round] = {}

FAILED = "FAILED: {name}. The log of the site says why; the next run tries again."


def join(name: str, round_: Round) -> None:
    """Have something done by each run of the clock; it gives lines that say what was done."""
    _rounds[name] = round_


def run() -> Iterator[str]:
    """Do what joined, each by itself: what fails is said and stops nothing else."""
    for name, round_ in _rounds.items():
        try:
            yield from round_()
        except Exception:
            model.Session.rollback()
            log.exception("a part of the clock failed: %s", name)
            yield FAILED.format(name=name)
