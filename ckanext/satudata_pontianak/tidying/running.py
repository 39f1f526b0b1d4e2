"""Asks a child process what a file holds: whatever the file does to it, there is an answer."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..disclosure.limits import MEGABYTE, Limits
from ..disclosure.sandbox import child_environment

LARGEST = 96 * MEGABYTE
AT_ONCE = 2
ENDED = {"problem": {"code": "ended", "params": {}}}
"""The child gave no answer: it ran out of memory or time, or died."""
BUSY = {"problem": {"code": "busy", "params": {}}}
CHILD = f"{__package__}.child"
_turns: dict[str, threading.BoundedSemaphore] = {}


def ask(job: Mapping[str, Any], limits: Limits, child: str = CHILD) -> dict[str, Any]:
    """Return what a module says of a job, from a process of its own; :data:`AT_ONCE` of each.

    :param child: it reads one job from its input and writes one answer; by itself that of
        :func:`.answering.answer`.
    :returns: :data:`ENDED` where there is no answer, :data:`BUSY` where others are read for long.
    """
    turns = _turns.setdefault(child, threading.BoundedSemaphore(AT_ONCE))
    if not turns.acquire(timeout=limits.wall_seconds):
        return BUSY
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            # -P: the folder the command runs in may hold a stranger's "polars.py".
            [sys.executable, "-P", "-m", child],
            input=json.dumps({**job, "limits": asdict(limits)}).encode() + b"\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote what was found
            timeout=limits.wall_seconds,
            env=child_environment(limits),
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return ENDED
    finally:
        turns.release()
    if done.returncode or not 0 < len(done.stdout) <= LARGEST:
        return ENDED
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return ENDED
    return found if isinstance(found, dict) else ENDED
