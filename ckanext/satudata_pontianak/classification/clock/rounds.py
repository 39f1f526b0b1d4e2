"""What rooms above do whenever the clock runs: they join, and the clock names none of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ckan import model

log = logging.getLogger(__name__)

Round = Callable[[], Iterator[str]]
_rounds: dict[str, Round] = {}


@dataclass(frozen=True)
class Line:
    """What was done, or which part failed."""

    text: str
    failed: bool = False


FAILED = "FAILED: {name}. The log of the site says why; the next run tries again."


def join(name: str, round_: Round) -> None:
    """Have something done by each run of the clock; it gives lines that say what was done."""
    _rounds[name] = round_


def run() -> Iterator[Line]:
    """Do what joined, each by itself: what fails is said and stops nothing else."""
    for name, round_ in _rounds.items():
        try:
            for text in round_():
                yield Line(text)
        except Exception:
            model.Session.rollback()
            log.exception("a part of the clock failed: %s", name)
            yield Line(FAILED.format(name=name), failed=True)
