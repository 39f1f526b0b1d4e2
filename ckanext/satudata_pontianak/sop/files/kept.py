"""Files that take seconds to write, kept by the hash of what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

MOST = 8


@dataclass(frozen=True)
class Said:
    """What a file says, and how it is written; two of the same digest are the same file."""

    digest: str
    write: Callable[[], bytes] = field(compare=False)


@lru_cache(maxsize=MOST)
def written(said: Said) -> bytes:
    """Return a file as bytes; the last ones are kept by each process.

    :raises OSError: Pango is not installed on this machine.
    """
    return said.write()
