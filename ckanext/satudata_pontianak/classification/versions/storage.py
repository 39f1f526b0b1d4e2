"""Where the bytes of versions lie: a CKAN file storage, addressed by content.

The address of a file is its SHA-256, so the same bytes are stored once and approved bytes
cannot be overwritten. Any storage that CKAN 2.12 knows will do; by default a folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import ckan.plugins.toolkit as tk
from ckan.lib import files

from ... import config

CHUNK = 1 << 20


class EmptyFile(Exception):
    """The file has no bytes."""


class FileTooLarge(Exception):
    """The file is larger than the site allows."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True)
class Stored:
    """What was stored: its SHA-256 (64 hexadecimal digits) and its size in bytes."""

    sha256: str
    size: int


_default: dict[str, Any] = {}


def _storage() -> Any:
    """Return the configured storage, or a folder below ``ckan.storage_path``."""
    name = config.storage_name()
    try:
        return files.get_storage(name)
    except files.exc.UnknownStorageError:
        path = str(Path(tk.config["ckan.storage_path"]) / "satudata_versions")
        if path not in _default:
            settings = {"type": "ckan:fs", "path": path, "initialize": True, "name": name}
            _default[path] = files.make_storage(name, settings)
        return _default[path]


def _location(sha256: str) -> Any:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("not the name of a version")
    return files.Location(f"{sha256[:2]}/{sha256[2:4]}/{sha256}")


def put(stream: IO[bytes], *, any_size: bool = False) -> Stored:
    """Store the bytes of ``stream`` and return their name and size.

    Nothing is stored when this raises. Bytes that nothing points to (the call that brought
    them failed later) are harmless: no policy admits anybody to them.

    :param any_size: also take what is larger than the site allows today, because the site
        has it already.
    :raises EmptyFile: there are no bytes.
    :raises FileTooLarge: there are more than ``ckan.max_resource_size`` allows.
    """
    limit = config.max_upload_bytes()
    sha, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as copy:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limit and not any_size:
                raise FileTooLarge(limit)
            sha.update(chunk)
            copy.write(chunk)
        if not size:
            raise EmptyFile
        name = sha.hexdigest()
        storage, location = _storage(), _location(name)
        if not storage.exists(files.FileData(location)):
            copy.seek(0)
            # The type is never taken from the content here: the version's row knows it.
            upload = files.Upload(copy, name, size, "application/octet-stream")
            storage.upload(location, upload)
    return Stored(name, size)


def exists(sha256: str) -> bool:
    """Tell whether the bytes are there."""
    return bool(_storage().exists(files.FileData(_location(sha256))))


def remove(sha256: str) -> None:
    """Remove the bytes; nothing happens where they are gone already."""
    data = files.FileData(_location(sha256))
    storage = _storage()
    if storage.exists(data):
        storage.remove(data)


@contextlib.contextmanager
def local_path(sha256: str) -> Iterator[str]:
    """Give the path of a file with the bytes, for readers that need a file.

    :raises FileNotFoundError: the bytes are not there.
    """
    storage = _storage()
    data = files.FileData(_location(sha256))
    if not storage.exists(data):
        raise FileNotFoundError(sha256)
    path = Path(storage.full_path(data.location))
    if path.is_file():
        yield str(path)
        return
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in storage.stream(data):
            copy.write(chunk)
        copy.flush()
        yield copy.name


def open_file(sha256: str) -> IO[bytes]:
    """Open the bytes for reading, seekable; the caller closes.

    :raises FileNotFoundError: the bytes are not there.
    """
    with local_path(sha256) as path:
        # A copy that vanishes with its name can still be read through an open handle.
        return Path(path).open("rb")
