"""Scan bytes from strangers in a process of its own, within limits.

Parsers of hostile files may exhaust memory, loop or crash. In the child that ends the child;
the parent then says ``failed`` with a reason. No way the child can end is read as ``clear``:
only a complete report that agrees with itself and names the same ruleset counts.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from . import limits as limits_module
from .limits import MEGABYTE, Limits
from .readers.base import Progress
from .report import FileReport
from .ruleset import DEFAULT, Ruleset

_KEPT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
_LARGEST_ANSWER = 64 * MEGABYTE
_CHILD = "ckanext.satudata_pontianak.disclosure.child"


def child_environment(limits: Limits) -> dict[str, str]:
    """Return the environment of a child: nothing of the site's secrets."""
    environment = {k: v for k in _KEPT if (v := os.environ.get(k)) is not None}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    environment["POLARS_MAX_THREADS"] = str(limits.threads)
    return environment


def _new(limits: Limits) -> subprocess.Popen[bytes]:
    # -P: the folder the command runs in may hold a stranger's "polars.py".
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may quote what was found
        env=child_environment(limits),
        start_new_session=True,
    )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a child that leads a session of its own, and whatever it began."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()


def _kill(process: subprocess.Popen[bytes]) -> None:
    kill_group(process)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                continue
    process.wait()


class _Spares:
    """A child that waits, its readers loaded, for the next file of a process that scans often.

    To start one takes longer than to read most files, so the next is started when one is taken.
    Each still reads one file alone, unless who takes it keeps it. A process that scans once, as
    one that was forked for a job, has none; it never takes that of the process it was forked from.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._taken = 0
        self._spare: tuple[object, subprocess.Popen[bytes]] | None = None

    def take(self, limits: Limits) -> subprocess.Popen[bytes]:
        """Return a child for these limits: the one that waits, or a new one."""
        wanted = (_CHILD, child_environment(limits))
        with self._lock:
            if self._owner != os.getpid():
                self._owner, self._taken, self._spare = os.getpid(), 0, None
            spare, self._spare = self._spare, None
            self._taken += 1
            found = None
            if spare is not None:
                found = spare[1] if spare[0] == wanted and spare[1].poll() is None else None
                if found is None:
                    _kill(spare[1])
            found = found or _new(limits)
            if self._taken > 1:
                self._spare = (wanted, _prepared(limits))
            return found


def _prepared(limits: Limits) -> subprocess.Popen[bytes]:
    """Start a child that loads its readers, within the limits, before there is a file."""
    process = _new(limits)
    assert process.stdin is not None  # noqa: S101 - for the type checker
    try:
        process.stdin.write(json.dumps({"limits": limits.to_dict()}).encode() + b"\n")
        process.stdin.flush()
    except OSError:  # it ended: whoever takes it sees that
        process.poll()
    return process


_spares = _Spares()


class _ChildError(Exception):
    """The child gave no usable answer; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sandbox:
    """A child process that scans one file after another; replaced when one ends it."""

    def __init__(self, limits: Limits = limits_module.DEFAULT, ruleset: Ruleset = DEFAULT) -> None:
        self._limits = limits
        self._ruleset = ruleset
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()

    @property
    def running(self) -> bool:
        """There is a child: it has done a file and was not ended by it."""
        return self._process is not None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def scan(
        self,
        path: str | os.PathLike[str],
        name: str | None = None,
        progress: Progress = lambda share: None,
    ) -> FileReport:
        """Scan one file; whatever happens to the child, return a report."""
        shown = os.fspath(path)
        name = name or Path(path).name
        try:
            answer = self._ask(Path(path).absolute(), name, progress)
            return _report(answer, self._ruleset).at(shown)
        except _ChildError as error:
            code = error.code
        except (KeyError, TypeError, ValueError, AttributeError):
            code = "bad_output"
        except BaseException:
            self._end()
            raise
        self._end()
        return FileReport.failed(shown, self._ruleset.id, code)

    def _ask(self, path: Path, name: str, progress: Progress) -> dict[str, Any]:
        job = {
            "path": str(path),
            "name": name,
            "limits": self._limits.to_dict(),
            "ruleset": asdict(self._ruleset),
        }
        deadline = time.monotonic() + self._limits.wall_seconds
        process = self._start()
        try:
            assert process.stdin is not None  # noqa: S101 - for the type checker
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            raise _ChildError(self._cause()) from None
        while True:
            message = json.loads(self._line(process, deadline))
            if "report" in message:
                return message["report"]
            progress(float(message["progress"]))

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._buffer.clear()
            self._process = _spares.take(self._limits)
        return self._process

    def _line(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        """Return the next line of the child's output, or say why there is none."""
        assert process.stdout is not None  # noqa: S101 - for the type checker
        descriptor = process.stdout.fileno()
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > _LARGEST_ANSWER:
                raise _ChildError("bad_output")
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                raise _ChildError("timeout")
            data = os.read(descriptor, MEGABYTE)
            if not data:
                raise _ChildError(self._cause())
            self._buffer += data
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _cause(self) -> str:
        """Translate how the child ended into a reason."""
        assert self._process is not None  # noqa: S101 - for the type checker
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "crashed"
        if status in (-signal.SIGXCPU,):
            return "timeout"
        # An allocation refused aborts native code; the system's own killer sends SIGKILL.
        if status in (-signal.SIGABRT, -signal.SIGKILL):
            return "out_of_memory"
        return "crashed"

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _kill(process)


def _report(answer: dict[str, Any], ruleset: Ruleset) -> FileReport:
    if answer["ruleset"] != ruleset.id:
        raise _ChildError("bad_output")
    return FileReport.from_json(answer, ruleset.id)


def scan_in_child(
    path: str | os.PathLike[str],
    name: str | None = None,
    limits: Limits = limits_module.DEFAULT,
    *,
    ruleset: Ruleset = DEFAULT,
    progress: Progress = lambda share: None,
) -> FileReport:
    """Scan one file in a child process of its own; never raises for what is in the file."""
    with Sandbox(limits, ruleset) as sandbox:
        return sandbox.scan(path, name, progress)
