"""A bad line between clerk and portal: answers that are lost, and a portal that asks to wait."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from .publishing import Publisher, hashes, held, listed

TROUBLES = ("429", "", "", "", "lost", "", "", "", "502", "", "", "refused", "", "", "")
"""What becomes of one call after another; "lost": the portal did it, and nobody hears of it."""


class Line(ThreadingHTTPServer):
    """Passes calls on to the portal; what goes wrong goes by turns."""

    def __init__(self, portal: str) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.portal, self.seen, self.lock, self.told = portal, 0, threading.Lock(), Counter[str]()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Passing(BaseHTTPRequestHandler):
    """Passes a call on."""

    server: Line

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            # The first two calls ask who may publish what.
            trouble = TROUBLES[self.server.seen % len(TROUBLES)] if self.server.seen > 1 else ""
            self.server.seen += 1
            self.server.told[trouble] += 1
        if trouble == "429":
            self.answer(429, b"{}", {"Retry-After": "1"})
        elif trouble == "502":
            self.answer(502, b"<html>", {})
        elif trouble != "refused":
            kept = {
                k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")
            }
            given = requests.post(self.server.portal + self.path, body, headers=kept, timeout=300)
            if trouble != "lost":
                self.answer(given.status_code, given.content, {})
        self.close_connection = True

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def line(portal: str) -> Iterator[Line]:
    server = Line(portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_dataset_lands_once_over_a_bad_line(line: Line, city: Any, tmp_path: Path) -> None:
    path = listed(tmp_path, 12)
    publisher = Publisher(line.address, city.token("produsen")["Authorization"])
    assert publisher.run(path, "--workers", "4")[0] == 0
    assert held(city) == hashes(tmp_path, 12)
    assert min(line.told[each] for each in set(TROUBLES)) > 1
