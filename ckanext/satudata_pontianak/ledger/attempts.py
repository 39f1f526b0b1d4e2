"""Attempts of known people to reach what they may not know of: noted at once, entered by the clock.

An entry of the ledger takes milliseconds, and there is none for a name that nothing has: written
while somebody waits it would tell the two apart. So both are noted in the same way, in Redis; what
was about nothing is dropped when the clock makes entries of the rest.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from typing import Any

from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis

from ..agencies.rules.duties import Actor
from . import service
from .refusals import EVENT

log = logging.getLogger(__name__)

MOST = 20_000
"""So many are kept until the clock comes; the oldest of more are forgotten."""


def _key() -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:attempts"


def note(actor: Actor, door: str, dataset_id: str | None) -> None:
    """Note that somebody named what they may not know of; ``None``: what is not there."""
    told = json.dumps([actor.id, actor.name, door, dataset_id or "0" * 36])
    try:
        redis: Any = connect_to_redis()
        pipe = redis.pipeline()
        pipe.rpush(_key(), told)
        pipe.ltrim(_key(), -MOST, -1)
        pipe.execute()
    except RedisError:
        log.exception("an attempt at %s could not be noted", door)


def gather() -> int:
    """Make an entry of each person's attempts at a dataset through a door; commit.

    Returns how many attempts that were.
    """
    redis: Any = connect_to_redis()
    told = redis.lrange(_key(), 0, -1)
    tried = Counter(tuple(json.loads(each)) for each in told)
    about = {key: n for key, n in tried.items() if key[3] != "0" * 36}
    for (person, name, door, dataset_id), times in about.items():
        service.append(
            model.Session,
            event=EVENT,
            actor_id=person,
            actor_name=name,
            dataset_id=dataset_id,
            outcome="refused",
            detail={"action": door, "code": "hidden", "count": times},
        )
    model.Session.commit()
    # What came meanwhile stands behind.
    if told:
        redis.ltrim(_key(), len(told), -1)
    return sum(about.values())
