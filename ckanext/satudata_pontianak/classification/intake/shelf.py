"""Where the bytes of staged files lie: a folder of their own, a file for each, gone with its row.

Apart from the bytes of versions, which are kept by their content and for longer.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import IO, Any

import ckan.plugins.toolkit as tk

FOLDER = "satudata_staged"
CHUNK = 1 << 20
READING = ".json"


class TooLarge(Exception):
    """There are more bytes than allowed."""


def _folder() -> Path:
    folder = Path(tk.config["ckan.storage_path"]) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path(id_: str) -> Path:
    """Return where the bytes of a staged file lie.

    :raises ValueError: it is no id.
    """
    if not id_ or not all(sign.isalnum() or sign == "-" for sign in id_):
        raise ValueError("no id of a staged file")
    return _folder() / id_


def put(id_: str, stream: IO[bytes], limit: int) -> tuple[str, int]:
    """Keep the bytes of a stream; return their SHA-256 and how many they are.

    :raises TooLarge: there are more than ``limit``; nothing is kept.
    """
    target = path(id_)
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            return _copied(stream, file, limit)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _copied(stream: IO[bytes], file: IO[bytes], limit: int) -> tuple[str, int]:
    sha, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge
        sha.update(chunk)
        file.write(chunk)
    return sha.hexdigest(), size


def write_reading(id_: str, reading: dict[str, Any]) -> None:
    """Keep what was read of a file beside it."""
    target = path(id_).with_suffix(READING)
    unfinished = target.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(reading, file)
    unfinished.replace(target)


def reading(id_: str) -> dict[str, Any] | None:
    """Return what was read of a file, ``None`` where that is not there."""
    try:
        found = json.loads(path(id_).with_suffix(READING).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def remove(id_: str) -> None:
    """Remove a file and what was read of it; nothing happens where they are gone."""
    for each in (path(id_), path(id_).with_suffix(READING), path(id_).with_suffix(".new")):
        each.unlink(missing_ok=True)


def ids() -> set[str]:
    """Return the ids of everything that lies here."""
    return {each.name.partition(".")[0] for each in _folder().iterdir()}
