"""A file of another site, whose addresses strangers wrote: only from the public net, and nameless.

An address may lead, by itself or by where it redirects to, into the network of whoever runs the
command. Each step is looked at before it is taken, and the address that was looked at is the one
that is connected to; no password of this computer is sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from ..messages import Message
from ..msgids import N_
from ..surface.net.pinned import NotPublic, PinnedAdapter
from ..surface.net.public_net import Address, is_public
from . import state

_BLOCK, _HOPS, _WAIT = 1024 * 1024, 5, (15, 120)
_PORTS = {"http": 80, "https": 443}

TOO_LARGE = N_("larger than %(most)s MB")
INSIDE = N_("its address is none of the public internet")
IS_PAGE = N_("a web page came in its place")
TOO_FAR = N_("it redirects too often")


class NotFetched(Exception):
    """A file did not come; says why."""

    def __init__(self, why: str | Message, *, again: bool = False) -> None:
        """Take why, and whether another try may help."""
        super().__init__(str(why))
        self.why, self.again = why, again


class Fetcher:
    """Fetches files for a list."""

    def __init__(
        self, site: str, most_mb: int, reaches: Callable[[Address], bool] = is_public
    ) -> None:
        """Take the site, which whoever runs the command named, and may stand anywhere.

        :param most_mb: size of the largest file.
        :param reaches: says of an address of any other host whether it may be connected to.
        """
        parts = urlsplit(site)
        self._site = (parts.hostname, _port(parts.scheme, parts.port))
        self._most, self._reaches = most_mb, reaches

    def fetch(self, url: str, path: Path) -> None:
        """Fetch a file; what was half fetched is fetched anew.

        :raises NotFetched: it did not come.
        """
        half = path.with_name(path.name + ".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._answer(url) as answer, open(half, "wb", opener=state.own) as file:
                self._looked_at(answer, path)
                size = 0
                for block in answer.iter_content(_BLOCK):
                    size += len(block)
                    if size > self._most * 1024 * 1024:
                        raise NotFetched(Message(TOO_LARGE, {"most": self._most}))
                    file.write(block)
            half.replace(path)
        except NotPublic:
            raise NotFetched(Message(INSIDE)) from None
        except requests.RequestException as error:
            raise NotFetched(type(error).__name__, again=True) from None
        except OSError as error:
            raise NotFetched(os.strerror(error.errno or 0)) from None
        finally:
            half.unlink(missing_ok=True)

    @contextmanager
    def _answer(self, url: str) -> Iterator[requests.Response]:
        with requests.Session() as session:
            # So that no password of a ~/.netrc is sent; proxies are taken as set.
            session.auth = lambda request: request
            for scheme in _PORTS:
                session.mount(f"{scheme}://", PinnedAdapter(self._allows))
            for _hop in range(_HOPS):
                self._may(url)
                with session.get(url, stream=True, timeout=_WAIT, allow_redirects=False) as answer:
                    to = answer.headers.get("Location")
                    if not (answer.is_redirect and to):
                        yield answer
                        return
                    after = urljoin(url, to)
                    if url.startswith("https:") and not after.startswith("https:"):
                        raise NotFetched(Message(INSIDE))
                    url = after
        raise NotFetched(Message(TOO_FAR))

    @staticmethod
    def _may(url: str) -> None:
        try:
            parts = urlsplit(url)
            # A port that is none is refused here as well.
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise NotFetched(Message(INSIDE)) from None
        if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
            raise NotFetched(Message(INSIDE))

    def _allows(self, host: str, port: int, address: Address) -> bool:
        return (host, port) == self._site or self._reaches(address)

    @staticmethod
    def _looked_at(answer: requests.Response, path: Path) -> None:
        if not answer.ok:
            raise NotFetched(f"HTTP {answer.status_code}", again=answer.status_code >= 500)
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind == "text/html" and path.suffix.lower() not in (".html", ".htm"):
            # Such as a page to log in at.
            raise NotFetched(Message(IS_PAGE))


def _port(scheme: str, given: int | None) -> int:
    return given or _PORTS.get(scheme, 0)
