"""Which address may a reader be led back to, and which is this machine's? Pure."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

LONGEST = 2000


def safe_local(address: str | None) -> str | None:
    """Return an address within this site as it was given, ``None`` for every other.

    Browsers take ``//host``, ``/\\host`` and addresses with blanks or control signs in front for
    other sites, so whatever is not plainly a path of this one is refused.
    """
    if not address or len(address) > LONGEST:
        return None
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if any(ord(sign) < 33 or ord(sign) == 127 or sign == "\\" for sign in address):
        return None
    try:
        found = urlsplit(address)
    except ValueError:
        return None
    return None if found.scheme or found.netloc else address


def is_loopback(address: str | None) -> bool:
    """Tell whether an address, or the host of one, leads to this very machine and no further."""
    host = (urlsplit(address or "").hostname or address or "").strip("[]").casefold()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
