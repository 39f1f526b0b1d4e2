"""Whose key signs: read from its file, made where it is missing."""

from __future__ import annotations

from pathlib import Path

from .. import config
from .heads import HeadError, Signer

NO_PLACE = (
    "There is no place for the ledger's key: set ckanext.satudata_pontianak.ledger_key_file, or "
    "ckan.storage_path."
)


def key_file() -> Path:
    """Return the file of the key.

    :raises HeadError: the configuration names none.
    """
    path = config.ledger_key_file()
    if path is None:
        raise HeadError(NO_PLACE)
    return path


def signer() -> Signer:
    """Return the signer of this site.

    :raises HeadError: there is no key, or it is no such key or readable by others.
    """
    return Signer.load(key_file())


def make_missing() -> Path | None:
    """Make the key where there is none; return its file if it was made.

    :raises HeadError: the configuration names no file, or it cannot be written.
    """
    path = key_file()
    if path.exists():
        Signer.load(path)
        return None
    try:
        Signer.make(path)
    except OSError as error:
        raise HeadError(f"{path} cannot be written: {error}") from error
    return path


def keys() -> set[str]:
    """Return the public keys that may have signed heads of this site."""
    return {signer().key, *config.ledger_former_keys()}
