"""The secret behind pseudonyms: a file outside CKAN that nobody else may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .refusals import PlanError

ENVIRONMENT = "SATUDATA_MASK_SECRET"
SHORTEST = 32
_LONGEST = 65_536
_FEWEST_DIFFERENT = 8


def read_secret(path: str | os.PathLike[str] | None = None) -> bytes:
    """Return the secret in the file at ``path``, or at the path that the environment names.

    :raises PlanError: ``no_secret``, ``secret_unreadable``, ``secret_open`` (group or others may
        read or write it), ``secret_short`` (fewer than 32 bytes, or nearly all of them alike).
    """
    named = os.fspath(path) if path is not None else os.environ.get(ENVIRONMENT)
    if not named:
        raise PlanError("no_secret")
    try:
        with Path(named).open("rb") as file:
            # Of the open file, so that it cannot be another one than the one that is read.
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise PlanError("secret_unreadable")
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise PlanError("secret_open")
            secret = file.read(_LONGEST).strip()
    except OSError:
        raise PlanError("secret_unreadable") from None
    if len(secret) < SHORTEST or len(set(secret)) < _FEWEST_DIFFERENT:
        raise PlanError("secret_short")
    return secret
