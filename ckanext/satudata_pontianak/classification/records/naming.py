"""How datasets are called in their addresses, so that a name that is taken tells nothing.

A new name begins with the code of the agency that owns the dataset: whoever finds one taken is of
that agency. What the portal makes ends at random, always: an ending that is given only where a
name is taken would tell that it is. Of what not even the agency's own editors may know, the name
is random altogether.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from ..rules.axes import Classification

LONGEST = 100
CODE_LONGEST = 48
ENDING = 6
AT_RANDOM = 16
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def code_of(agency: str) -> str:
    """Return what the names of an agency's datasets begin with, from the agency's own name."""
    return agency[:CODE_LONGEST].rstrip("-_")


def made(agency: str, title: str) -> str:
    """Return a name for a new dataset.

    :param title: the title as it stands in an address, e.g. ``jumlah-penduduk``.
    """
    code, ending = code_of(agency), _random(ENDING)
    room = LONGEST - len(code) - len(ending) - 2
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:room].strip("-")
    if words.startswith(f"{code}-"):
        words = words[len(code) + 1 :]
    return "-".join(part for part in (code, words, ending) if part)


def at_random(agency: str) -> str:
    """Return a name that says nothing but whose dataset it is."""
    return f"{code_of(agency)}-{_random(AT_RANDOM)}"


def is_at_random(name: str, agency: str) -> bool:
    """Tell whether a name says nothing already."""
    code = re.escape(code_of(agency))
    return bool(re.fullmatch(f"{code}-[{_LETTERS}]{{{AT_RANDOM}}}", name))


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def belongs(name: str, agency: str, others: Iterable[str]) -> bool:
    """Tell whether a name begins with the agency's code, and with no longer one of another.

    :param others: the names of the other agencies.
    """
    code = code_of(agency)
    if not name.startswith(f"{code}-"):
        return False
    codes = (code_of(other) for other in others)
    return not any(len(c) > len(code) and name.startswith(f"{c}-") for c in codes)


def unseen_by_editors(level: str | None, rules: Classification) -> bool:
    """Tell whether not even the owner agency's editors may know of a dataset of this level."""
    if level is None or level not in rules.levels:
        return False
    readers = rules.visibility[level]["exists"]
    return not readers & {"everyone", "owner_publishers"}
