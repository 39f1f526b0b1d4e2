"""Read a stranger's file as a table in a process of its own, within limits."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from .limits import Limits
from .readers.base import ReadError
from .sandbox import child_environment, kill_group
from .tabular import NamedColumn

_CHILD = "ckanext.satudata_pontianak.disclosure.tabular_child"
_LONGEST_HEADER = 4 * 1024 * 1024


@dataclass
class TableStream:
    """A table on its way: its columns, its rows as CSV, and after the last row the summary."""

    columns: list[NamedColumn]
    rows: IO[bytes]
    _finish: Any
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    def summary(self) -> tuple[list[str], int]:
        """Return the columns' types and the number of rows, once every row was read.

        :raises ReadError: the file could not be read to its end.
        """
        return self._finish()


@contextlib.contextmanager
def table_stream(
    path: str, name: str, limits: Limits, sheet: str | int | None = None, *, every: bool = False
) -> Iterator[TableStream]:
    """Give the table of a file.

    :param sheet: which visible sheet of a workbook, by name or by number from 1; ``None`` is the
        first that has rows.
    :param every: also the first rows of what the scan's other readers give as tables.
    :raises ReadError: there is no table in it, with the reason's code.
    """
    read_end, write_end = os.pipe()
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may quote what was found
        env=child_environment(limits),
        start_new_session=True,
        pass_fds=(write_end,),
    )
    os.close(write_end)
    late = threading.Event()

    def give_up() -> None:
        late.set()
        kill_group(process)

    timer = threading.Timer(limits.wall_seconds, give_up)
    timer.daemon = True
    timer.start()
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
    try:
        job = {"path": path, "name": name, "limits": limits.to_dict(), "summary": write_end}
        job |= {"sheet": sheet, "every": every}
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.close()
        with os.fdopen(read_end, "rb") as answer:

            def finish() -> tuple[list[str], int]:
                said = answer.read()
                process.wait()
                if late.is_set():
                    raise ReadError("timeout")
                if not said:
                    code = "timeout" if process.returncode == -signal.SIGXCPU else "crashed"
                    raise ReadError(code)
                summary = json.loads(said)
                if "reason" in summary:
                    raise ReadError(str(summary["reason"]))
                return [str(t) for t in summary["types"]], int(summary["rows"])

            header = process.stdout.readline(_LONGEST_HEADER)
            if not header:
                finish()
                raise ReadError("bad_output")
            said = json.loads(header)
            columns = [NamedColumn(c["name"], c["label"]) for c in said["columns"]]
            sheets = tuple(str(name) for name in said["sheets"])
            yield TableStream(columns, process.stdout, finish, said["sheet"], sheets)
    finally:
        timer.cancel()
        kill_group(process)
        process.stdout.close()
        process.wait()
