"""Canonical JSON (RFC 8785) and its hash: the text that is stored is the text that is hashed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785


def plain(value: Any) -> Any:
    """Return ``value`` made of JSON's own kinds; dates become ISO texts, sets sorted lists."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> str:
    """Return the canonical JSON text of ``value``.

    :raises TypeError: it holds something that JSON cannot say.
    Source: RFC 8785.
    """
    return rfc8785.dumps(plain(value)).decode("utf-8")


def digest(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def digest_of(value: Any) -> str:
    """Return the hash of the canonical text of ``value``."""
    return digest(canonical(value))
