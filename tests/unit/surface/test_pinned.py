"""What follows foreign addresses goes to the public internet alone, and where it looked."""

from __future__ import annotations

import ipaddress
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES

from ckanext.satudata_pontianak.surface.net.pinned import NotPublic, PinnedAdapter
from ckanext.satudata_pontianak.surface.net.public_net import BLOCKED, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - nothing listens
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "192.168.0.1",
        "224.0.0.1",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "2001:0:a00:1::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ],
)
def test_addresses_inside_a_network_are_none_of_the_public_internet(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111"])
def test_addresses_of_the_public_internet_are(address):
    assert is_public(ipaddress.ip_address(address))


def test_all_is_blocked_that_the_library_for_this_blocks():
    assert set(EXTRA_BLOCKED_NET_RANGES) <= set(BLOCKED)


class Named(BaseHTTPRequestHandler):
    """Answers with the name under which it was asked."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode())

    def log_message(self, *_words) -> None:
        """Say nothing."""


@pytest.fixture
def port():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Named)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made.server_port
    made.shutdown()
    made.server_close()


def _asked(url, allows):
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", PinnedAdapter(allows))
        return session.get(url, timeout=10)


def test_what_was_looked_at_is_connected_to_under_its_own_name(port):
    looked = []

    def allows(host, _port, address):
        looked.append((host, str(address)))
        return True

    answer = _asked(f"http://localhost:{port}/", allows)
    assert answer.text == f"localhost:{port}"
    assert ("localhost", "127.0.0.1") in looked


def test_a_name_is_resolved_once_for_looking_and_connecting(port, monkeypatch):
    # A name server that answers differently the second time: the machine's own resolver, counted.
    names, resolve = [], socket.getaddrinfo

    def counted(host, *args, **kwargs):
        names.append(host)
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", counted)
    _asked(f"http://localhost:{port}/", lambda *_: True)
    assert names.count("localhost") == 1


def test_nothing_is_connected_to_that_may_not_be(port):
    with pytest.raises(NotPublic):
        _asked(f"http://127.0.0.1:{port}/", lambda _h, _p, address: is_public(address))


def test_a_name_that_nobody_knows_is_no_address(port):
    with pytest.raises(requests.ConnectionError):
        _asked(f"http://tiada.invalid:{port}/", lambda *_: True)
