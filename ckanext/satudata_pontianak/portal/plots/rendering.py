"""From a specification to SVG, PNG or Vega: in a child process, within limits.

Pure: knows nothing of CKAN. A few pictures are drawn at a time in each server process; whoever
would wait too long gets the data table without a picture.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

from ...disclosure.limits import DEFAULT
from ...disclosure.sandbox import child_environment
from .drawing.looks import number_format, time_format

SECONDS = 20
AT_ONCE = 2
FORMATS = {"svg": "image/svg+xml", "png": "image/png", "vega": "application/json"}
_BEGINNINGS = {"svg": b"<svg", "png": b"\x89PNG", "vega": b"{"}
_turns = threading.BoundedSemaphore(AT_ONCE)


class NotDrawn(Exception):
    """No picture came out: the library failed, or took too long."""


class Busy(NotDrawn):
    """There was no time for it now; nothing is said of what was to be drawn."""


def request(spec: dict[str, Any], language: str) -> dict[str, Any]:
    """Return what the child process is asked."""
    return {"spec": spec, "numbers": number_format(language), "times": time_format(language)}


def rendered(spec: dict[str, Any], format: str, language: str) -> bytes:
    """Return the picture.

    :param spec: a Vega-Lite specification with its data.
    :param format: ``svg`` or ``png``, or ``vega``: what browsers draw it from.
    :param language: for marks in numbers and names of months.
    :raises NotDrawn: the library failed, or there was no time.
    """
    picture = in_child("child", format, json.dumps(request(spec, language)).encode())
    if not picture.startswith(_BEGINNINGS[format]):
        raise NotDrawn("no picture")
    return picture


def in_child(module: str, argument: str, given: bytes) -> bytes:
    """Return what a module of this folder answers in a process of its own.

    :param given: what it reads.
    :raises NotDrawn: it failed, or there was no time.
    """
    if not _turns.acquire(timeout=SECONDS):
        raise Busy("busy")
    try:
        done = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-m", f"{__package__}.{module}", argument],
            input=given,
            capture_output=True,
            timeout=SECONDS,
            env=child_environment(DEFAULT),
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as problem:
        raise Busy(type(problem).__name__) from None
    finally:
        _turns.release()
    if done.returncode != 0:
        raise NotDrawn(f"exit {done.returncode}")
    return done.stdout
