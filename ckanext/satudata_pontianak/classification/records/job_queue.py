"""The one queue of jobs. Those of this room are asked for by name, so that no module imports them.

RQ keeps the dotted name of what it runs; :mod:`..jobs` holds them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rq import Retry
from rq.exceptions import NoSuchJobError
from rq.job import Job

import ckan.plugins.toolkit as tk
from ckan.lib import jobs as queues

WAITING = frozenset({"queued", "started", "deferred", "scheduled"})
TITLES = {
    "reindex": "satudata reindex",
    "scan_version": "satudata scan",
    "follow_rules": "satudata rules",
    "follow_definition": "satudata index",
    "load_table": "satudata datastore",
    "tidy_tables": "satudata datastore",
}
"""Name of a job → what the list of jobs calls it."""
_PLACE = "ckanext.satudata_pontianak.classification.jobs"


def is_waiting(job_id: str) -> bool:
    """Tell whether a job of this id waits for the worker, or runs.

    :raises redis.RedisError: the queue does not answer.
    """
    connection = queues.get_queue("default").connection
    try:
        return Job.fetch(job_id, connection=connection).get_status() in WAITING
    except NoSuchJobError:
        return False


def ask(name: str, *args: Any, queue: str, timeout: int | None = None, once: str = "") -> None:
    """Ask the worker for a job of :data:`TITLES`.

    A job whose worker died is given up by the queue when its time is over; asking again then
    starts it anew.

    :param name: what runs, of :mod:`..jobs`.
    :param args: what it is given: ids.
    :param queue: ``priority``, ``default`` or ``bulk``.
    :param timeout: seconds that it may take; CKAN's own where none are given.
    :param once: an id: while a job of this id waits or runs, nothing is asked for.
    :raises KeyError: there is no such job.
    :raises redis.RedisError: the queue does not answer.
    """
    title = TITLES[name]
    if once and is_waiting(once):
        return
    more: dict[str, Any] = {"timeout": timeout} if timeout else {}
    if once:
        more["job_id"] = once
    put(f"{_PLACE}.{name}", args, title=title, queue=queue, **more)


def put(
    function: Any,
    args: Iterable[Any],
    *,
    title: str,
    queue: str,
    again: int = 0,
    **more: Any,
) -> None:
    """Put a job on the queue.

    :param function: what runs, or its dotted name.
    :param args: what it is given: ids.
    :param title: what the list of jobs calls it.
    :param queue: ``priority``, ``default`` or ``bulk``.
    :param again: how often it is tried again where it fails.
    :param more: what RQ takes beside: ``timeout``, ``job_id``.
    :raises redis.RedisError: the queue does not answer.
    """
    if again:
        more["retry"] = Retry(max=again)
    tk.enqueue_job(function, list(args), title=title, queue=queue, rq_kwargs=more)
