"""What may have to be forgotten enters an entry as a salted digest; the value stands beside it.

Names, addresses of machines and free text are replaced by ``{"salted": "<64 hex digits>"}``:
HMAC-SHA-256 of the value's canonical text under a random salt of its own. Salt and value stand in
a table beside, from which they can be erased (UU 27/2022 Article 8). Without the salt nobody finds
the value by trying names, and the entry, its hash and the chain stay as they are.

What stays readable is named here, key by key, or has the form of an id, a hash or a day. A key that
nobody named is salted: forgetting to name one hides a code, never shows a name.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .canonical import canonical

MARK = "salted"

ENVELOPE = frozenset({"at", "event", "actor", "duty", "channel", "dataset", "case", "outcome"})
"""Keys of the entry itself that are codes and ids."""

CODES = frozenset(
    """
    state kind level part scope ground resolution capacity code action transition by what
    jenis_informasi tingkat_keamanan data_pribadi penerima recipients pasal_pengecualian lanjut
    angka_pengecualian dasar_pemrosesan
    nomor nomor_berita_acara nomor_sk number sdi_role duties agency_name license_id exit minute
    definition
    resources resource version versions sha256 digest ruleset due format fields
    governed_types definitions road in_force case owner_org kinds written workflow outcome
    control role period status before result activity
    """.split()
)
"""Keys below before, after and detail whose values are codes, ids or numbers of documents."""

_SHAPE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # an id
    r"|[0-9a-f]{64}"  # a hash
    r"|\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?"  # a day or a moment
    r"|"
)


@dataclass(frozen=True)
class Plain:
    """A value that stands beside its entry.

    ``path`` is a JSON pointer (RFC 6901) into the entry, ``person`` the id of whom it is about.
    """

    path: str
    salt: str
    value: str
    person: str | None


def digest(salt: str, value: str) -> str:
    """Return the salted digest of a value's canonical text.

    :param salt: hexadecimal digits.
    """
    return hmac.new(bytes.fromhex(salt), value.encode("utf-8"), hashlib.sha256).hexdigest()


def split(body: Mapping[str, Any]) -> tuple[dict[str, Any], list[Plain]]:
    """Return the entry with digests, and the values that stand beside it.

    :param body: an entry of JSON's own kinds; ``actor`` is who acted.
    """
    beside: list[Plain] = []
    actor = body.get("actor")

    def replaced(value: str, path: str, person: str | None) -> dict[str, str]:
        salt, text = secrets.token_hex(16), canonical(value)
        beside.append(Plain(path, salt, text, person))
        return {MARK: digest(salt, text)}

    def walk(value: Any, key: str, path: str, person: str | None) -> Any:
        if isinstance(value, Mapping):
            about = value.get("user")
            whose = about if isinstance(about, str) else person
            return {
                k: walk(v, k, f"{path}/{_escaped(k)}", whose if k.startswith("user") else person)
                for k, v in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [walk(v, key, f"{path}/{n}", person) for n, v in enumerate(value)]
        if isinstance(value, str) and key not in CODES and not _SHAPE.fullmatch(value):
            return replaced(value, path, person)
        return value

    entry = {
        key: value if key in ENVELOPE else walk(value, key, f"/{_escaped(key)}", actor)
        for key, value in body.items()
    }
    return entry, beside


def restored(body: Any, plain: Mapping[str, str]) -> Any:
    """Return the entry with the values that are still there; what was erased stays a digest.

    :param plain: JSON pointer → canonical text of the value.
    """

    def walk(value: Any, path: str) -> Any:
        if isinstance(value, Mapping):
            if set(value) == {MARK} and path in plain:
                return json.loads(plain[path])
            return {k: walk(v, f"{path}/{_escaped(k)}") for k, v in value.items()}
        if isinstance(value, list):
            return [walk(v, f"{path}/{n}") for n, v in enumerate(value)]
        return value

    return walk(body, "")


def digests(body: Any) -> list[tuple[str, str | None]]:
    """Return JSON pointer and person of every value that was put beside an entry.

    The person is whom :func:`split` kept with the value, found again from the entry alone.
    """
    found: list[tuple[str, str | None]] = []

    def walk(value: Any, path: str, person: str | None) -> None:
        if isinstance(value, Mapping):
            if set(value) == {MARK}:
                found.append((path, person))
                return
            about = value.get("user")
            whose = about if isinstance(about, str) else person
            for k, v in value.items():
                walk(v, f"{path}/{_escaped(k)}", whose if k.startswith("user") else person)
        elif isinstance(value, list):
            for n, v in enumerate(value):
                walk(v, f"{path}/{n}", person)

    if isinstance(body, Mapping):
        actor = body.get("actor")
        for key, value in body.items():
            walk(value, f"/{_escaped(key)}", actor if isinstance(actor, str) else None)
    return found


def said_at(body: Any, path: str) -> str | None:
    """Return the digest that an entry has at a JSON pointer, or ``None``."""
    found = body
    for part in path.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and key.isdigit() and int(key) < len(found):
            found = found[int(key)]
        elif isinstance(found, Mapping) and key in found:
            found = found[key]
        else:
            return None
    made = found.get(MARK) if isinstance(found, Mapping) and set(found) == {MARK} else None
    return made if isinstance(made, str) else None


def _escaped(key: str) -> str:
    """Return a key as RFC 6901 writes it."""
    return key.replace("~", "~0").replace("/", "~1")
