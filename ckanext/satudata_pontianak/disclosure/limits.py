"""Bounds on what one scan may use; beyond them a file is ``failed``, never ``clear``."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one scan.

    ``memory`` bounds the address space of the child (``RLIMIT_AS``), which is larger than
    what it really occupies. ``unpacked`` and ``ratio`` are for compressed formats.
    """

    memory: int = 3072 * MEGABYTE
    cpu_seconds: int = 600
    wall_seconds: float = 900.0
    unpacked: int = 2048 * MEGABYTE
    ratio: int = 250
    parts: int = 10_000
    columns: int = 16_384
    record: int = 32 * MEGABYTE
    threads: int = 1

    def to_dict(self) -> dict[str, int | float]:
        return asdict(self)


DEFAULT = Limits()
