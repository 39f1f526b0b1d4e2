"""What is declared of log-in and passwords: ``schemas/surface/accounts.yaml``."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from .declared import load


class Tries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often something may fail: windows from the shortest on, as the library limits reads."""

    account: tuple[str, ...]
    device: tuple[str, ...]
    address: tuple[str, ...]
    code: tuple[str, ...]
    asked_again: tuple[str, ...]


class Resets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Mails that lead to a new password, and how long their links hold."""

    mailbox: tuple[str, ...]
    address: tuple[str, ...]
    link_minutes: int
    invitation_days: int


class Passwords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new password must be."""

    shortest: int
    longest: int
    words: tuple[str, ...]


class SecondFactor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Codes of a telephone, and printed ones."""

    drift_steps: int
    recovery_codes: int
    wait_minutes: int
    fresh_minutes: int
    token_days: int


class Accounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    tries: Tries
    device_days: int
    resets: Resets
    passwords: Passwords
    second_factor: SecondFactor


@lru_cache(maxsize=1)
def accounts() -> Accounts:
    """Return what is declared, read once a process.

    :raises ValueError: the file has another shape.
    """
    return load("accounts", Accounts)
