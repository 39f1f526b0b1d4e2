"""Pictures of open data, kept in Redis for an hour; nothing of what is not open is kept.

The policy is asked before anything is read from here. What was kept of a version that is not open
any more is dropped when somebody asks for it, and by the clock.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ...access.reading.serving import Served

log = logging.getLogger(__name__)
SECONDS = 3600
MOST, GIVEN_UP = 400, 20
"""As many parts are kept of a version; some give way to one more."""


@cache
def _revision() -> str:
    """Return a digest of the rules that draw: other rules draw another picture."""
    here = Path(__file__).parent
    rules = [*sorted(here.rglob("*.py")), *sorted((here.parents[1] / "metadata").glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in rules)).hexdigest()


def _key(version_id: str | None) -> str:
    return f"satudata:plot:{tk.config['ckan.site_id']}:{version_id}"


def name_of(*parts: Any) -> str:
    """Return the name under which something is kept."""
    text = json.dumps([_revision(), *parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def get(found: Served, name: str) -> bytes | None:
    """Return what was kept, where the data are open; else forget it."""
    try:
        connection = connect_to_redis()
        if not found.is_open:
            connection.delete(_key(found.version_id))
            return None
        kept = connection.hget(_key(found.version_id), name)
    except RedisError as problem:
        log.warning("no kept picture: %s", type(problem).__name__)
        return None
    return zlib.decompress(kept) if isinstance(kept, bytes) else None


def put(found: Served, name: str, content: bytes) -> None:
    """Keep something of open data."""
    if not found.is_open:
        return
    try:
        connection = connect_to_redis()
        if int(connection.hlen(_key(found.version_id))) >= MOST:
            old: Any = connection.hrandfield(_key(found.version_id), GIVEN_UP)
            connection.hdel(_key(found.version_id), *old)
        connection.hset(_key(found.version_id), name, zlib.compress(content))
        connection.expire(_key(found.version_id), SECONDS)
    except RedisError as problem:
        log.warning("a picture was not kept: %s", type(problem).__name__)


def forget(versions: Iterable[str]) -> None:
    """Drop what is kept of versions.

    :raises redis.RedisError: Redis does not answer.
    """
    keys = [_key(version) for version in versions]
    if keys:
        connect_to_redis().delete(*keys)


def count(versions: Iterable[str]) -> int:
    """Return of how many versions something is kept.

    :raises redis.RedisError: Redis does not answer.
    """
    keys = [_key(version) for version in versions]
    return int(connect_to_redis().exists(*keys)) if keys else 0
