"""Fetching a link has one deadline for the whole, however another site spends it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ckanext.satudata_pontianak.classification.versions import fetching, storage

pytestmark = [
    pytest.mark.usefixtures("clean_db"),
    pytest.mark.ckan_config("ckanext.satudata_pontianak.fetch_timeout_seconds", 2),
]
Wait = Callable[[float], bool]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"


def silent(_talk: socket.socket, wait: Wait) -> None:
    wait(60)


def drips_its_headers(talk: socket.socket, wait: Wait) -> None:
    talk.sendall(HEAD)
    number = 0
    while not wait(0.2):
        number += 1
        talk.sendall(b"X-%d: a\r\n" % number)


def drips_its_first_line(talk: socket.socket, wait: Wait) -> None:
    for sign in b"HTTP/1.1 200 " + b"O" * 1000:
        if wait(0.2):
            return
        talk.sendall(bytes([sign]))


def drips_its_bytes(talk: socket.socket, wait: Wait) -> None:
    talk.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
    while not wait(0.2):
        talk.sendall(b"a")


def drips_its_chunks(talk: socket.socket, wait: Wait) -> None:
    talk.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while not wait(0.2):
        talk.sendall(b"1\r\na\r\n")


def sends_on_slowly(talk: socket.socket, wait: Wait) -> None:
    wait(0.9)
    talk.sendall(
        b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    wait(0.1)


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a site with such manners; it is let go at the end."""
    over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not over.is_set():
            try:
                talk, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(talk,), daemon=True).start()

    def answer(talk: socket.socket) -> None:
        with talk:
            try:
                talk.recv(65536)
                request.param(talk, over.wait)
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/data.csv"
    over.set()
    server.close()


@pytest.mark.parametrize(
    "site",
    [
        silent,
        drips_its_first_line,
        drips_its_headers,
        drips_its_bytes,
        drips_its_chunks,
        sends_on_slowly,
    ],
    indirect=True,
)
def test_a_site_that_takes_its_time_is_left_at_the_deadline(site, monkeypatch) -> None:
    kept: list[int] = []
    put = storage.put
    monkeypatch.setattr(storage, "put", lambda *a, **k: kept.append(1) or put(*a, **k))
    begun = time.monotonic()
    with pytest.raises(fetching.FetchFailed) as failed:
        fetching.fetch(site)
    assert failed.value.code == "link_slow"
    # Without one deadline each of them lasts a minute and longer; a busy machine is not measured.
    assert time.monotonic() - begun < 30
