"""What an action does to a row: done, committed, and where it is refused said as CKAN says it.

And what a round of the clock does to many rows, each apart from the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rq.timeouts import BaseTimeoutException

from ckan import model

from ...classification.requests.actions import tried

Done = TypeVar("Done")
log = logging.getLogger(__name__)


def committed(act: Callable[[], Done]) -> Done:
    """Do something and commit it; return what it gave.

    :raises ckan.plugins.toolkit.ValidationError: it was refused; nothing is kept.
    """

    def whole() -> Done:
        done = act()
        model.Session.commit()
        return done

    return tried(whole)


@contextmanager
def apart(what: str) -> Iterator[None]:
    """Do something to one row of a round: what fails of it is given back, and the round goes on.

    :param what: what the log calls the row: an id, no name.
    """
    try:
        with model.Session.begin_nested():
            yield
    except BaseTimeoutException:
        raise
    except Exception as problem:  # noqa: BLE001 - one row ends no round
        log.warning("nothing done to %s: %s", what, type(problem).__name__)
