"""The identity of the rules: a verdict belongs to bytes *and* to a ruleset."""

from __future__ import annotations

from dataclasses import dataclass

RULESET = "2026.1"


@dataclass(frozen=True)
class Ruleset:
    """Which kinds are looked for and from which score on a finding counts.

    Change ``id`` whenever a recogniser, a score or the threshold changes: stored scans are
    keyed by it, and a rescan is due when it differs.
    """

    id: str
    kinds: tuple[str, ...]
    threshold: float = 0.35


DEFAULT = Ruleset(RULESET, ("nik", "no_kk", "email", "telepon"))
