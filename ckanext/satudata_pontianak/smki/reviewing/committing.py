"""Does something and commits it; what a rule refuses is undone and said as CKAN says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan import model

from ...classification.requests.actions import tried


def committed(act: Callable[[], Any]) -> Any:
    """Return what was done, committed.

    :raises ckan.plugins.toolkit.ValidationError: a rule refuses it.
    """

    def whole() -> Any:
        made = act()
        model.Session.commit()
        return made

    return tried(whole)
