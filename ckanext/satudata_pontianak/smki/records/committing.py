"""What an action does to a row: done, committed, and where it is refused said as CKAN says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ckan import model

from ...classification.requests.actions import tried

Done = TypeVar("Done")


def committed(act: Callable[[], Done]) -> Done:
    """Do something and commit it; return what it gave.

    :raises ckan.plugins.toolkit.ValidationError: it was refused; nothing is kept.
    """

    def whole() -> Done:
        done = act()
        model.Session.commit()
        return done

    return tried(whole)
