"""Readers that never pause, and the order in which what they may get changes.

A change is announced before it is asked for and confirmed after it was answered. A reader that
began after the confirmation of one state and ended before the announcement of the next must get
exactly that state; one that overlaps a change gets wholly the old or wholly the new.
"""

from __future__ import annotations

import hashlib
import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

HELD = "held"
WAIT = 120.0


@dataclass
class Got:
    """A whole answer: its status, the hash of its body, and its headers by lower-case name."""

    status: int
    sha256: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def state(self) -> str:
        """Return what was read: the hash of a file, or that it was refused."""
        if self.status == http.HTTPStatus.OK:
            return self.sha256
        return HELD if self.status == http.HTTPStatus.FORBIDDEN else f"status {self.status}"


@dataclass
class Timeline:
    """Which states were, in their order, and who read them."""

    states: list[str]
    confirmed: int = 0
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    over: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def becomes(self, state: str) -> Iterator[None]:
        """Announce a state, change to it, and confirm it."""
        with self.changed:
            self.states.append(state)
        yield
        with self.changed:
            self.confirmed = len(self.states) - 1

    def window(self) -> int:
        """Return the number of the state that is certain now."""
        with self.changed:
            return self.confirmed

    def judge(self, reader: str, since: int, state: str, told: str = "") -> None:
        """Compare what a reader got with the states that were possible since it began."""
        with self.changed:
            possible = self.states[since:]
            if state not in possible:
                self.wrong.append(f"{reader}: {state} {told}, possible were {possible}")
            self.counts["reads"] += 1
            self.counts["reads across a change"] += len(possible) > 1
            self.counts["reads of a held file"] += state == HELD
            if len(possible) == 1:
                self.seen[reader, since] += 1
            self.changed.notify_all()

    def wait_until_read(self, readers: list[str]) -> None:
        """Return when every reader got the present state, in an answer without overlap."""
        with self.changed:
            now = self.confirmed

            def read() -> bool:
                return bool(self.wrong) or all(self.seen[r, now] for r in readers)

            assert self.changed.wait_for(read, WAIT), f"state {now} was not read: {self.seen}"
            assert not self.wrong, self.wrong

    def end(self) -> None:
        """Let the readers stop."""
        with self.changed:
            self.over = True


class Client:
    """An anonymous reader; each answer comes over a connection of its own."""

    def __init__(self, where: tuple[str, int], path: str) -> None:
        self.connection = http.client.HTTPConnection(*where, timeout=WAIT)
        self.path = path

    def get(self, **headers: str) -> Got:
        """Ask once; an answer that is cut off, or longer than it said, raises."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        names["Connection"] = "close"
        self.connection.request("GET", self.path, headers=names)
        answer = self.connection.getresponse()
        body = answer.read()
        said = {name.lower(): value for name, value in answer.getheaders()}
        if int(said.get("content-length", len(body))) != len(body):
            raise http.client.IncompleteRead(body)
        return Got(answer.status, hashlib.sha256(body).hexdigest(), body, said)


def start(
    timeline: Timeline, readers: Mapping[str, Callable[[], tuple[str, str]]]
) -> list[threading.Thread]:
    """Let readers read without pause until the timeline ends; return their threads.

    :param readers: name → one read: what was got, and something to tell about it.
    """

    def run(name: str, read: Callable[[], tuple[str, str]]) -> None:
        try:
            while not timeline.over:
                since = timeline.window()
                state, told = read()
                timeline.judge(name, since, state, told)
        except Exception as broken:  # noqa: BLE001 - a broken read is told, whatever it is
            with timeline.changed:
                timeline.wrong.append(f"{name}: {broken!r}")
                timeline.changed.notify_all()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in readers.items()]
    for thread in threads:
        thread.start()
    return threads
