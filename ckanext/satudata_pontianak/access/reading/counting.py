"""How often open data are sent: by version and hour, to whom under a name that lasts a day.

Nothing of it decides who gets what, and nothing of it may stand in the way of a download: what
fails is left out. An address is never kept. What stands for it is an HMAC of the address and the
version under a key that Redis forgets within a day of the day that it is for, and that no copy
of the database holds: after that nobody, with the database and all keys that exist, can say whom
a name stood for, follow a client from one day to the next, or from one version to another.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import flask
import sqlalchemy as sa
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis

from ... import clock, days
from ...accounts import addresses
from ...classification.records.incident_model import DownloadCount
from ...classification.records.model import Version

log = logging.getLogger(__name__)

KEY_BYTES = 32
LASTS_SECONDS = 86_400
_QUIET = "satudata_uncounted"
_keys: dict[dt.date, bytes] = {}

# Not waiting for the disk, nor long for a lock: a count that is lost is only a count.
_COUNT = sa.text(
    "SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '200ms';"
    " INSERT INTO satudata_download_count (version_id, hour, client, count, downloads)"
    " VALUES (:version, date_trunc('hour', CAST(:at AS timestamptz)), :client, 1, :downloads)"
    " ON CONFLICT (version_id, hour, client)"
    " DO UPDATE SET count = satudata_download_count.count + 1,"
    " downloads = satudata_download_count.downloads + excluded.downloads"
)


@contextmanager
def uncounted() -> Iterator[None]:
    """Read open data for a page of the portal itself: nobody asked to have them.

    Without it a page that shows a figure of a dataset would make that dataset a much used one.
    It changes nothing but the count: who may read, and what is recorded of data that are not
    open, stays as it is.
    """
    before = flask.g.get(_QUIET, False)
    setattr(flask.g, _QUIET, True)
    try:
        yield
    finally:
        setattr(flask.g, _QUIET, before)


def count(version_id: str, *, shown: bool = False) -> None:
    """Count that a version of open data is being sent to whoever asks now. Never raises.

    :param shown: only what a page shows of it, such as a picture: it went out, and whoever looks
        for what an incident exposed counts it, but nobody downloaded it.
    """
    engine = model.meta.engine
    if engine is None or not flask.has_request_context() or flask.request.method != "GET":
        return
    if flask.g.get(_QUIET, False):
        return
    try:
        client = pseudonym(addresses.caller() or "", version_id, days.today())
        # A connection of its own: the caller's transaction is neither ended nor broken by this.
        with engine.begin() as connection:
            values = {"version": version_id, "at": clock.now(), "client": client}
            connection.execute(_COUNT, {**values, "downloads": 0 if shown else 1})
    except (SQLAlchemyError, RedisError, OSError, ValueError) as problem:
        log.warning("a download was not counted: %s", type(problem).__name__)


def taken(dataset_id: str) -> int:
    """Return how often versions of a dataset were downloaded while they were open; one query."""
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(DownloadCount.downloads), 0))
        .join(Version, Version.id == DownloadCount.version_id)
        .where(Version.package_id == dataset_id)
    )
    return int(model.Session.execute(query).scalar_one())


def pseudonym(address: str, version_id: str, day: dt.date) -> str:
    """Return what stands for an address with a version on a day."""
    key = _key(day)
    return hmac.new(key, f"{version_id} {address}".encode(), hashlib.sha256).hexdigest()[:16]


def can_count(day: dt.date) -> bool:
    """Tell whether the key of a day can be had, without which nothing is counted."""
    _keys.clear()
    try:
        return len(_key(day)) == KEY_BYTES
    except (RedisError, ValueError):
        return False


def _key(day: dt.date) -> bytes:
    """Return the key of a day, the same in every process; of other days none is remembered."""
    known = _keys.get(day)
    if known is None:
        name = f"ckan:{tk.config['ckan.site_id']}:satudata:clients:{day}"
        redis = connect_to_redis()
        redis.set(name, secrets.token_bytes(KEY_BYTES), ex=LASTS_SECONDS, nx=True)
        known = redis.get(name)
        if not isinstance(known, bytes) or len(known) != KEY_BYTES:
            raise ValueError("the key of the day is gone")
        _keys.clear()
        _keys[day] = known
    return known
