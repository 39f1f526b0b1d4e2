"""Datasets whose document in the search index is older than what decides about them.

There is no transaction across the database and Solr. Whatever changes who may see a dataset
marks it here, in Redis, before it is committed; each search leaves out, in the query itself,
the documents that are older than their mark. So counts and facets are right from the next
request on, also while Solr is late or does not answer. A newer document ends this by itself,
whoever made it; too little is seen meanwhile, never too much.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from sqlalchemy import event

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search
from ckan.lib.redis import connect_to_redis

from ... import clock
from .model import Decision, Hold

log = logging.getLogger(__name__)

# When a document was made; a dynamic field of CKAN's index.
FIELD = "satudata_indexed_date"
PATIENCE_SECONDS = 600
_MARKED = "satudata_marked"
_UNSEEN = "satudata_unseen"


def _key() -> str:
    return f"ckan:{tk.config['ckan.site_id']}:satudata:late"


def stamp(moment: dt.datetime | None = None) -> str:
    """Return a moment as Solr writes it."""
    moment = moment or clock.system()
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def mark(dataset_ids: Iterable[str]) -> None:
    """Leave out of searches the documents of these datasets that were made before now."""
    ids = {i: clock.system().timestamp() for i in dataset_ids}
    if ids:
        connect_to_redis().zadd(_key(), ids)


def rebuild(dataset_id: str, *, commit: bool = True) -> None:
    """Make a dataset's document anew, and forget a mark that is older than it.

    That of a dataset that is no more is taken out of the index.

    :param commit: let searches find the document now; else the mark stays until
        :func:`commit_all`, since they still find the old one.
    """
    if model.Package.get(dataset_id) is None:
        _gone(dataset_id)
        return
    begun = clock.system().timestamp()
    if not commit:
        search.rebuild(package_ids=[dataset_id])
        model.Session.info.setdefault(_UNSEEN, {})[dataset_id] = begun
        return
    search.rebuild(dataset_id)
    _forget(dataset_id, begun)


def rebuild_all(dataset_ids: Iterable[str]) -> None:
    """Make the documents of these datasets anew, each as :func:`rebuild` does."""
    for dataset_id in dataset_ids:
        rebuild(dataset_id)


def commit_all() -> None:
    """Let searches find the documents that this caller made without it; forget older marks."""
    search.commit()
    for dataset_id, begun in model.Session.info.pop(_UNSEEN, {}).items():
        _forget(dataset_id, begun)


def _gone(dataset_id: str) -> None:
    # A mark that nothing forgets keeps pages of people without a name from being kept, for ever.
    begun = clock.system().timestamp()
    search.clear(dataset_id)
    _forget(dataset_id, begun)


def catch_up() -> int:
    """Make anew the documents that have waited long; return how many there were.

    A job does so where it can; the clock does what no job is left for. What was marked a moment ago
    may belong to a change that is not committed yet.
    """
    waiting = late(clock.system())
    for done, dataset_id in enumerate(waiting):
        try:
            rebuild(dataset_id)
        except Exception:  # Solr's client lets many kinds of errors through
            log.exception("the index of %s is not up to date; the clock will try again", dataset_id)
            return done
    return len(waiting)


def late(moment: dt.datetime) -> list[str]:
    """Return the ids of the datasets that have waited long for their document."""
    before = moment.timestamp() - PATIENCE_SECONDS
    waiting: Any = connect_to_redis().zrangebyscore(_key(), 0, before)
    return [reference.decode() for reference in waiting]


def _forget(dataset_id: str, begun: float) -> None:
    connection = connect_to_redis()
    score: Any = connection.zscore(_key(), dataset_id)
    if score is not None and score <= begun:
        connection.zrem(_key(), dataset_id)


def queries() -> list[str]:
    """Return the Solr queries of documents that are older than their mark."""
    rows: Any = connect_to_redis().zrange(_key(), 0, -1, withscores=True)
    return [
        f'(+id:"{dataset_id.decode()}" -{FIELD}:["{_day(score)}" TO *])'
        for dataset_id, score in rows
    ]


def _day(score: float) -> str:
    return stamp(dt.datetime.fromtimestamp(score, dt.UTC))


def _after_flush(session: Any, _context: Any) -> None:
    touched = (*session.new, *session.dirty, *session.deleted)
    ids = {row.package_id for row in touched if isinstance(row, (Decision, Hold))}
    if ids:
        mark(ids)
        session.info.setdefault(_MARKED, set()).update(ids)


def _after_commit(session: Any) -> None:
    session.info.pop(_MARKED, None)


def _after_rollback(session: Any, *_: Any) -> None:
    """Nothing changed: the document is as good as it was."""
    ids = session.info.pop(_MARKED, None)
    if ids:
        connect_to_redis().zrem(_key(), *ids)


def _listen() -> None:
    for name, listener in (
        ("after_flush", _after_flush),
        ("after_commit", _after_commit),
        ("after_rollback", _after_rollback),
    ):
        if not event.contains(model.Session, name, listener):
            event.listen(model.Session, name, listener)


_listen()
