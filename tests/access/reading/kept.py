"""What stands beside the database: queues, jobs and caches in Redis, documents in Solr."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

from ckan.lib.redis import connect_to_redis
from ckan.lib.search.common import make_connection


def _unpacked(value: bytes) -> bytes:
    """Return what a queue keeps of a job: it packs function and arguments."""
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def queued() -> Iterator[bytes]:
    """Yield everything that stands in Redis: queues, jobs with their arguments, caches."""
    connection = connect_to_redis()
    for key in connection.scan_iter("*"):
        yield key
        kind = connection.type(key)
        if kind == b"string":
            yield connection.get(key) or b""
        elif kind == b"hash":
            yield from map(_unpacked, connection.hgetall(key).values())
        else:
            yield connection.dump(key) or b""


def documents() -> dict[str, str]:
    """Return what Solr holds, every stored field, by dataset."""
    found = make_connection().search(q="*:*", rows=1000, fl="*")
    return {doc["id"]: json.dumps(doc, default=str) for doc in found.docs}
