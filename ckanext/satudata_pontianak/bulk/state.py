"""What was brought already: a file beside the list, written before anything else is begun.

One line for each dataset that landed, added and flushed to the disk, so that a run that was ended
at any moment goes on where it was; a line that was cut off counts for nothing. The portal is asked
all the same: the file only says what need not be compared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from threading import Lock

ENDING = ".satudata-status.jsonl"


def own(path: str, flags: int) -> int:
    """Open a file that, where it is made, its owner alone may read: it tells what is not open."""
    return os.open(path, flags, 0o600)


def write(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, also where one of that name stood there.

    :raises OSError: it cannot be written.
    """
    with open(path, "wb", opener=own) as file:
        if os.name != "nt":
            os.fchmod(file.fileno(), 0o600)
        file.write(content)


class Busy(Exception):
    """Another run works on this list."""


@dataclass(frozen=True)
class Entry:
    """A dataset that landed."""

    key: str
    digest: str
    id: str
    submitted: bool = False


class State:
    """What landed on one portal."""

    def __init__(self, path: Path, portal: str) -> None:
        """Read the file beside a list; of other portals nothing is taken."""
        self._path, self._portal, self._lock = path, portal, Lock()
        self._entries: dict[str, Entry] = {}
        self._whole = True
        names = {f.name for f in fields(Entry)}
        with suppress(FileNotFoundError):
            content = path.read_bytes()
            self._whole = not content or content.endswith(b"\n")
            for line in content.splitlines():
                try:
                    given = json.loads(line)
                    if given.pop("portal") == portal:
                        entry = Entry(**{k: v for k, v in given.items() if k in names})
                        self._entries[entry.key] = entry
                except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                    continue

    def get(self, key: str) -> Entry | None:
        """Return what landed for a row."""
        return self._entries.get(key)

    def add(self, entry: Entry) -> None:
        """Keep that a dataset landed, for good."""
        with self._lock:
            if self._entries.get(entry.key) == entry:
                return
            line = json.dumps({**asdict(entry), "portal": self._portal}, ensure_ascii=False)
            with open(self._path, "a", encoding="utf-8", newline="\n", opener=own) as file:
                file.write(("" if self._whole else "\n") + line + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._whole = True
            self._entries[entry.key] = entry


def beside(manifest: Path) -> Path:
    """Return where the state of a list is kept."""
    return manifest.with_name(manifest.name + ENDING)


@contextmanager
def alone(manifest: Path) -> Iterator[None]:
    """Hold a list for one run; the system lets go of it when the run ends, however it does.

    :raises Busy: another run holds it.
    """
    path = manifest.with_name(manifest.name + ".satudata-lock")
    with open(path, "a+b", opener=own) as file:
        try:
            _hold(file.fileno())
        except OSError:
            raise Busy from None
        # The file stays: another run may hold it already by the time it could be taken away.
        yield


if os.name == "nt":
    import msvcrt

    def _hold(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
