"""What a page asks for again and again is worked out once a request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import flask

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
_MEMORY = "satudata_once"


def once_a_request(work: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Remember the answers of a helper for the request that asks.

    For helpers whose answer depends on their arguments and on the request alone: its language,
    address and reader. Nothing is remembered outside of a request, where the language may change.
    """

    @wraps(work)
    def asked(*args: Arguments.args, **more: Arguments.kwargs) -> Answer:
        if not flask.has_request_context():
            return work(*args, **more)
        memory: dict[Any, Any] = flask.g.setdefault(_MEMORY, {})
        key = (work, args, tuple(sorted(more.items())))
        try:
            known = key in memory
        except TypeError:  # a list where a text belongs
            return work(*args, **more)
        if not known:
            memory[key] = work(*args, **more)
        return memory[key]

    return asked
