"""A file that somebody had looked at, kept for some minutes so that they need not choose it again.

Found by its author alone, under the hash of what was looked at; the next one takes its place. It
goes by itself, and is no dataset and in no index.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

log = logging.getLogger(__name__)
SECONDS = 1800
MOST_BYTES = 8_000_000


def keep(author: str, kind: str, filename: str, content: bytes) -> str:
    """Keep a file for its author.

    :param author: id of the account.
    :param kind: what it is for; of each kind one is kept.
    :returns: by what it is found; empty where it cannot be kept.
    """
    if not author or not content or len(content) > MOST_BYTES:
        return ""
    digest = hashlib.sha256(content).hexdigest()
    key = _key(author, kind)
    values = {"digest": digest, "name": filename.encode("utf-8", "replace"), "content": content}
    try:
        redis: Any = connect_to_redis()
        with redis.pipeline() as together:
            together.delete(key).hset(key, mapping=values).expire(key, SECONDS).execute()
    except RedisError as problem:
        log.warning("a sheet was not kept: %s", type(problem).__name__)
        return ""
    return digest


def find(author: str, kind: str, digest: str) -> tuple[str, bytes] | None:
    """Return the name and bytes of a file of somebody's own; ``None`` of any other."""
    if not author:
        return None
    try:
        redis: Any = connect_to_redis()
        kept = redis.hgetall(_key(author, kind))
    except RedisError as problem:
        log.warning("no kept sheet: %s", type(problem).__name__)
        return None
    content = kept.get(b"content", b"")
    # Held against its bytes: what is applied is what was looked at, and nothing else.
    if not content or hashlib.sha256(content).hexdigest() != digest:
        return None
    return kept.get(b"name", b"").decode("utf-8", "replace"), content


def forget(author: str, kind: str) -> None:
    """Let go of a file before its time."""
    try:
        connect_to_redis().delete(_key(author, kind))
    except RedisError as problem:
        log.warning("a kept sheet stays until its time: %s", type(problem).__name__)


def _key(author: str, kind: str) -> str:
    return f"satudata:kept:{tk.config['ckan.site_id']}:{kind}:{author}"
