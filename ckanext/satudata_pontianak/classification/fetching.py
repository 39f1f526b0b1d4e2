"""Fetch the target of a link, guarded and bounded, and keep its bytes as a version's.

A link is only an address: what stands behind it can change without anybody's decision. So its
target is fetched, stored by its SHA-256 and served by us; the address itself is remembered as
the source. What is too large or no file at all stays a link only where its host stands on the
operator's list, and is then called "external, not pinned".
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import requests
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress
from werkzeug.http import parse_options_header

from .. import config
from ..msgids import N_
from . import filenames, storage
from .model import Version

CHUNK = 1 << 16
CONNECT_SECONDS = 10.0
PAGES = frozenset({"text/html", "application/xhtml+xml"})

UNFETCHED = "link_not_fetched"
# Why a link was not pinned: code → sentence.
FAILURES = {
    UNFETCHED: N_("the link was not fetched yet; submit again, or upload the file"),
    "link_forbidden": N_("the link leads to an address that is not public; upload the file"),
    "link_unreachable": N_("the link could not be reached; try again later, or upload the file"),
    "link_refused": N_("the other site answered with an error; check the link, or upload the file"),
    "link_slow": N_("the other site took too long; try again later, or upload the file"),
    "link_empty": N_("there is nothing behind the link; check it, or upload the file"),
    "link_too_large": N_("what is behind the link is too large to keep; split it and upload it"),
    "link_page": N_("the link leads to a page, not to a file; link the file itself, or upload it"),
    "external": N_("external, not pinned: the other site can change it at any time"),
}
# What may be different the next time.
PASSING = frozenset({UNFETCHED, "link_unreachable", "link_refused", "link_slow"})
# What an operator may let stand as a link, by its host.
UNPINNABLE = frozenset({"link_too_large", "link_page"})


# Kinds of versions beside uploads, and what is kept with them.
LINK, EXTERNAL = "link", "external"
SOURCE, PROBLEM = "source", "fetch_problem"


def source_of(version: Version) -> str | None:
    """Return the address that a version was fetched from, or that it is; none for uploads."""
    if version.kind == "upload":
        return None
    return str(version.meta.get(SOURCE) or version.meta.get("url") or "") or None


def is_unpinned(version: Version) -> bool:
    """Tell whether nothing was kept of a link yet."""
    return version.kind == LINK and version.sha256 is None


class FetchFailed(Exception):
    """The target of a link was not kept; ``code`` is one of ``FAILURES``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Fetched:
    """What was kept of a link's target: SHA-256, size in bytes, a safe file name, its type."""

    sha256: str
    size: int
    filename: str
    mimetype: str | None


class _Body(io.RawIOBase):
    """The body of an answer as a stream that ends in time."""

    def __init__(self, chunks: Iterator[bytes], deadline: float) -> None:
        self._chunks = chunks
        self._deadline = deadline
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            if time.monotonic() > self._deadline:
                raise FetchFailed("link_slow")
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = chunk
        if size < 0:
            size = len(self._rest)
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def fetch(url: str) -> Fetched:
    """Fetch what is behind a link and keep it.

    Addresses inside a network, also behind a redirect, are never asked: the name is resolved
    once and the very address that was checked is connected to.

    :raises FetchFailed: with the code of why not; nothing is kept then.
    """
    seconds = config.fetch_timeout()
    manager = Manager(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=config.fetch_loopback(),
            never_redirect=False,
            default_timeout=(CONNECT_SECONDS, float(seconds)),
            user_agent_override="Satu Data Pontianak",
        )
    )
    deadline = time.monotonic() + seconds
    try:
        with manager.get_session() as session:
            session.trust_env = False
            session.max_redirects = 5
            with session.get(url, stream=True) as answer:
                return _keep(url, answer, deadline)
    except InvalidIPAddress:
        raise FetchFailed("link_forbidden") from None
    except requests.Timeout:
        raise FetchFailed("link_slow") from None
    except (requests.RequestException, OSError, ValueError):
        raise FetchFailed("link_unreachable") from None


def _keep(url: str, answer: requests.Response, deadline: float) -> Fetched:
    if answer.status_code != requests.codes.ok:
        raise FetchFailed("link_refused")
    kind = parse_options_header(answer.headers.get("Content-Type"))[0] or None
    if kind in PAGES:
        raise FetchFailed("link_page")
    length = answer.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > config.max_upload_bytes():
        raise FetchFailed("link_too_large")
    try:
        stored = storage.put(_Body(answer.iter_content(CHUNK), deadline))  # type: ignore[arg-type]
    except storage.EmptyFile:
        raise FetchFailed("link_empty") from None
    except storage.FileTooLarge:
        raise FetchFailed("link_too_large") from None
    return Fetched(stored.sha256, stored.size, _filename(url, answer, kind), kind)


def _filename(url: str, answer: requests.Response, kind: str | None) -> str:
    """Return a safe name: the one that the other site gives, that of the address, or "data"."""
    options = parse_options_header(answer.headers.get("Content-Disposition"))[1]
    names = [options.get("filename"), unquote(urlsplit(url).path).rsplit("/", 1)[-1]]
    for name in names:
        if name and filenames.problem(name) is None:
            return name
    return "data" + (mimetypes.guess_extension(kind or "") or ".bin")


def may_stay_external(url: str, code: str) -> bool:
    """Tell whether a link that cannot be pinned may stay one: its host is on the list."""
    host = (urlsplit(url).hostname or "").casefold()
    return code in UNPINNABLE and host in config.external_hosts()


def address_digest(url: str) -> str:
    """Return what stands for the content of an external link: the SHA-256 of its address."""
    return hashlib.sha256(f"external:{url}".encode()).hexdigest()
