"""The key that second factors are encrypted with: in a file of the site, outside the database."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.fernet import Fernet

from .. import config


class FactorKeyError(Exception):
    """There is no such key; the text says what to do."""


def key_file() -> Path:
    """Return the file of the key.

    :raises FactorKeyError: the configuration names no place for it.
    """
    path = config.second_factor_key_file()
    if path is None:
        raise FactorKeyError(
            "There is no place for the key of second factors: set "
            "ckanext.satudata_pontianak.second_factor_key_file, or ckan.storage_path."
        )
    return path


def read() -> bytes:
    """Return the key.

    :raises FactorKeyError: there is none, others may read it, or it is none.
    """
    path = key_file()
    try:
        if path.stat().st_mode & 0o077:
            raise FactorKeyError(f"{path} may be read by others; set its mode to 0600")
        key = path.read_bytes().strip()
        Fernet(key)
    except (OSError, ValueError) as error:
        raise FactorKeyError(
            f"{path} cannot be read as the key of second factors; put it back from its copy"
        ) from error
    return key


def make_missing() -> Path | None:
    """Make the key where there is none; return its file if it was made.

    :raises FactorKeyError: the configuration names no file, it cannot be written, or is no key.
    """
    path = key_file()
    if path.exists():
        read()
        return None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(Fernet.generate_key())
    except FileExistsError:
        read()
        return None
    except OSError as error:
        raise FactorKeyError(f"{path} cannot be written: {error}") from error
    return path
