"""Jobs of this room, and how they are asked for."""

from __future__ import annotations

import logging

from ..classification.records import job_queue
from .pulse import mailbox, rounds

log = logging.getLogger(__name__)

QUEUE = "pulse"
ROUND = "satudata-pulse-round"
SECONDS = 1800
"""A round that takes longer is ended; the next one goes on with the apps that are left."""


def pulse_round() -> None:
    """Look at every app whose time has come."""
    ran = rounds.run()
    mailbox.send()
    if ran.busy:
        log.info("another round of the pulse runs")
    else:
        log.info("%s apps looked at, %s fail", ran.looked, ran.failed)
    if ran.ours:
        log.warning("%s apps cannot be reached: our own line is at fault", ran.ours)


def ask_for_round() -> bool:
    """Ask the worker for a round; ``False``: one waits or runs already.

    :raises redis.RedisError: the queue does not answer.
    """
    if job_queue.is_waiting(ROUND):
        return False
    name = f"{pulse_round.__module__}.{pulse_round.__name__}"
    job_queue.put(name, [], title="satudata pulse", queue=QUEUE, timeout=SECONDS, job_id=ROUND)
    return True
