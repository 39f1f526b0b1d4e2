"""The one place that asks what time it is.

Nothing else of ours asks the system or PostgreSQL; a test of the house holds it. Another time is
set by a call alone, in the process that calls: the demo and the tests do. No option, variable,
header or field leads here, since this module reads none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

_ahead = dt.timedelta()


def now() -> dt.datetime:
    """Return the present moment, with its zone."""
    return system() + _ahead


def system() -> dt.datetime:
    """Return the moment that all processes share, with its zone, whatever this one was set to.

    For what they leave to one another: marks that order events, windows and timers of others.
    """
    return dt.datetime.now(dt.UTC)


def moved() -> bool:
    """Tell whether this process was set to another time."""
    return bool(_ahead)


@contextmanager
def set_to(moment: dt.datetime) -> Iterator[None]:
    """Let it be this moment in this process, and go on from there, until the block ends.

    :param moment: with its zone.
    """
    global _ahead  # noqa: PLW0603
    before, _ahead = _ahead, moment - system()
    try:
        yield
    finally:
        _ahead = before
