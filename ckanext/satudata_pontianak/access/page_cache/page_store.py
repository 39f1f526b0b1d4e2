"""Which requests may be answered from a kept page, and the pages that one process keeps.

A request is described by everything that an answer may depend on. What is not listed here as
harmless (a header, a cookie) makes the request one that is never answered from what is kept.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...surface import cookies
from . import compression

Key = tuple[str, ...]

# Headers on which no answer depends, beside those that are part of the key.
HARMLESS = frozenset(
    """
    HTTP_ACCEPT_ENCODING HTTP_CACHE_CONTROL HTTP_CONNECTION HTTP_DNT HTTP_FORWARDED HTTP_FROM
    HTTP_IF_MODIFIED_SINCE HTTP_IF_NONE_MATCH HTTP_KEEP_ALIVE HTTP_ORIGIN HTTP_PRAGMA HTTP_PRIORITY
    HTTP_PURPOSE HTTP_REFERER HTTP_SAVE_DATA HTTP_TE HTTP_TRACEPARENT HTTP_TRACESTATE
    HTTP_UPGRADE_INSECURE_REQUESTS HTTP_USER_AGENT HTTP_VIA HTTP_X_FORWARDED_FOR HTTP_X_REAL_IP
    HTTP_X_REQUEST_ID
    """.split()
)
IN_KEY = (
    "HTTP_HOST",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "wsgi.url_scheme",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
)
VARY = "Accept, Accept-Encoding, Accept-Language, Cookie"
LONGEST_KEY = 4096


def key_of(environ: Mapping[str, Any], day: str) -> Key | None:
    """Return what an answer to somebody without a name may depend on.

    :param environ: The WSGI environment of a request, before anything has changed it.
    :param day: The day in the city, by which periods end.
    :returns: The key, or ``None`` where the request says who asks, or says something that is not
        known to be harmless: such a request is answered anew.
    """
    if environ.get("REQUEST_METHOD") != "GET" or environ.get("REMOTE_USER"):
        return None
    if environ.get("CONTENT_LENGTH") not in (None, "", "0"):
        return None
    for name, value in environ.items():
        # Browsers say what a request is for under names that begin so.
        if not name.startswith("HTTP_") or name.startswith("HTTP_SEC_"):
            continue
        if value and name not in HARMLESS and name not in IN_KEY and name != "HTTP_COOKIE":
            return None
    chosen = cookies.preferences(environ.get("HTTP_COOKIE", ""))
    if chosen is None:
        return None
    key = (day, *(str(environ.get(name, "")) for name in IN_KEY), *chosen)
    return key if sum(map(len, key)) <= LONGEST_KEY else None


@dataclass(frozen=True)
class Kept:
    """An answer as it was given, with the bytes of each encoding that was asked for so far.

    ``once``: it is packed for one reader, who waits: a little larger, in a third of the time.
    """

    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: dict[str, bytes]
    once: bool = False

    @property
    def size(self) -> int:
        """Return about how many bytes of memory it takes, when every encoding was asked for."""
        return 2 * len(self.body) + 1024

    def encoded(self, encoding: str) -> bytes:
        """Return its bytes in an encoding; packed when it is asked for first."""
        if encoding == compression.PLAIN:
            return self.body
        if encoding not in self.packed:
            self.packed[encoding] = compression.pack(self.body, encoding, once=self.once)
        return self.packed[encoding]

    def tag(self, encoding: str) -> str:
        """Return the ETag of this page in an encoding; a weak one, however well it is packed."""
        digest = hashlib.sha256(self.body).hexdigest()[:24]
        return f'W/"{digest}-{encoding}"'


class Store:
    """Pages of one process, the least used of which are dropped when there are too many bytes.

    A page is given only to who names the generation that it was kept under.
    """

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        """Keep at most ``limit`` bytes, each page for ``seconds`` of ``clock``."""
        self._limit, self._seconds, self._clock = limit, seconds, clock
        self._pages: OrderedDict[Key, tuple[str, float, Kept]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, generation: str, key: Key) -> Kept | None:
        """Return the page of this generation, ``None`` where there is none any more."""
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            if found[0] != generation or found[1] < self._clock():
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            return found[2]

    def put(self, generation: str, key: Key, page: Kept) -> None:
        """Keep a page that was made after this generation was read."""
        with self._lock:
            if key in self._pages:
                self._drop(key)
            self._pages[key] = (generation, self._clock() + self._seconds, page)
            self._bytes += page.size
            while self._bytes > self._limit and self._pages:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        self._bytes -= self._pages.pop(key)[2].size


def without(headers: Iterable[tuple[str, str]], *names: str) -> tuple[tuple[str, str], ...]:
    """Return headers without those of these names, given in small letters."""
    return tuple((name, value) for name, value in headers if name.lower() not in names)
