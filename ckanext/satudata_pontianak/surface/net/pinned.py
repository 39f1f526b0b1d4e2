"""Requests that connect to the very address that was looked at.

Who resolves a name to look at it, and lets the connection resolve it anew, may have looked at
another machine than it talks to: a name server can answer differently a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from .public_net import Address

Allows = Callable[[str, int, Address], bool]
"""Says of a host, its port and one of its addresses whether it may be connected to."""
_PORTS = {"http": 80, "https": 443}


class NotPublic(Exception):
    """A name leads, with one of its addresses at least, to where nobody may be sent."""


def looked_at(host: str, port: int, allows: Allows) -> list[Address]:
    """Resolve a name once, and return its addresses, each of which may be connected to.

    :param allows: says so of each of them.
    :raises NotPublic: one of them may not.
    :raises OSError: the name is not known.
    """
    named = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    texts = dict.fromkeys(str(each[4][0]).partition("%")[0] for each in named)
    found = [ipaddress.ip_address(text) for text in texts]
    if not found or not all(allows(host, port, each) for each in found):
        raise NotPublic(host)
    return found


class PinnedAdapter(HTTPAdapter):
    """Connects to what was looked at; certificates are held against the name as ever.

    Where the operator has set a proxy the name is looked at, but the proxy resolves it.
    """

    def __init__(self, allows: Allows) -> None:
        """Take which addresses may be connected to."""
        self._allows = allows
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools, whose connections look before they connect."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._allows)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a request.

        :raises NotPublic: it leads to where nobody may be sent.
        :raises requests.RequestException: it was not answered.
        """
        if select_proxy(request.url or "", kwargs.get("proxies")):
            parts = urlsplit(request.url or "")
            port = parts.port or _PORTS.get(str(parts.scheme), 0)
            try:
                looked_at(str(parts.hostname), port, self._allows)
            except OSError as error:
                raise requests.ConnectionError(str(error), request=request) from None
        return super().send(request, *args, **kwargs)


def _pools(allows: Allows) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _first(self, super()._new_conn, allows)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _first(self, super()._new_conn, allows)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls: Any = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls: Any = Secure

    return {"http": PlainPool, "https": SecurePool}


def _first(
    line: HTTPConnection, connect: Callable[[], socket.socket], allows: Allows
) -> socket.socket:
    """Connect to the first address that answers; the line keeps its name for what follows."""
    name, problem = line._dns_host, None
    try:
        found = looked_at(name, line.port, allows)
    except OSError as error:
        raise NewConnectionError(line, str(error)) from error
    try:
        for address in found:
            line._dns_host = str(address)
            try:
                return connect()
            except NewConnectionError as error:
                problem = error
    finally:
        line._dns_host = name
    raise problem or NewConnectionError(line, name)
