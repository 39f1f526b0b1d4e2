"""A site in processes of its own, on the database of the tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture
def served(city: Any, pytestconfig: pytest.Config, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Return host and port where gunicorn serves the city with two processes.

    The socket is made here and handed over: whoever asks before the site is up waits in its
    queue, so that nobody has to try again; should it end, they are refused at once.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    log = (tmp_path / "gunicorn.log").open("wb")
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "--chdir", str(HERE),
            "--bind", f"fd://{listener.fileno()}", "--workers", "2", "--threads", "2",
            "--timeout", "180", "--graceful-timeout", "5", "--no-control-socket",
            "application:application",
        ],
        env={**os.environ, "CKAN_INI": str(Path(pytestconfig.option.ckan_ini).resolve())},
        pass_fds=[listener.fileno()],
        stdout=log,
        stderr=log,
    )  # fmt: skip
    where = listener.getsockname()[:2]
    listener.close()
    try:
        yield where
    finally:
        process.terminate()
        process.wait(30)
        log.close()
        said = (tmp_path / "gunicorn.log").read_text("utf-8", "replace")
    assert "Traceback" not in said, said[-4000:]
