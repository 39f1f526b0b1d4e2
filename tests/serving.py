"""A site in processes of its own, on the database of the tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent / "faults"


@contextmanager
def served(ini: Path, folder: Path) -> Iterator[tuple[str, int]]:
    """Give host and port where gunicorn serves the city with two processes.

    The socket is made here and handed over: whoever asks before the site is up waits in its
    queue, so that nobody has to try again; should it end, they are refused at once.

    :param folder: where its log is written.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    log = (folder / "gunicorn.log").open("wb")
    process = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "--chdir", str(HERE),
            "--bind", f"fd://{listener.fileno()}", "--workers", "2", "--threads", "2",
            "--timeout", "180", "--graceful-timeout", "5", "--no-control-socket",
            "application:application",
        ],
        env={**os.environ, "CKAN_INI": str(ini.resolve())},
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
        said = (folder / "gunicorn.log").read_text("utf-8", "replace")
    assert "Traceback" not in said, said[-4000:]
