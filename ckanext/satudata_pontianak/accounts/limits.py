"""How often something may be tried, counted in Redis by every process of the site together.

A count is kept under a digest, so that Redis holds neither mailboxes nor addresses. Where Redis
does not answer nothing is let through.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis


@lru_cache(maxsize=32)
def windows(declared: tuple[str, ...]) -> tuple[RateLimitItem, ...]:
    """Return declared windows, the shortest first, as the library counts them."""
    return tuple(sorted((parse(one) for one in declared), key=lambda one: one.get_expiry()))


@lru_cache(maxsize=4)
def _limiter(url: str) -> MovingWindowRateLimiter:
    pool = connect_to_redis().connection_pool
    prefix = f"ckan:{tk.config['ckan.site_id']}:satudata:tries"
    return MovingWindowRateLimiter(RedisStorage(url, connection_pool=pool, key_prefix=prefix))


def limiter() -> MovingWindowRateLimiter:
    """Return what counts, over CKAN's own connections to Redis."""
    return _limiter(str(tk.config["ckan.redis.url"]))


def under(kind: str, *parts: str) -> str:
    """Return the name of a count: of one kind, about one account, address or device."""
    secret = str(tk.config["SECRET_KEY"]).encode()
    said = "\x00".join((kind, *parts)).encode("utf-8", "replace")
    return f"{kind}:{hmac.new(secret, said, hashlib.sha256).hexdigest()[:40]}"


def take(declared: Sequence[str], name: str) -> bool:
    """Count a try, and tell whether it may be made; of many at once only so many may.

    A try that a shorter window refuses is not counted in the longer ones.
    """
    return all(limiter().hit(window, name) for window in windows(tuple(declared)))


def has_room(declared: Sequence[str], name: str) -> bool:
    """Tell whether a try may be made, without counting it."""
    return all(limiter().test(window, name) for window in windows(tuple(declared)))


def count(declared: Sequence[str], name: str) -> None:
    """Count something that failed, in every window."""
    for window in windows(tuple(declared)):
        limiter().hit(window, name)


def clear(declared: Sequence[str], name: str) -> None:
    """Forget what was counted."""
    for window in windows(tuple(declared)):
        limiter().clear(window, name)


def once(name: str, seconds: int) -> bool:
    """Tell whether this is the first time in so many seconds."""
    key = f"ckan:{tk.config['ckan.site_id']}:satudata:once:{name}"
    return bool(connect_to_redis().set(key, b"1", nx=True, ex=seconds))


def again(name: str) -> None:
    """Let what :func:`once` told be told again."""
    connect_to_redis().delete(f"ckan:{tk.config['ckan.site_id']}:satudata:once:{name}")
