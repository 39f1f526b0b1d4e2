"""Whoever downloads without pause never gets a byte that is not approved, nor a mixed file."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from typing import Any

import pytest

from .polling import HELD, Client, Got, Timeline, start

# These take minutes; they run with `bin/test long`.
pytestmark = pytest.mark.long

ROUNDS = 100
WHY = "Ada laporan warga, sedang diperiksa"
READERS = ["first", "second"]
PARTIAL, WHOLE = 206, 200


def content(number: int, rows: int = 2000) -> bytes:
    """Return a file whose every row tells its number; no two are of the same length."""
    row = f"Pontianak {number:06d},145200\n"
    return ("kecamatan,penduduk\n" + row * (rows + number)).encode()


def sha256(data: bytes) -> str:
    """Return the name of some bytes."""
    return hashlib.sha256(data).hexdigest()


class Office:
    """What people do to one open dataset with one file."""

    def __init__(self, city: Any, make_upload: Callable[..., Any], first: bytes) -> None:
        self.city, self.make_upload = city, make_upload
        self.dataset = city.publish(file=make_upload(first))
        self.resource = self.dataset["resources"][0]["id"]
        self.path = f"/dataset/{self.dataset['id']}/resource/{self.resource}/download"

    def replace(self, new: bytes) -> None:
        """Bring new bytes and submit them: nothing that is served changes."""
        self.city.act("produsen", "resource_patch", id=self.resource, upload=self.make_upload(new))
        self.city.step("produsen", self.dataset, "submit")

    def approve(self) -> None:
        """Approve what waits."""
        self.city.step("walidata", self.dataset, "approve")

    def hold(self) -> str:
        """Hold the data; return the hold's id."""
        shown = self.city.act(
            "walidata", "satudata_hold_create", id=self.dataset["id"], scope="data", reason=WHY
        )
        return shown["holds"][0]["id"]

    def release(self, hold: str) -> None:
        """Lift the hold."""
        self.city.act(
            "ppid",
            "satudata_hold_release",
            id=self.dataset["id"],
            hold=hold,
            ground="examined",
            reason=WHY,
        )


def whole(client: Client) -> Callable[[], tuple[str, str]]:
    """Return how a reader reads the whole file."""

    def read() -> tuple[str, str]:
        got = client.get()
        return got.state, f"{len(got.body)} bytes"

    return read


def test_100_replacements_and_holds_under_readers_that_never_pause(
    city, served, make_upload, record_property
) -> None:
    office = Office(city, make_upload, content(0))
    timeline = Timeline([sha256(content(0))])
    threads = start(timeline, {name: whole(Client(served, office.path)) for name in READERS})
    try:
        timeline.wait_until_read(READERS)
        for number in range(1, ROUNDS + 1):
            new = content(number)
            office.replace(new)
            with timeline.becomes(sha256(new)):
                office.approve()
            timeline.wait_until_read(READERS)
            with timeline.becomes(HELD):
                hold = office.hold()
            timeline.wait_until_read(READERS)
            with timeline.becomes(sha256(new)):
                office.release(hold)
            timeline.wait_until_read(READERS)
    finally:
        timeline.end()
        for thread in threads:
            thread.join(60)
    record_property("counts", {**timeline.counts, "states": len(timeline.states)})
    assert timeline.wrong == []
    assert len(timeline.states) == 1 + 3 * ROUNDS
    assert timeline.counts["reads across a change"] > 0


def in_parts(client: Client) -> Callable[[], tuple[str, str]]:
    """Return how a reader reads in parts, with If-Range: what changed comes whole instead.

    A state that lasted when the first part was read may have gone when the last one is: what is
    put together must be one version all the same.
    """

    def read() -> tuple[str, str]:
        got = client.get()
        if got.status != WHOLE:
            return got.state, "at once"
        size, etag = len(got.body), got.headers["etag"]
        step = size // 4 + 1
        parts: list[Got] = []
        for begin in range(0, size, step):
            part = client.get(Range=f"bytes={begin}-{begin + step - 1}", If_Range=etag)
            if part.status != PARTIAL:
                return part.state, f"instead of the part from {begin}"
            assert part.headers["etag"] == etag
            assert part.headers["content-range"].endswith(f"/{size}")
            parts.append(part)
        return sha256(b"".join(p.body for p in parts)), f"in {len(parts)} parts"

    return read


def test_parts_with_if_range_are_never_of_two_versions(
    city, served, make_upload, record_property
) -> None:
    office = Office(city, make_upload, content(0))
    timeline = Timeline([sha256(content(0))])
    threads = start(timeline, {name: in_parts(Client(served, office.path)) for name in READERS})
    try:
        timeline.wait_until_read(READERS)
        for number in range(1, 21):
            new = content(number)
            office.replace(new)
            with timeline.becomes(sha256(new)):
                office.approve()
            if number % 5 == 0:
                timeline.wait_until_read(READERS)
                with timeline.becomes(HELD):
                    hold = office.hold()
                timeline.wait_until_read(READERS)
                with timeline.becomes(sha256(new)):
                    office.release(hold)
            timeline.wait_until_read(READERS)
    finally:
        timeline.end()
        for thread in threads:
            thread.join(60)
    record_property("counts", dict(timeline.counts))
    assert timeline.wrong == []


def test_a_part_of_what_was_replaced_comes_whole_and_of_what_is_held_not(
    city, served, make_upload
) -> None:
    old, new = content(1), content(2)
    office = Office(city, make_upload, old)
    client = Client(served, office.path)
    etag = client.get().headers["etag"]
    first = client.get(Range="bytes=0-999", If_Range=etag)
    assert (first.status, first.body) == (PARTIAL, old[:1000])
    office.replace(new)
    still = client.get(Range="bytes=1000-1999", If_Range=etag)
    assert (still.status, still.body) == (PARTIAL, old[1000:2000])
    office.approve()
    changed = client.get(Range="bytes=2000-2999", If_Range=etag)
    assert (changed.status, changed.body) == (WHOLE, new)
    office.hold()
    held = client.get(Range="bytes=0-999", If_Range=changed.headers["etag"])
    assert held.state == HELD
    assert b"Pontianak 000002" not in held.body


def test_who_is_in_the_middle_of_a_file_gets_it_wholly_as_it_was(city, served, make_upload) -> None:
    # More than any buffer between the two keeps: most of it is still to be sent.
    old, new = content(1, rows=500_000), content(2)
    office = Office(city, make_upload, old)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        slow.settimeout(120)
        slow.connect(served)
        slow.sendall(f"GET {office.path} HTTP/1.0\r\nHost: test.ckan.net\r\n\r\n".encode())
        got = slow.recv(4096)
        office.replace(new)
        office.approve()
        assert Client(served, office.path).get().body == new
        while chunk := slow.recv(1 << 20):
            got += chunk
    head, _, body = got.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(old)}".encode() in head
    assert sha256(body) == sha256(old)


def test_the_readers_notice_a_state_that_was_never_announced(city, served, make_upload) -> None:
    office = Office(city, make_upload, content(0))
    timeline = Timeline([sha256(content(0))])
    since = timeline.window()
    office.replace(content(1))
    office.approve()
    state, told = whole(Client(served, office.path))()
    timeline.judge("first", since, state, told)
    assert len(timeline.wrong) == 1
    assert sha256(content(1)) in timeline.wrong[0]
