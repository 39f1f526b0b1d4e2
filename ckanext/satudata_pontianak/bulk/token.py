"""The token of whoever publishes: out of the environment or a file, never out of the command line.

What stands in a command is seen by everybody who lists the processes of the machine.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ..messages import Message
from ..msgids import N_

VARIABLE, URL_VARIABLE = "SATUDATA_TOKEN", "SATUDATA_URL"
_LONGEST = 8192
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})

NONE = N_(
    "There is no token. Make one on your profile page of the portal, write it into a file that "
    "only you may read, and name the file with --token-file (or set %(variable)s)."
)
UNREADABLE = N_("The file with the token cannot be read.")
OPEN = N_("Others may read the file with the token. Run chmod 600 on it.")
EMPTY = N_("There is no token in this file, or more than one line.")
NO_URL = N_("Name the portal with --url (or set %(variable)s), such as https://data.example.go.id.")
NO_ADDRESS = N_("This is not the address of a portal.")
PLAIN = N_(
    "The address begins with http://: whoever listens on the way would read the token. Write "
    "https://."
)


class NoToken(Exception):
    """There is no token or address to work with; says what to do."""

    def __init__(self, message: Message) -> None:
        """Take what is said."""
        super().__init__(str(message))
        self.message = message


def read(file: Path | None, environment: Mapping[str, str]) -> str:
    """Return the token.

    :raises NoToken: there is none, or others may read its file.
    """
    if file is None:
        token = environment.get(VARIABLE, "").strip()
        if not token:
            raise NoToken(Message(NONE, {"variable": VARIABLE}))
        return _one_line(token)
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if os.name != "nt" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise NoToken(Message(OPEN))
            content = opened.read(_LONGEST)
    except OSError:
        raise NoToken(Message(UNREADABLE)) from None
    return _one_line(content.decode("utf-8-sig", "replace").strip())


def _one_line(token: str) -> str:
    if not token or not token.isascii() or len(token.split()) != 1:
        raise NoToken(Message(EMPTY))
    return token


def address(given: str | None, environment: Mapping[str, str]) -> str:
    """Return the address of the portal.

    :raises NoToken: there is none, or the token would go through the net for everybody to read.
    """
    url = (given or environment.get(URL_VARIABLE, "")).strip()
    if not url:
        raise NoToken(Message(NO_URL, {"variable": URL_VARIABLE}))
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise NoToken(Message(NO_ADDRESS)) from None
    more = "@" in parts.netloc or parts.query or parts.fragment
    if not host or parts.scheme not in ("http", "https") or more:
        raise NoToken(Message(NO_ADDRESS))
    if parts.scheme == "http" and host not in _HERE:
        raise NoToken(Message(PLAIN))
    return url.rstrip("/")
