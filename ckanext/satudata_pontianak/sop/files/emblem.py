"""The emblem at the head of a paper: a picture that the operator brings."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

LARGEST = 1_000_000
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How a picture begins that every output can show."""


class EmblemError(Exception):
    """The picture cannot be read, or is none."""


def read(path: Path | None) -> str | None:
    """Return the emblem as a data address; ``None``: none was brought, papers leave its place.

    :raises EmblemError: there is no such file, or it is no PNG or JPEG of at most 1 MB.
    """
    if path is None:
        return None
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        raise EmblemError(str(path)) from None
    return _read(path, changed)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        raise EmblemError(str(path)) from None
    kind = next((k for head, k in KINDS.items() if content.startswith(head)), None)
    if kind is None or len(content) > LARGEST:
        raise EmblemError(str(path))
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def content(address: str) -> bytes:
    """Return the bytes of a picture that stands in a data address."""
    return base64.b64decode(address.partition(",")[2])
