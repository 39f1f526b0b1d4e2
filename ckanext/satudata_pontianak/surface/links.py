"""What may be the address of a resource, a link or a source: http or https, of a named host.

The schemes stand in ``schemas/surface/types.yaml``. Browsers and libraries read an address more
kindly than it is written (blanks and line breaks inside, backslashes for slashes, a user's name
before the host), so that what is unusual is refused and never repaired.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from ..msgids import N_
from .types import types

SCHEME = N_("The link must begin with http:// or https:// and name a host.")
BLANKS = N_("The link holds blanks or invisible characters. Write a blank as %20.")
PERSON = N_(
    "The link holds a user name or a password, which everybody would read. Take it out, or upload "
    "the file."
)
ODD = N_("The link cannot be read as an address. Copy it from the browser's address bar.")

# Control, format and unassigned characters, surrogates, and every kind of blank.
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Cs", "Zs", "Zl", "Zp"})


_PLAIN = re.compile(r"https?://[a-z0-9.-]*[a-z0-9](:[0-9]{1,4})?(/[!-\[\]-~]*)?", re.IGNORECASE)


def leads_to(address: Any) -> bool:
    """Tell whether readers are led to an address that is stored; blanks in it are an old habit."""
    return isinstance(address, str) and problem(address.strip().replace(" ", "%20")) is None


def problem(address: Any) -> str | None:
    """Return what is wrong with an address as a msgid, ``None`` where nothing is."""
    if isinstance(address, str) and _PLAIN.fullmatch(address):
        return None  # nearly all are; the rest is looked at letter by letter
    if not isinstance(address, str):
        return ODD
    if any(unicodedata.category(letter) in _UNSEEN for letter in address):
        return BLANKS
    if "\\" in address:
        return ODD
    scheme, mark, _ = address.partition("://")
    if not mark or scheme.lower() not in types().address_schemes:
        return SCHEME
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return ODD
    if "@" in parts.netloc:
        return PERSON
    return None if parts.hostname else SCHEME
