"""Cookies of one look at an app: few, short, each for its own host, forgotten afterwards. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST, LONGEST, WHOLE = 20, 1024, 4096
"""So many of a host, each so long, and so long all together."""
_PAIR = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}=[\x21-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
_GONE = re.compile(
    r"max-age=-?0*|max-age=-\d+|expires=[a-z]{3}, \d\d[ -][a-z]{3}[ -](?:19\d\d|20[01]\d) .*"
)


class Jar:
    """What hosts have asked to be told again."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, tuple[str, bool]]] = {}

    def take(self, host: str, lines: Iterable[str]) -> None:
        """Keep what the ``Set-Cookie`` lines of a host say; nothing malformed, nor too much."""
        held = self._of.setdefault(host, {})
        for line in lines:
            pair, *more = (part.strip() for part in line[: 2 * LONGEST].split(";"))
            if len(pair) > LONGEST or not _PAIR.fullmatch(pair):
                continue
            name, _, value = pair.partition("=")
            said = [part.lower() for part in more]
            if any(_GONE.fullmatch(part) for part in said):
                held.pop(name, None)
            elif name in held or len(held) < MOST:
                held[name] = value, "secure" in said

    def header(self, host: str, scheme: str) -> str:
        """Return what is told a host again, the empty text where nothing is."""
        found = ""
        for name, (value, secure) in self._of.get(host, {}).items():
            if secure and scheme != "https":
                continue
            more = f"{found}; {name}={value}" if found else f"{name}={value}"
            if len(more) > WHOLE:
                break
            found = more
        return found
