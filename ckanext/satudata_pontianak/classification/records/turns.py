"""One call of a person scans at a time; what else they bring waits for the worker."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import flask
from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ... import config

log = logging.getLogger(__name__)
# A process that was ended gives its turn back no later than this after its time.
GRACE_SECONDS = 30


def key_of(person: str) -> str:
    """Return the name under which a person's turn is held, for all processes."""
    return f"ckan:{tk.config['ckan.site_id']}:satudata:scanning:{person}"


@contextmanager
def taken() -> Iterator[bool]:
    """Take the turn of whoever calls; tell whether it was free.

    Commands and jobs, which nobody waits for, need none. Without Redis, which the worker's queue
    needs as well, everybody has one.
    """
    person = person_waiting()
    if person is None:
        yield True
        return
    key, word = key_of(person), secrets.token_hex(16)
    lasts = int((config.scan_inline_seconds() + GRACE_SECONDS) * 1000)
    try:
        mine = bool(connect_to_redis().set(key, word, nx=True, px=lasts))
    except RedisError as problem:
        log.warning("no turns for scans: %s", type(problem).__name__)
        yield True
        return
    try:
        yield mine
    finally:
        if mine:
            _give_back(key, word)


def person_waiting() -> str | None:
    """Return who waits for the answer of this call; ``None`` in commands and jobs."""
    if not flask.has_request_context() or not getattr(tk.current_user, "is_authenticated", False):
        return None
    return str(tk.current_user.id)


def _give_back(key: str, word: str) -> None:
    try:
        connection = connect_to_redis()
        if connection.get(key) == word.encode():
            connection.delete(key)
    except RedisError as problem:
        log.warning("a turn for scans ends by itself: %s", type(problem).__name__)
