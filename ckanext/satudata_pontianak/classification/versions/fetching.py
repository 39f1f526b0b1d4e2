"""Fetch the target of a link, guarded and bounded, and keep its bytes as a version's.

A link is only an address: what stands behind it can change without anybody's decision. So its
target is fetched, stored by its SHA-256 and served by us; the address itself is remembered as
the source. What is too large or no file at all stays a link only where its host stands on the
operator's list, and is then called "external, not pinned".
"""

from __future__ import annotations

import contextlib
import hashlib
import http
import io
import json
import mimetypes
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from werkzeug.http import parse_options_header

from ... import config
from ...disclosure import limits, misleading
from ...disclosure.sandbox import child_environment
from ...msgids import N_
from ..records import file_types, text_findings
from ..records.model import Version
from ..rules import filenames
from . import storage

CHUNK = 1 << 16
CHILD = "ckanext.satudata_pontianak.classification.versions.fetching_child"
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
    "link_misleading": N_(
        "what is behind the link is not what its name says; link the right file, or save it in "
        "the program that made it and upload it"
    ),
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


class _Answer(io.RawIOBase):
    """What another process is told by another site, as a stream that ends in time."""

    def __init__(self, url: str, seconds: float) -> None:
        """Ask for an address; the whole of it, names and redirects too, has so many seconds."""
        self._deadline = time.monotonic() + seconds
        self._rest = b""
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(limits.DEFAULT),
            start_new_session=True,
        )
        asked = {"url": url, "seconds": seconds, "loopback": config.fetch_loopback()}
        assert self._child.stdin is not None  # noqa: S101 - for the type checker
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.write(json.dumps(asked).encode() + b"\n")
            self._child.stdin.close()

    def close(self) -> None:
        """End the process, whatever it waits for."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()
        super().close()

    def head(self) -> dict[str, Any]:
        """Return what is known of the answer before its bytes.

        :raises FetchFailed: there was none, or none in time.
        """
        while b"\n" not in self._rest:
            chunk = self._chunk()
            if not chunk:
                raise FetchFailed("link_unreachable")
            self._rest += chunk
        line, self._rest = self._rest.split(b"\n", 1)
        told = json.loads(line)
        if "failed" in told:
            raise FetchFailed(told["failed"])
        return told

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, none at the end.

        :raises FetchFailed: the time is over, or the other site broke off.
        """
        if not self._rest:
            self._rest = self._chunk()
            if not self._rest and self._child.wait() != 0:
                raise FetchFailed("link_unreachable")
        if size < 0:
            size = len(self._rest)
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def peek(self, size: int) -> bytes:
        """Return the first bytes, which are read again afterwards."""
        while len(self._rest) < size and (chunk := self._chunk()):
            self._rest += chunk
        return self._rest[:size]

    def _chunk(self) -> bytes:
        assert self._child.stdout is not None  # noqa: S101 - for the type checker
        descriptor = self._child.stdout.fileno()
        left = self._deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise FetchFailed("link_slow")
        return os.read(descriptor, CHUNK)


def fetch(url: str) -> Fetched:
    """Fetch what is behind a link and keep it, within one deadline for the whole.

    Addresses inside a network, also behind a redirect, are never asked
    (``fetching_child.py``).

    :raises FetchFailed: with the code of why not; nothing is kept then.
    """
    with contextlib.closing(_Answer(url, config.fetch_timeout())) as answer:
        return _keep(url, answer)


def read(url: str, *, limit: int) -> bytes:
    """Return what is behind an address of another portal, at most ``limit`` bytes; keep nothing.

    :raises FetchFailed: with the code of why not.
    """
    with contextlib.closing(_Answer(url, config.fetch_timeout())) as answer:
        if answer.head()["status"] != http.HTTPStatus.OK:
            raise FetchFailed("link_refused")
        found = bytearray()
        while chunk := answer.read(CHUNK):
            found += chunk
            if len(found) > limit:
                raise FetchFailed("link_too_large")
        return bytes(found)


def _keep(url: str, answer: _Answer) -> Fetched:
    told = answer.head()
    if told["status"] != http.HTTPStatus.OK:
        raise FetchFailed("link_refused")
    kind = parse_options_header(told["kind"])[0] or None
    if kind in PAGES:
        raise FetchFailed("link_page")
    if told["length"].isdigit() and int(told["length"]) > config.max_upload_bytes():
        raise FetchFailed("link_too_large")
    kind = file_types.type_of(kind)
    name = _truthful(answer.peek(misleading.HEAD), _filename(url, told["disposition"], kind))
    try:
        stored = storage.put(answer)  # type: ignore[arg-type]
    except storage.EmptyFile:
        raise FetchFailed("link_empty") from None
    except storage.FileTooLarge:
        raise FetchFailed("link_too_large") from None
    return Fetched(stored.sha256, stored.size, name, kind)


def _truthful(head: bytes, named: tuple[str, bool]) -> str:
    """Return the name of a file, by the rule that uploads are held to.

    A name that is ours gets the ending of the content.

    :param named: of :func:`_filename`.
    :raises FetchFailed: its ending says something else than its content.
    """
    name, ours = named
    found = misleading.misleads(head, name)
    if found is None:
        return name
    if found == "html":
        raise FetchFailed("link_page")
    if ours and found in misleading.ENDINGS:
        return f"data.{found}"
    raise FetchFailed("link_misleading")


def _filename(url: str, disposition: str, kind: str | None) -> tuple[str, bool]:
    """Return a safe name, and whether it is ours.

    The one that the other site gives, that of the address, or "data".
    """
    options = parse_options_header(disposition)[1]
    names = [options.get("filename"), unquote(urlsplit(url).path).rsplit("/", 1)[-1]]
    for name in names:
        if (
            name
            and filenames.problem(name) is None
            and not text_findings.hard_findings("name", name)
        ):
            return name, False
    return "data" + (mimetypes.guess_extension(kind or "") or ".bin"), True


def may_stay_external(url: str, code: str) -> bool:
    """Tell whether a link that cannot be pinned may stay one: its host is on the list."""
    host = (urlsplit(url).hostname or "").casefold()
    return code in UNPINNABLE and host in config.external_hosts()


def address_digest(url: str) -> str:
    """Return what stands for the content of an external link: the SHA-256 of its address."""
    return hashlib.sha256(f"external:{url}".encode()).hexdigest()
