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
_turns = threading.BoundedSemaphore(AT_ONCE)


def ask(job: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """Return what :func:`.answering.answer` says of a job, from a process of its own.

    :returns: :data:`ENDED` where there is no answer, :data:`BUSY` where others are read for long.
    """
    if not _turns.acquire(timeout=limits.wall_seconds):
        return BUSY
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            # -P: the folder the command runs in may hold a stranger's "polars.py".
            [sys.executable, "-P", "-m", f"{__package__}.child"],
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
        _turns.release()
    if done.returncode or not 0 < len(done.stdout) <= LARGEST:
        return ENDED
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return ENDED
    return found if isinstance(found, dict) else ENDED
