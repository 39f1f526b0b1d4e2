"""A pytest plugin: each worker of a parallel run has a database, an index and a queue of its own.

bin/test writes test-gw0.ini, test-gw1.ini, ... beside test.ini and loads this with `-p`.
"""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def _stack(context: int = 0) -> list[inspect.FrameInfo]:
    """Return what ``inspect.stack`` does, beginning at the caller: CKAN counts from there."""
    frames = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        frames.append(
            inspect.FrameInfo(frame, code.co_filename, frame.f_lineno, code.co_name, None, None)
        )
        frame = frame.f_back
    return frames


def pytest_configure(config: pytest.Config) -> None:
    """Point the worker to its own configuration before CKAN reads it."""
    # CKAN looks for its caller's file for every folder of templates, each time plugins are
    # loaded; without modules and lines of source, which it does not use, that takes half the time.
    inspect.stack = _stack
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        return
    ini = Path(config.option.ckan_ini)
    config.option.ckan_ini = str(ini.with_name(f"test-{worker}.ini"))
    url = os.environ["SATUDATA_ADMIN_URL"]
    os.environ["SATUDATA_ADMIN_URL"] = f"{url.rpartition('/')[0]}/satudata_test_{worker}"
