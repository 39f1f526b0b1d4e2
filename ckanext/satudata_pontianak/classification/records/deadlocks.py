"""A call that PostgreSQL ended because two waited for each other is made again, as a whole.

PostgreSQL ends one of them (40P01, or 40001) and rolls back all that it did; nothing is wrong with
the call. So the outermost call of a request begins anew: in a new transaction, with its parameters
and its context as they came, and uploads read from where they began. A call that has committed
something already is not made again: what it committed, mailed or recorded would be done twice.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import flask
from sqlalchemy import event

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.logic.action import create, delete, patch, update

log = logging.getLogger(__name__)

TRIES = 5
CODES = frozenset({"40P01", "40001"})
"""Deadlock detected, and serialization failure: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
PAUSE_SECONDS = 0.05

_inside: ContextVar[bool] = ContextVar("satudata_call", default=False)


def is_deadlock(problem: BaseException | None) -> bool:
    """Tell whether a problem, or what it was raised from, is PostgreSQL's end of a deadlock."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        original = getattr(problem, "orig", problem)
        if getattr(original, "pgcode", None) in CODES:
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def tried(actions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the actions, those that change something tried again."""
    return {
        name: action if getattr(action, "side_effect_free", False) else _again(name, action)
        for name, action in actions.items()
    }


def with_core(actions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the actions as :func:`tried` does, and core's own that change something."""
    found = tried(actions)
    for module in (create, update, delete, patch):
        for name, action in authz.get_local_functions(module):
            if name not in found and not getattr(action, "side_effect_free", False):
                found[name] = _again(name, _core(action))
    return found


def _core(action: Callable[..., Any]) -> Callable[..., Any]:
    """Return core's own action in a form that stands before it."""

    @tk.chained_action
    def same(original: Any, context: Any, data_dict: Any) -> Any:
        return original(context, data_dict)

    # What CKAN tells of an action it takes from here, once something stands before it.
    marks = {k: v for k, v in action.__dict__.items() if k != "__wrapped__"}
    same.__dict__.update(marks, __doc__=action.__doc__)
    return same


def _again(name: str, action: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(action)
    def called(*args: Any, **more: Any) -> Any:
        if len(args) < 2 or more or not _is_outermost(args[-2]):
            return action(*args, **more)
        *before, context, data_dict = args
        token = _inside.set(True)
        try:
            return _until_done(name, lambda c, d: action(*before, c, d), context, data_dict)
        finally:
            _inside.reset(token)

    return called


def _is_outermost(context: Any) -> bool:
    """Is this the call of a request, before which nothing was changed that it would lose?"""
    if _inside.get() or not isinstance(context, dict) or context.get("defer_commit"):
        return False
    if not flask.has_request_context() or "REMOTE_ADDR" not in flask.request.environ:
        return False
    session = model.Session
    return not (session.new or session.dirty or session.deleted)


def _until_done(
    name: str, call: Callable[[Any, Any], Any], context: dict[str, Any], data_dict: Any
) -> Any:
    asked, said = _copied(data_dict), _copied(context)
    streams = list(_streams(data_dict))
    for turn in range(1, TRIES + 1):
        with _commits() as committed:
            try:
                return call(context, data_dict)
            except Exception as problem:
                if not is_deadlock(problem) or committed:
                    raise
                model.Session.rollback()
                if turn == TRIES or not _rewound(streams):
                    raise tk.ValidationError({"message": [_busy()]}) from problem
        log.warning("%s met a deadlock and is tried again (%s)", name, turn)
        _put_back(context, said)
        _put_back(data_dict, asked)
        time.sleep(PAUSE_SECONDS * turn * (0.5 + random.random()))  # noqa: S311 - no secret
    raise AssertionError("unreachable")


def _put_back(value: Any, before: Any) -> None:
    """Give a dictionary what it held before; those who hold it keep holding the same one."""
    if isinstance(value, dict):
        value.clear()
        value.update(_copied(before))


def _rewound(streams: list[tuple[Any, int]]) -> bool:
    """Let uploads be read from where they began; ``False`` where one was closed meanwhile."""
    try:
        for stream, place in streams:
            stream.seek(place)
    except (OSError, ValueError):
        return False
    return True


def _busy() -> str:
    return tk._(
        "Somebody else changed the same at the same moment. Nothing was changed by this call: "
        "send it again."
    )


@contextmanager
def _commits() -> Iterator[list[bool]]:
    """Notice whether the session commits its transaction."""
    done: list[bool] = []
    session = model.Session()

    def committed(ended: Any) -> None:
        if ended.get_nested_transaction() is None:  # a savepoint commits nothing
            done.append(True)

    event.listen(session, "after_commit", committed)
    try:
        yield done
    finally:
        event.remove(session, "after_commit", committed)


def _copied(value: Any) -> Any:
    """Return a value with containers of its own; what is no container is the same."""
    if isinstance(value, dict):
        copied = copy.copy(value)
        for key, one in value.items():
            copied[key] = _copied(one)
        return copied
    if type(value) is list:
        return [_copied(one) for one in value]
    return set(value) if type(value) is set else value


def _streams(value: Any) -> Iterator[tuple[Any, int]]:
    """Give the open files among parameters, and where each stands."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _streams(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _streams(one)
    else:
        stream = getattr(value, "stream", None)
        if stream is not None and hasattr(stream, "seek"):
            with contextlib.suppress(OSError, ValueError):
                yield stream, stream.tell()
